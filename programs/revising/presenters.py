"""An exercise's newer text beside the one that a program has, in words and pictures."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from exercises.models import Revision
from exercises.schema import Text
from programs.differences import Difference, marked
from programs.models import PrescriptionStep, Program
from programs.prescribing.previewing import drawn

PARTS = {  # of schema.Text, as a clinician calls them
    "name": _("Name"),
    "variant": _("Short name"),
    "title": _("Title"),
    "summary": _("Summary"),
    "position": _("Position"),
    "what": _("What it is"),
    "muscles": _("Muscles"),
    "suits": _("Whom it suits"),
    "benefits": _("Benefits"),
    "benefits_note": _("On the benefits"),
    "steps": _("Steps"),
    "easier_how": _("To make it easier"),
    "harder_how": _("To make it harder"),
    "start_caption": _("At the start"),
    "end_caption": _("At the end"),
    "phases": _("Parts of the tempo"),
    "movement": _("Movement"),
    "cautions": _("Cautions"),
    "disclaimers": _("Notes"),
}


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
    moved = old.figure != new.figure
    return Compared(
        revision=new.id,
        name=new.text.name,
        published=date_format(new.published_at, "DATE_FORMAT") if new.published_at else "",
        differences=tuple(_differences(old.text, new.text)),
        pictures=tuple(drawn(each.figure_spec, "left", None, None) for each in (old, new))
        if moved
        else (),
    )


def _differences(old: Text, new: Text) -> Iterator[Difference]:
    for part, label in PARTS.items():
        before, now = _words(old, part), _words(new, part)
        if before != now:
            yield Difference(str(label), marked(before, now))


def _words(text: Text, part: str) -> str:
    if part == "steps":
        return " ".join(f"{step.lead} {step.text}" for step in text.steps)
    told = getattr(text, part)
    return told if isinstance(told, str) else " ".join(told)
