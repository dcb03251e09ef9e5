"""Rows to the engine's frozen facts. Nothing here decides, and nothing here writes."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, cast
from uuid import UUID

from programs.aims import Aim, aims_of, plain_aim, plan_rules
from programs.codec import from_json
from programs.decisions.extras import answers_of, cleared_at, due_of, extra_of, phase_on
from programs.decisions.reading import Case, Row, Told
from programs.doses import dose_of, step_of, unit_of
from programs.limits import limits_of
from programs.models import DoseVersion, Prescription, Program
from programs.progression.types import (
    Epoch,
    History,
    Pain,
    RedFlag,
    SessionFact,
    SetFact,
    Side,
    SideDecision,
    SideState,
    State,
)

SIDES: tuple[Side, ...] = ("left", "right")


def state_of(case: Case, prescription: Prescription) -> State:
    """Where each side stands, and the limits that hold."""
    program, patient = case.program, case.program.patient
    ladder = tuple(step_of(row) for row in case.steps[prescription.id])
    return State(
        ladder=ladder,
        sides=tuple(
            _side_state(case, prescription.id, side) for side in case.sides(prescription.id)
        ),
        locked=program.status == Program.Status.LOCKED,
        paused=program.status == Program.Status.PAUSED,
        cleared_at=cleared_at(case),
        limits=limits_of(patient, ladder),
        equipment=tuple(patient.equipment),
        started_on=program.start_on,
        surgery_on=patient.surgery_date,
        phase_on=phase_on(case, prescription),
        locked_until=case.locked_until,
        unit=unit_of(ladder),
    )


def _side_state(case: Case, prescription: UUID, side: str) -> SideState:
    """As the last decision left it; as prescribed where none was made or a person stepped in."""
    version = case.dose(prescription, side)
    last = case.decided.get((prescription, side))
    state = last and state_after(last)
    if state and state.dose_version == str(version.id):
        return state
    return SideState(
        side=cast(Side, side),
        step=version.step,
        dose=dose_of(version, per_week=len(case.program.weekdays)),
        dose_version=str(version.id),
        epoch=Epoch(at=version.at, number=state.epoch.number + 1 if state else 0),
    )


def state_after(row: Row) -> SideState:
    """The side's state after a stored decision, and after its acceptance if there was one."""
    if row["answer"] != "accepted":
        return from_json(SideState, row["trace"]["state"])
    after = from_json(SideDecision, row["trace"]["side"]).after
    return after._replace(
        dose_version=row["answered_dose"],
        epoch=after.epoch._replace(at=_instant(row["answered_at"])),
    )


def history_of(case: Case, prescription: Prescription) -> History:
    """The sessions in which anything was done or told, oldest first.

    Of a later phase only its own: before it, its exercise was not planned.
    """
    first = phase_on(case, prescription) if prescription.phase.position else date.min
    facts = [
        _session_fact(case, prescription.id, row)
        for row in case.sessions
        if _heard(row) and row.session.local_date >= first
    ]
    return History(
        sessions=tuple(facts),
        today=case.today,
        red_flags=tuple(RedFlag(f["flag"], _instant(f["at"])) for f in case.known["flags"]),
        extra=extra_of(case, prescription),
        due=due_of(case),
    )


def _heard(told: Told) -> bool:
    return bool(told.sets or told.pains or told.answers or told.session.stopped)


def _session_fact(case: Case, prescription: UUID, told: Told) -> SessionFact:
    check = told.checks[-1] if told.checks else {}
    return SessionFact(
        id=str(told.session.id),
        local_date=told.session.local_date,
        started_at=told.session.started_at,
        recorded_at=_recorded_at(told),
        source=cast(Literal["live", "backfilled", "staff"], str(told.session.source)),
        sets=tuple(_sets(case, prescription, told)),
        pains=tuple(_pains(prescription, told)),
        morning=check.get("feel"),
        morning_pain=check.get("pain"),
        usual_pain=_usual(case, told),
        effort=told.reports[-1]["effort"] if told.reports else None,
        stop_reason=told.session.stopped or None,
        answers=answers_of(prescription, told),
    )


def _recorded_at(told: Told) -> datetime:
    answers = [*told.pains, *told.reports, *told.checks, *told.answers]
    times = [_instant(row["at"]) for row in answers]
    times += [_instant(row["received_at"]) for row in told.sets]
    return max(times, default=told.session.received_at)


def _usual(case: Case, told: Told) -> int | None:
    """What was usual when the session was done; the first answer also covers what came before."""
    answers = case.known["usual"]
    known = [row["pain"] for row in answers if _instant(row["at"]) <= told.session.started_at]
    return known[-1] if known else answers[0]["pain"] if answers else None


def _pains(prescription: UUID, told: Told) -> Iterator[Pain]:
    """One answer an exercise: the newest, or a higher one given before its last set."""
    rows = [row for row in told.pains if row["prescription"] == str(prescription)]
    if not rows:
        return
    first = {(row["side"], row["number"]): row for row in reversed(_mine(prescription, told))}
    ends = [_instant(row["received_at"]) for row in first.values()]  # corrections came later
    early = [row["pain"] for row in rows[:-1] if ends and _instant(row["at"]) < max(ends)]
    last = rows[-1]
    side = None if last["side"] == "both" else last["side"]
    yield Pain(side=side, during=max([last["pain"], *early]), after=last["pain"])


def _mine(prescription: UUID, told: Told) -> list[Row]:
    return [row for row in told.sets if row["prescription"] == str(prescription)]


def _sets(case: Case, prescription: UUID, told: Told) -> Iterator[SetFact]:
    """Every planned set of every side; a set of both legs is one of each."""
    rows = {(row["side"], row["number"]): row for row in _mine(prescription, told)}
    rules, day = plan_rules(case.program), told.session.local_date
    for side in case.sides(prescription):
        mine = {n: row for (which, n), row in rows.items() if which in (side, "both")}
        version = _version(case, prescription, side, told, mine)
        step = case.steps[prescription][version.step]
        aims = aims_of(rules, case.program, version, step, day)
        more = range(version.sets + 1, max(mine, default=0) + 1)
        for aim in (*aims, *(plain_aim(version, number) for number in more)):
            yield _set_fact(side, _as_shown(aim, aims, mine), version, mine.get(aim.number))


def _as_shown(aim: Aim, aims: tuple[Aim, ...], rows: dict[int, Row]) -> Aim:
    """A set that follows another, with the load that the patient was shown; the less, if two."""
    if aim.follows is None:
        return aim
    row = rows.get(aim.follows) or {}
    loads = [
        Decimal(str(row[name])) for name in ("next_kg", "proposed_kg") if row.get(name) is not None
    ]
    if not loads:
        return aim._replace(load_kg=_as_shown(aims[aim.follows - 1], aims, rows).load_kg)
    return aim._replace(load_kg=min(loads))


def _version(
    case: Case, prescription: UUID, side: str, told: Told, mine: dict[int, Row]
) -> DoseVersion:
    """The dose that the sets name; where they name the other leg's or none, that of the day."""
    versions = case.doses[prescription, side]
    named = {row["dose"] for row in mine.values()}
    ends = told.session.finished_at or case.at
    of_day = [each for each in versions if each.at < ends] or versions[:1]
    return next((each for each in versions[::-1] if str(each.id) in named), of_day[-1])


def _set_fact(side: str, aim: Aim, dose: DoseVersion, row: Row | None) -> SetFact:
    done = row if row and not row["skipped"] else None
    return SetFact(
        side=cast(Side, side),
        number=aim.number,
        of=dose.sets,
        target_reps=aim.reps,
        reps=_reps(aim, dose, done) if done else None,
        dose_version=str(dose.id),
        target_hold_s=dose.hold_s,
        hold_s=done["hold_s"] if done else None,
        load_g=_grams(done),
        band=done["band_level"] if done else None,
        effort=done["effort"] if done else None,
        max_reps=aim.max_reps,
    )


def _reps(aim: Aim, dose: DoseVersion, done: Row) -> int:
    """Repetitions against less than the planned load or band don't reach the target.

    As many as possible are counted as they are: what follows from them looks at the load done.
    """
    load, band = _grams(done), done["band_level"]
    less = load is not None and aim.load_kg is not None and load < aim.load_kg * 1000
    less = less or (band is not None and dose.band_level is not None and band < dose.band_level)
    reps: int = done["reps"]
    return min(reps, aim.reps - 1) if less and not aim.max_reps else reps


def _grams(row: Row | None) -> int | None:
    load: Any = row["load_kg"] if row else None
    return None if load is None else int(Decimal(str(load)) * 1000)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
