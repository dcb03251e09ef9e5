"""Finding what a program can take from the library, by a few letters of its name."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from accounts.prepared import fetch
from exercises.models import page_language

STEPS = """
    select l.slug, l.title ->> %(language)s, e.slug, r.body #>> array[%(language)s, 'name'],
        s.key, s.entry::json, s.equipment, r.resisted
    from exercises_ladder l
    join exercises_ladderstep s on s.ladder_id = l.id
    join exercises_exercise e on e.id = s.exercise_id
    join exercises_revision r on r.exercise_id = e.id and r.state = 'published'
    order by l.slug, s.position"""


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
    """Exercises, then ladders, that have each of these words in their name; all of them for none.

    Only what stands published on a ladder that this clinic may use: elsewhere there is no dose.
    Names are in the language of the page; capitals and accents don't matter.
    """
    wanted = folded(words).split()
    named = ((each, folded(each.name)) for each in _all())
    return [each for each, name in named if all(word in name for word in wanted)]


def find_exercise(ladder: str, exercise: str) -> Found | None:
    """This exercise on this ladder, or the whole ladder; None where it can't be prescribed."""
    asked = (ladder, exercise)
    return next((each for each in _all() if (each.ladder, each.exercise) == asked), None)


def folded(text: str) -> str:
    """Small letters without accents."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def _all() -> list[Found]:
    rows = fetch(STEPS, {"language": page_language()})
    return [*_exercises(rows), *_ladders(rows)]


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
    return tuple(FoundStep._make(row[4:]) for row in rows)
