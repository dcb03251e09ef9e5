"""An exercise's newer text beside the one that a program has, in words and pictures."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.formats import date_format
from django.utils.safestring import SafeString

from exercises.differences import Difference, differences
from exercises.models import Revision, page_language
from programs.models import PrescriptionStep, Program
from programs.prescribing.previewing import drawn


@dataclass(frozen=True, slots=True)
class Compared:
    """One exercise: what differs, and its pictures before and after where the figure does."""

    revision: UUID
    name: str
    published: str
    differences: tuple[Difference, ...]
    pictures: tuple[SafeString, ...]


def compared(program: Program) -> list[Compared]:
    """Every exercise of the program that has a newer text, in the order of the program.

    Of one that stands in several phases, or on several ladders, beside the oldest text it has.
    """
    steps = PrescriptionStep.objects.filter(prescription__program=program)
    places = ("prescription__phase__position", "prescription__position", "position")
    pinned: dict[UUID, Revision] = {}
    for step in steps.select_related("revision").order_by(*places):
        known = pinned.setdefault(step.revision.exercise_id, step.revision)
        if step.revision.number < known.number:
            pinned[step.revision.exercise_id] = step.revision
    newest = Revision.objects.published().filter(exercise__in=pinned)
    by_exercise = {each.exercise_id: each for each in newest}
    return [
        _compared(old, by_exercise[exercise])
        for exercise, old in pinned.items()
        if exercise in by_exercise and by_exercise[exercise].number > old.number
    ]


def _compared(old: Revision, new: Revision) -> Compared:
    moved, language = old.figure != new.figure, page_language()
    return Compared(
        revision=new.id,
        name=new.text.name,
        published=date_format(new.published_at, "DATE_FORMAT") if new.published_at else "",
        differences=tuple(differences(old.body[language], new.body[language])),
        pictures=tuple(drawn(each.figure_spec, "left", None, None) for each in (old, new))
        if moved
        else (),
    )
