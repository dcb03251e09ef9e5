"""A ladder with the revisions that stand now: what a program copies and keeps."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from accounts.prepared import prepared
from exercises.models import page_language
from exercises.schema import FigureSpec, read_figure

LADDERS = """
    select l.slug, l.title ->> %(language)s, l.note ->> %(language)s, s.key, s.position,
        s.laterality, s.entry::json, s.bounds::json, s.equipment, r.resisted, r.id,
        r.body #>> array[%(language)s, 'variant'], r.body #>> array[%(language)s, 'name'],
        r.figure::json
    from exercises_ladder l
    join exercises_ladderstep s on s.ladder_id = l.id
    left join exercises_revision r on r.exercise_id = s.exercise_id and r.state = 'published'
    where l.slug = any(%(slugs)s) order by l.slug, s.position"""


STEP = ("key", "position", "laterality", "entry", "bounds", "equipment", "resisted")


class PinnedRevision(NamedTuple):
    """A revision as far as a step shows it, in the language of the page."""

    id: UUID
    variant: str
    name: str
    figure: dict[str, Any]

    @property
    def figure_spec(self) -> FigureSpec:
        return read_figure(self.figure)


@dataclass(frozen=True)
class PinnedStep:
    """A ladder step with the revision that stands now: what a program copies and keeps."""

    key: str
    position: int
    laterality: str
    entry: dict[str, Any]
    bounds: dict[str, Any]
    equipment: list[str]
    resisted: bool
    revision: PinnedRevision


class PinnedLadder(NamedTuple):
    """A ladder with its steps in order; title and note in the language of the page."""

    title: str
    note: str
    steps: list[PinnedStep]


def pinned_ladders(*, slugs: Collection[str]) -> dict[str, PinnedLadder]:
    """Return these ladders by slug, each step with its published revision, in one statement.

    A step whose exercise has no published revision is left out. Of the words only those are sent
    that a program shows: whole bodies in every language are a hundred times as long.
    """
    given: dict[str, Any] = {"slugs": list(slugs), "language": page_language()}
    with prepared() as cursor:
        cursor.execute(LADDERS, given)
        rows = cursor.fetchall()
    found: dict[str, PinnedLadder] = {}
    for slug, title, note, *rest in rows:
        held = found.setdefault(slug, PinnedLadder(title or slug, note or "", []))
        if rest[-4]:
            revision = PinnedRevision._make(rest[-4:])
            own = dict(zip(STEP, rest, strict=False))
            held.steps.append(PinnedStep(**own, revision=revision))
    return found
