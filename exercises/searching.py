"""Finding what a program can take from the library, by a few letters of its name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from accounts.prepared import fetch
from exercises.finding import Asked, matches
from exercises.models import page_language

_STEPS = """
    select l.slug, l.title ->> %(language)s, e.slug, r.body #>> array[%(language)s, 'name'],
        s.key, s.entry::json, s.equipment, r.resisted, s.position, {columns}
    from exercises_ladder l
    join exercises_ladderstep s on s.ladder_id = l.id
    join exercises_exercise e on e.id = s.exercise_id
    join exercises_revision r on r.exercise_id = e.id and r.state = 'published'"""
ALL = f"""{_STEPS.format(columns="true, true")}
    order by l.slug, s.position"""
# A ladder's own title is short and there are few: accents are taken off as they are read.
_TITLE = """translate(lower(l.title ->> %(language)s), 'áéíóúüñ', 'aeiouun')
    like all(%(likes)s::text[])"""
BY_WORDS = f"""
    with {matches("prescribing")}
    {_STEPS.format(columns=f"f.tier is not null, {_TITLE}")}
    left join found f on f.revision_id = r.id
    where f.tier is not null or {_TITLE}
    order by f.tier, f.far, l.slug, s.position"""


FEW = 8  # by name; where there are fewer, what the steps say counts too
POSITION = 8  # the column by which a ladder's steps are in order


class FoundStep(NamedTuple):
    """A step as far as a choice needs it; `entry` as in LadderStep."""

    key: str
    entry: dict[str, Any]
    equipment: list[str]
    resisted: bool


@dataclass(frozen=True)
class Found:
    """The steps of one exercise on a ladder, or (no exercise) a whole ladder."""

    ladder: str
    ladder_title: str
    exercise: str
    name: str
    steps: tuple[FoundStep, ...]


def find_exercises(words: str = "") -> list[Found]:
    """Exercises, then ladders, that these words find; all of them for none.

    Only what stands published on a ladder that this clinic may use: elsewhere there is no dose.
    Exercises are found as everywhere (exercises.finding), best first, a ladder by its title; their
    names are in the language of the page.
    """
    asked = Asked(words)
    if not asked.plain:
        return _all()
    told = asked.told | {"language": page_language(), "most": FEW}
    return _gathered(fetch(BY_WORDS, told))


def find_exercise(ladder: str, exercise: str) -> Found | None:
    """This exercise on this ladder, or the whole ladder; None where it can't be prescribed."""
    asked = (ladder, exercise)
    return next((each for each in _all() if (each.ladder, each.exercise) == asked), None)


def _all() -> list[Found]:
    return _gathered(fetch(ALL, {"language": page_language()}))


def _gathered(rows: list[tuple[Any, ...]]) -> list[Found]:
    """Rows that end in whether their exercise and whether their ladder was found."""
    whole = sorted((row for row in rows if row[-1]), key=itemgetter(0, POSITION))
    return [*_exercises(row for row in rows if row[-2]), *_ladders(whole)]


def _exercises(rows: Iterable[tuple[Any, ...]]) -> Iterator[Found]:
    held: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for row in rows:
        held.setdefault((row[0], row[2]), []).append(row)
    for (ladder, exercise), own in held.items():
        yield Found(ladder, own[0][1] or ladder, exercise, own[0][3], _steps(own))


def _ladders(rows: Iterable[tuple[Any, ...]]) -> Iterator[Found]:
    held: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        held.setdefault(row[0], []).append(row)
    for ladder, own in held.items():
        title = own[0][1] or ladder
        yield Found(ladder, title, "", title, _steps(own))


def _steps(rows: Iterable[tuple[Any, ...]]) -> tuple[FoundStep, ...]:
    return tuple(FoundStep._make(row[4:8]) for row in rows)
