"""Every stored decision, derived again from what it was made on and from the logs.

Each is decided three times over: on its stored snapshot it must come out to the letter; on the
logs as they stood at its instant it must give the same dose by the same rule; and the dose
versions that it names must hold what it says. What a person gave by hand is named, not judged.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from accounts.models import Clinic
from accounts.scope import clinic_scope
from programs.codec import from_json, to_json
from programs.commands.asof import case_at, everything_told
from programs.decisions.facts import history_of
from programs.decisions.reading import Case, Told, load_case
from programs.doses import columns
from programs.limits import compiled
from programs.models import Answer, DoseVersion, Program
from programs.models import Decision as Row
from programs.progression import Ruleset, replay
from programs.progression.types import Decision, SideDecision, SideState, Snapshot

PROGRAMS, DECISIONS = 50, 100  # a page
BY_HAND = (Row.Kind.OVERRIDE, Row.Kind.UNDO)


@dataclass
class Counts:
    """What was gone through so far."""

    clinics: int = 0
    programs: int = 0
    decisions: int = 0
    by_hand: int = 0
    different: int = 0

    def __str__(self) -> str:
        again = self.decisions - self.by_hand
        return (
            f"{self.clinics} clinics, {self.programs} programs, {self.decisions} decisions: "
            f"{again} derived again, {self.by_hand} by hand, {self.different} different"
        )


def differences(counts: Counts, program: str | None = None) -> Iterator[str]:
    """A line for each difference, and for each dose by hand; counted along in `counts`.

    Clinic by clinic and page by page: never more than one program's rows are held. Raises
    ValueError if there is no such program.
    """
    only = None if program is None else UUID(program)
    for clinic in Clinic.objects.order_by("id").values_list("id", flat=True):
        counts.clinics += 1
        for each in _programs(clinic, only):
            counts.programs += 1
            yield from _of_program(clinic, each, counts)
    if only and not counts.programs:
        raise ValueError(f"there is no program {only}")


def _programs(clinic: UUID, only: UUID | None) -> Iterator[UUID]:
    last: UUID | None = None
    while True:
        with clinic_scope(clinic):
            rows = Program.objects.order_by("id").values_list("id", flat=True)
            rows = rows.filter(id=only) if only else rows
            page = list((rows.filter(id__gt=last) if last else rows)[:PROGRAMS])
        yield from page
        if len(page) < PROGRAMS:
            return
        last = page[-1]


def _of_program(clinic: UUID, program: UUID, counts: Counts) -> Iterator[str]:
    last: UUID | None = None
    while True:
        with clinic_scope(clinic):
            page = _page(program, last)
            if not page:
                return
            case = load_case(program, page[-1].at, lock=False, phases=True)
            judge = _Judge(case, everything_told(program))
            lines = [line for row in page for line in judge.lines(row, counts)]
        yield from lines
        last = page[-1].id


def _page(program: UUID, after: UUID | None) -> list[Row]:
    rows = Row.objects.filter(program=program).select_related("before", "after", "answer__dose")
    return list((rows.filter(id__gt=after) if after else rows).order_by("id")[:DECISIONS])


class _Judge:
    """One program's decisions against its logs."""

    def __init__(self, case: Case, told: list[Told]) -> None:
        self.case, self.told = case, told
        self.made: dict[tuple[Any, ...], tuple[Snapshot, Decision, Decision]] = {}

    def lines(self, row: Row, counts: Counts) -> Iterator[str]:
        counts.decisions += 1
        if row.kind in BY_HAND:
            counts.by_hand += 1
            yield f"{_named(row)}: by hand ({row.kind}), {_dose(row.before)} to {_dose(row.after)}"
            return
        found = list(self.faults(row))
        counts.different += bool(found)
        yield from (f"{_named(row)}: {each}" for each in found)

    def faults(self, row: Row) -> Iterator[str]:
        program = self.case.program
        if program.ruleset_hash != row.ruleset_hash:
            yield f"it names rules {row.ruleset_hash[:12]}, which the program does not have"
            return
        ruleset = compiled(program.ruleset)
        if ruleset.version != row.ruleset_hash:
            yield f"the rules of the program are no longer {row.ruleset_hash[:12]}"
            return
        again, from_logs = self.decided(row, ruleset)
        side = again.side(row.side)  # type: ignore[arg-type]  # the column holds sides only
        stored = from_json(SideDecision, row.trace["side"])
        yield from _told_otherwise(row, again, side, stored)
        logged = from_logs.side(stored.side)
        if _gist(logged) != _gist(stored):
            yield f"the logs give {_says(logged)}, stored is {_says(stored)}"
        yield from _versions(row, side)

    def decided(self, row: Row, ruleset: Ruleset) -> tuple[Decision, Decision]:
        """What follows from the snapshot, and what from the logs; once for both sides."""
        key = (row.prescription_id, row.at, row.trigger, row.session_id)
        known = self.made.get(key)
        snapshot = from_json(Snapshot, row.snapshot)
        if known is None or known[0] != snapshot:
            logs = self.logs(row, snapshot)
            known = snapshot, replay(ruleset, snapshot), replay(ruleset, logs)
            self.made = {key: known}
        return known[1:]

    def logs(self, row: Row, snapshot: Snapshot) -> Snapshot:
        """The snapshot with its sessions and red flags as the logs of that instant give them.

        How a session counts and how it ended are not logs but columns that change: they stay.
        """
        case = case_at(self.case, self.told, row.at, row.trigger)
        found = history_of(case, case.prescription(row.prescription_id))
        seen = {each.id: each for each in snapshot.history.sessions}
        sessions = tuple(
            each._replace(source=seen[each.id].source, stop_reason=seen[each.id].stop_reason)
            if each.id in seen
            else each
            for each in found.sessions
        )
        history = snapshot.history._replace(sessions=sessions, red_flags=found.red_flags)
        return snapshot._replace(history=history)


def _told_otherwise(
    row: Row, again: Decision, side: SideDecision, stored: SideDecision
) -> Iterator[str]:
    if to_json(side, slim=True) != row.trace["side"]:
        if _gist(side) != _gist(stored):
            yield f"the rules give {_says(side)}, stored is {_says(stored)}"
        else:
            names = [name for name in side._fields if getattr(side, name) != getattr(stored, name)]
            yield f"the rules give the same dose, but other {', '.join(names)}"
    if again.lock != row.trace["lock"]:
        yield f"the rules {'lock' if again.lock else 'lock nothing'}, stored is the opposite"


def _versions(row: Row, side: SideDecision) -> Iterator[str]:
    """The dose versions that the decision names, against what it says."""
    yield from _version(row.before, side.before, "before")
    if row.after:
        yield from _version(row.after, side.after, "after")
        if row.after.number != row.before.number + 1:
            yield f"dose version {row.after.number} follows {row.before.number}"
    answer = getattr(row, "answer", None)
    if answer and answer.kind == Answer.Kind.ACCEPTED:
        yield from _version(answer.dose, side.after, "accepted")


def _version(version: DoseVersion, state: SideState, name: str) -> Iterator[str]:
    places = DoseVersion._meta.get_field("load_kg").decimal_places
    wanted = {"step": state.step, **columns(state.dose)}
    for column, value in wanted.items():
        stored = getattr(version, column)
        given = round(value, places) if isinstance(value, Decimal) else value
        if stored != given:
            yield f"the dose {name} has {column} {stored}, the decision {given}"


def _gist(side: SideDecision) -> tuple[Any, ...]:
    fired = {each.rule for each in side.fired}
    return side.outcome, side.rule, side.after.step, side.after.dose, fired


def _says(side: SideDecision) -> str:
    dose = side.after.dose
    load = "" if dose.load_kg is None else f" at {dose.load_kg} kg"
    return f"{side.outcome} by {side.rule}: step {side.after.step}, {dose.sets} x {dose.reps}{load}"


def _dose(version: DoseVersion | None) -> str:
    return "-" if version is None else f"step {version.step}, {version.sets} x {version.reps}"


def _named(row: Row) -> str:
    return f"{row.program_id} {row.at:%Y-%m-%dT%H:%M:%SZ} {row.side} decision {row.id}"
