"""The rungs of a ladder as the index shows them: one an exercise, its levels gathered."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.safestring import SafeString

from exercises.models import Ladder, Revision, page_language
from exercises.pictures import thumbnail
from exercises.schema import Text
from exercises.shipped import words


@dataclass
class Rung:
    """An exercise at its first place on the ladder, with the levels of its band, if any."""

    revision: Revision
    text: Text
    picture: SafeString
    levels: list[str] = field(default_factory=list)


def rungs(ladder: Ladder, standing: Iterable[Revision]) -> list[Rung]:
    """Return the ladder's exercises that have a published revision, easier to harder."""
    published = {row.exercise_id: row for row in standing}
    found: dict[str, Rung] = {}
    for step in ladder.steps.all():
        revision = published.get(step.exercise_id)
        if revision is None:
            continue
        rung = found.setdefault(step.exercise.slug, _rung(revision))
        if level := step.entry.get("band_level"):
            rung.levels.append(words("band_levels", str(level), page_language()))
    return list(found.values())


def found_rungs(ids: list[UUID]) -> list[Rung]:
    """Return the revisions with these ids, in their order."""
    rows = Revision.objects.select_related("exercise").in_bulk(ids)
    return [_rung(rows[each]) for each in ids if each in rows]


def _rung(revision: Revision) -> Rung:
    return Rung(revision, revision.text, thumbnail(revision=revision))
