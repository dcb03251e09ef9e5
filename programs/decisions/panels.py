"""A dose over time as panels of a chart: one an exercise, one line a side.

Where only repetitions change they are the height. Where the step, the load or the band change too,
each of these is a shelf, in the order of doses, and a line climbs within its shelf.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.prepared import fetch
from programs.calendar import local_day
from programs.decisions.charts import Line, Panel, Rule
from programs.models import DoseVersion, Program
from programs.wording import band_name, language, load_words

PLAIN, SHELF, LEAST, MOST = 64, 34, 96, 238
PAD = 0.25

STEP_NAMES = """
    select s.prescription_id, s.position,
        r.body #>> array[%(language)s, 'name'], r.body #>> array[%(language)s, 'variant']
    from programs_prescription p
    join programs_prescriptionstep s on s.prescription_id = p.id
    join exercises_revision r on r.id = s.revision_id
    where p.program_id = %(program)s"""

Shelf = tuple[int, float, int]
Track = dict[date, DoseVersion]


class StepName(NamedTuple):
    """A step in the language of the page: the whole name, and what tells it from its neighbours."""

    name: str
    variant: str


Names = Mapping[tuple[UUID, int], StepName]


def step_names(program: Program) -> Names:
    """The steps of a program by prescription and position. One query."""
    rows = fetch(STEP_NAMES, {"program": program.id, "language": language()})
    return {(owner, position): StepName(name, variant) for owner, position, name, variant in rows}


def panels(doses: Sequence[DoseVersion], names: Names, first: date, zone: str) -> list[Panel]:
    """A panel for each exercise, in the order of the doses."""
    owners = dict.fromkeys(each.prescription_id for each in doses)
    return [
        panel(
            [each for each in doses if each.prescription_id == owner],
            names,
            first,
            zone,
            named=len(owners) > 1,
        )
        for owner in owners
    ]


def panel(
    doses: Sequence[DoseVersion], names: Names, first: date, zone: str, *, named: bool
) -> Panel:
    """The panel of one exercise's doses; `named` where others stand beside it."""
    tracks = _tracks(doses, first, zone)
    shown = [dose for track in tracks.values() for dose in track.values()]
    shelves = sorted({_shelf(dose) for dose in shown})
    unit, height, rules = _shelved(shown, shelves, names) if shelves[1:] else _plain(shown)
    title = f"{_name(shown[-1], names)}: {unit.lower()}" if named else unit
    return Panel(
        title,
        tuple(_lines(tracks, height)),
        tuple(rules),
        height=max(LEAST, min(MOST, SHELF * len(shelves))) if shelves[1:] else PLAIN,
        shelved=len(shelves) > 1,
    )


def _name(dose: DoseVersion, names: Names) -> str:
    found = names.get((dose.prescription_id, dose.step))
    return found.name if found else _("Exercise")


def _tracks(doses: Iterable[DoseVersion], first: date, zone: str) -> dict[str, Track]:
    """What held from each day on, a side; one track where both sides went the same way."""
    found: dict[str, Track] = {}
    for each in doses:
        day = max(first, local_day(each.at, zone))
        found.setdefault(each.side, {})[day] = each
    said = [[(day, _amount(dose), _shelf(dose)) for day, dose in t.items()] for t in found.values()]
    if len(said) > 1 and all(each == said[0] for each in said):
        return {"both": next(iter(found.values()))}
    return found


def _lines(tracks: dict[str, Track], height: Callable[[DoseVersion], float]) -> Iterable[Line]:
    labels = {"left": _("Left"), "right": _("Right")} if len(tracks) > 1 else {}
    for side, track in tracks.items():
        points = tuple((day, height(dose)) for day, dose in track.items())
        last = list(track.values())[-1]
        yield Line(side, labels.get(side, ""), points, note=str(_count(last)))


def _shelf(dose: DoseVersion) -> Shelf:
    return dose.step, float(dose.load_kg or 0), dose.band_level or 0


def _amount(dose: DoseVersion) -> tuple[int, int]:
    """Within a shelf: sets, then repetitions or the hold."""
    return dose.sets, _count(dose)


def _count(dose: DoseVersion) -> int:
    return dose.hold_s if dose.hold_s and dose.reps == 1 else dose.reps


Drawn = tuple[str, Callable[[DoseVersion], float], list[Rule]]


def _plain(shown: list[DoseVersion]) -> Drawn:
    """One shelf: the number that changes is the height."""
    if len({dose.sets for dose in shown}) > 1:
        return _ranked(shown)
    values = sorted({_count(dose) for dose in shown})
    low, high = values[0], values[-1]
    if low == high:
        low, high = low - 2, high + 2
    holds = any(dose.hold_s and dose.reps == 1 for dose in shown)
    rules = [Rule((value - low) / (high - low), str(value)) for value in _few(values)]
    unit = _("Seconds a hold") if holds else _("Reps a set")
    return unit, lambda dose: (_count(dose) - low) / (high - low), rules


def _ranked(shown: list[DoseVersion]) -> Drawn:
    """Sets change too: doses in their order, evenly apart."""
    amounts = sorted({_amount(dose) for dose in shown})
    most = len(amounts) - 1
    at = {amount: n / most for n, amount in enumerate(amounts)}
    rules = [Rule(at[each], f"{each[0]}×{each[1]}") for each in _few(amounts)]
    return _("Sets × reps"), lambda dose: at[_amount(dose)], rules


def _few[T](values: list[T]) -> list[T]:
    """The values themselves where they are few, else three of them."""
    return values if len(values) <= 4 else [values[0], values[len(values) // 2], values[-1]]


def _shelved(shown: list[DoseVersion], shelves: list[Shelf], names: Names) -> Drawn:
    count = len(shelves)
    inside = {
        shelf: sorted({_amount(dose) for dose in shown if _shelf(dose) == shelf})
        for shelf in shelves
    }

    def height(dose: DoseVersion) -> float:
        shelf = _shelf(dose)
        own = inside[shelf]
        share = own.index(_amount(dose)) / max(len(own) - 1, 1)
        return (shelves.index(shelf) + PAD + share * (1 - 2 * PAD)) / count

    newest = {_shelf(dose): dose for dose in shown}
    words = _shelf_words(shelves)
    rules = [Rule(n / count) for n in range(count + 1)]
    rules += [
        Rule((n + 0.5) / count, words(newest[shelf], names), line=False)
        for n, shelf in enumerate(shelves)
    ]
    return _("Dose"), height, rules


def _shelf_words(shelves: list[Shelf]) -> Callable[[DoseVersion, Names], str]:
    """Only what tells one shelf from another."""
    steps, loads, bands = (len(set(each)) > 1 for each in zip(*shelves, strict=True))

    def say(dose: DoseVersion, names: Names) -> str:
        found = names.get((dose.prescription_id, dose.step))
        parts = [found.variant] if steps and found else []
        parts += [load_words(dose.load_kg)] if loads and dose.load_kg is not None else []
        parts += [band_name(dose.band_level)] if bands and dose.band_level else []
        return ", ".join(parts) or _("no weight")

    return say
