"""The rows that the desk's pages are made of: no more of each than a page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from desk.numbers import Trained
from programs.models import DoseVersion, Program
from programs.schedule import is_done

StepNames = Mapping[tuple[UUID | str, int], str]


@dataclass(frozen=True, slots=True)
class Rules:
    """A ruleset with the hash that stands for it: what is said of it is kept by that."""

    key: str
    body: Mapping[str, Any] = field(compare=False)


def rules_of(program: Program) -> Rules:
    """What a program decides by."""
    return Rules(program.ruleset_hash, program.ruleset)


class ProgramRow(NamedTuple):
    """A program as its days need it; `closed`: the days on which nothing is due."""

    id: UUID
    status: str
    start_on: date
    end_on: date
    weekdays: list[int]
    schedule: dict[str, Any]
    closed: list[dict[str, Any]]


class PatientRow(NamedTuple):
    """Whom it is about."""

    id: UUID
    name: str
    affected_side: str
    time_zone: str


class ListedRow(NamedTuple):
    """A patient of the caseload, whether they have joined, and what they run."""

    patient: PatientRow
    joined: bool
    program: ProgramRow | None


class LatestRow(NamedTuple):
    """The newest decision of a side. `open`: a proposal that waits; `known`: the last sessions."""

    id: str
    prescription: str
    side: str
    at: str
    open: bool
    trace: Mapping[str, Any]
    known: Sequence[Mapping[str, Any]]


class DoseRow(NamedTuple):
    """The dose that holds now on one side, as little of it as a list needs."""

    prescription: str
    side: str
    step: int
    sets: int
    reps: int
    hold_s: int
    load_kg: Decimal | None
    band_level: int | None


class PastDose(NamedTuple):
    """A dose and the day it began, for the small picture of a row."""

    side: str
    day: date
    step: int
    sets: int
    reps: int


class ToldRow(NamedTuple):
    """What a row says of a program: doses now and lately, sessions, the newest decisions."""

    doses: list[DoseRow]
    past: list[PastDose]
    trained: list[Trained]
    decisions: list[LatestRow]

    @classmethod
    def nothing(cls) -> "ToldRow":
        return cls([], [], [], [])


class SignalRow(NamedTuple):
    """A patient who needs a look, with all that their line says."""

    id: UUID
    rank: int
    kind: str
    since: datetime
    facts: Mapping[str, Any]
    patient: PatientRow
    program: ProgramRow
    rules: Rules
    told: ToldRow
    names: StepNames


class Queue(NamedTuple):
    """A page of the queue, and of all of it the rows by kind and the longest wait.

    `more`: there is a next page.
    """

    rows: list[SignalRow]
    counts: Mapping[str, int]
    oldest: datetime | None
    more: bool


class SessionRow(NamedTuple):
    """A session in short: sets that were told of and done, what hurt, how hard it was."""

    id: str
    local_date: date
    source: str
    stopped: bool
    planned: int
    told: int
    sets: int
    pain: int | None
    morning: int | None
    effort: int | None

    @property
    def done(self) -> bool:
        return is_done(self.sets, self.planned)


class StepRow(NamedTuple):
    """A rung of a program's ladder in the language of the page."""

    prescription: UUID
    position: int
    band: int | None
    bounds: dict[str, Any]
    variant: str
    title: str
    figure: dict[str, Any]


class PhaseRow(NamedTuple):
    """A phase of a program, begun or not; see programs.models.Phase."""

    id: UUID
    position: int
    name: str
    weeks: int | None
    start_on: date | None


def phase_row(key: str, position: int, name: str, weeks: int | None, day: str | None) -> PhaseRow:
    """A phase as a statement's JSON tells it."""
    return PhaseRow(UUID(key), position, name, weeks, date.fromisoformat(day) if day else None)


class StoryRow(NamedTuple):
    """A program whole, with its patient, clinic and author.

    With its closed days, open red flags, phases and steps; `waiting`: how many rows the queue has.
    """

    program: Program
    closed: list[dict[str, Any]]
    flags: list[dict[str, Any]]
    joined: bool
    waiting: int
    phases: list[PhaseRow]
    steps: list[StepRow]


class DecisionRow(NamedTuple):
    """One side's decision with what became of it.

    `after` is the dose that it led to, at once or by an accepted proposal; `answer` how a proposal
    was answered (empty: not yet), `answered_by` and `by` are names, empty for a rule.
    """

    id: UUID
    prescription: UUID
    side: str
    kind: str
    approval: str
    reason: str
    at: datetime
    by: str
    answer: str
    answered_by: str
    before: DoseVersion
    after: DoseVersion | None
    trace: Mapping[str, Any]
    known: Sequence[Mapping[str, Any]]
