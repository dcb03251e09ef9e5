"""What a decision knows beside sets and pain: answers, entries, the schedule, a clearance."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from programs.decisions.needs import needs_of
from programs.decisions.reading import SESSIONS, Case, Row, Told
from programs.limits import most_load
from programs.models import FurtherAnswer, Interruption, Prescription, Program
from programs.progression.types import FactValue, Named, SideDecision, State
from programs.schedule import adherence, due_slots, missed_in_a_row

CLEARED = "clearance"  # the finding that a lock without a warning sign was opened
YES_OR_NO = (FurtherAnswer.Name.LATER, FurtherAnswer.Name.SWELLING)


def extra_of(case: Case, prescription: Prescription) -> Named:
    """Adherence of 14 days in percent, sessions missed in a row, the phase, what was entered."""
    due = due_slots(case.plan, case.plan.start_on, case.today)
    share = adherence(due, case.done, case.today)
    return (
        ("adherence", None if share is None else round(share * 100)),
        ("missed_in_row", missed_in_a_row(due, case.done, case.today)),
        ("phase", prescription.phase.position + 1),
        *_entered(case),
    )


def _entered(case: Case) -> Iterator[tuple[str, FactValue]]:
    wanted = {each.name for each in needs_of(case.program).entries}
    for row in case.known["findings"]:
        if row["name"] in wanted:
            yield f"entry.{row['name']}", _value(row)
            yield f"entry_on.{row['name']}", row["on"]


def _value(row: Row) -> FactValue:
    """A whole number as such, another one written out; else the word, or yes or no."""
    if row["number"] is None:
        return row["word"] or bool(row["flag"])
    number = Decimal(row["number"])
    return int(number) if number == number.to_integral_value() else f"{number:f}"


def due_of(case: Case) -> tuple[date, ...]:
    """The days on which a session was due, as far back as a rule looks; today's is still open.

    Never further back than the sessions that were read, so that none of them seems missed.
    """
    days = needs_of(case.program).due_days
    if not days:
        return ()
    first, last = case.today - timedelta(days=days), case.today - timedelta(days=1)
    if len(case.sessions) >= SESSIONS:
        first = max(first, case.sessions[0].session.local_date)
    return tuple(slot.local_date for slot in due_slots(case.plan, first, last))


def phase_on(case: Case, prescription: Prescription) -> date:
    """The first day of the exercise's phase."""
    return prescription.phase.start_on or case.program.start_on


def is_held_back(state: State, step: int, today: date) -> bool:
    """True of a resisted step before its date, or where a date is asked for and missing."""
    opens = state.limits.resisted_not_before
    closed = state.limits.resisted_date_required if opens is None else opens > today
    return state.ladder[step].resisted and closed


def is_beyond(state: State, side: SideDecision) -> bool:
    """True where a load rises by more than the clinic allows now, which may be less than then."""
    before, after = side.before, side.after
    span, now, new = state.ladder[after.step].bounds.load_g, before.dose.load_g, after.dose.load_g
    if before.step != after.step or span is None or not now or new is None:
        return False
    return new > most_load(state.limits, span, now)


def cleared_at(case: Case) -> datetime | None:
    """When the program was last opened: by a clinician, or as the days of a lock were over."""
    told = [row["at"] for row in case.known["cleared"]]
    told += [row["at"] for row in case.known["findings"] if row["name"] == CLEARED]
    return max((*map(datetime.fromisoformat, told), *_locks_over(case)), default=None)


def _locks_over(case: Case) -> Iterator[datetime]:
    """The midnight, by the patient's clock, after each lock that has ended."""
    if case.program.status == Program.Status.LOCKED:
        return
    zone = ZoneInfo(case.program.patient.time_zone)
    for row in case.known["closed"]:
        if row["kind"] == Interruption.Kind.LOCK and row["last"]:
            day = date.fromisoformat(row["last"]) + timedelta(days=1)
            yield datetime.combine(day, time.min, zone).astimezone(UTC)


def answers_of(prescription: UUID, told: Told) -> Named:
    """The newest answer of each name; where it hurt, of this exercise."""
    found: dict[str, FactValue] = {}
    for row in told.answers:
        yes_or_no = row["name"] in YES_OR_NO
        found[row["name"]] = row["value"] == "yes" if yes_or_no else row["value"]
    swelling = [row["swelling"] for row in told.checks if row["swelling"] is not None]
    if swelling:
        found["swelling"] = swelling[-1]
    places = [row["place"] for row in told.pains if row["prescription"] == str(prescription)]
    if places and places[-1]:
        found["pain_place"] = places[-1]
    return tuple(sorted(found.items()))
