"""The engine's facts, states and decisions: frozen, exact, and plain enough to store as JSON.

Loads are whole grams, times whole seconds, angles whole degrees: a dose holds no float. Instants
are timezone-aware UTC; a local date comes in with the fact and is never recomputed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

Side = Literal["left", "right", "both"]
Source = Literal["live", "backfilled", "staff"]
Entered = Literal["player", "form", "staff"]
Laterality = Literal["each", "both"]
Mode = Literal["independent", "weaker_leads", "lockstep"]  # of the ruleset
Morning = Literal["better", "same", "worse"]
Trigger = Literal[
    "session.start", "set.end", "session.end", "check-in", "day.tick", "clinician.entry",
    "decision", "correction",
]  # fmt: skip
Tier = Literal["stop", "regress", "deload", "hold", "progress", "info"]
Approval = Literal["auto", "propose", "clinician"]
Audience = Literal["patient", "clinician"]
Outcome = Literal["changed", "proposed", "kept", "locked", "paused"]
FactValue = int | str | bool | None


@dataclass(frozen=True, slots=True)
class Dose:
    """What is prescribed on one side. Zero `hold_s` means repetitions, not an isometric hold."""

    sets: int
    reps: int
    hold_s: int = 0
    up_s: int = 2
    top_s: int = 1
    down_s: int = 3
    rest_s: int = 60
    load_g: int | None = None
    band: int | None = None
    range_deg: int | None = None
    per_week: int = 3

    @property
    def load_kg(self) -> Decimal | None:
        return None if self.load_g is None else Decimal(self.load_g) / 1000

    @property
    def tempo(self) -> tuple[int, int, int]:
        return (self.up_s, self.top_s, self.down_s)


@dataclass(frozen=True, slots=True)
class Span:
    """The least and the most that a dose may hold, and the step of the equipment."""

    low: int
    high: int
    step: int = 1


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds by dose field; a field without a span isn't changed by any rule."""

    sets: Span | None = None
    reps: Span | None = None
    hold_s: Span | None = None
    up_s: Span | None = None
    top_s: Span | None = None
    down_s: Span | None = None
    rest_s: Span | None = None
    load_g: Span | None = None
    band: Span | None = None
    range_deg: Span | None = None
    per_week: Span | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of the program's own ladder. `key` is unique in it (the pinned revision's id)."""

    key: str
    entry: Dose
    bounds: Bounds
    laterality: Laterality = "each"
    equipment: tuple[str, ...] = ()
    resisted: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """The clinic's hard limits. `approval_steps`: keys of steps that need a person; "*" is all."""

    largest_step_percent: int = 10
    pain_limit: int | None = None
    approval_steps: tuple[str, ...] = ("*",)
    resisted_date_required: bool = False
    resisted_not_before: date | None = None


@dataclass(frozen=True, slots=True)
class Epoch:
    """When, and with which session, the dose last changed. A streak counts only what is later."""

    at: datetime
    session: str | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class GoodDose:
    """The last dose on a step that was not left for pain."""

    step: int
    dose: Dose


@dataclass(frozen=True, slots=True)
class Firing:
    """The last time that a rule with a cool-down, or one that fires once a gap, fired."""

    rule: str
    on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class SideState:
    """One side's place on the ladder. `spent` names sessions that already lowered the dose."""

    side: Side
    step: int
    dose: Dose
    dose_version: str
    epoch: Epoch
    raised_on: date | None = None
    lowered_on: date | None = None
    good: tuple[GoodDose, ...] = ()
    spent: tuple[str, ...] = ()
    firings: tuple[Firing, ...] = ()
    declared: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """All that a decision needs beside the logs. On a two-legged step the sides stay, tied.

    `cleared_at` is a clinician's clearance: red flags received up to then count no more.
    """

    ladder: tuple[Step, ...]
    sides: tuple[SideState, ...]
    locked: bool = False
    paused: bool = False
    cleared_at: datetime | None = None
    limits: Limits = field(default_factory=Limits)
    equipment: tuple[str, ...] = ()
    started_on: date | None = None
    surgery_on: date | None = None

    def side(self, side: Side) -> SideState:
        """The state of `side`; KeyError if that side isn't trained."""
        for each in self.sides:
            if each.side == side:
                return each
        raise KeyError(side)


@dataclass(frozen=True, slots=True)
class SetFact:
    """One planned set, with the dose version it was done under; `reps` None: not done.

    `of`: how many were planned, so that a missing row isn't taken for a smaller plan.
    """

    side: Side
    number: int
    of: int
    target_reps: int
    reps: int | None
    dose_version: str
    target_hold_s: int = 0
    hold_s: int | None = None
    load_g: int | None = None
    band: int | None = None
    effort: int | None = None
    max_reps: bool = False


@dataclass(frozen=True, slots=True)
class Pain:
    """Pain 0-10. Side None: the side was not given, so it counts for both."""

    side: Side | None = None
    before: int | None = None
    during: int | None = None
    after: int | None = None

    @classmethod
    def one_tap(cls, worst: int | None, side: Side | None = None) -> "Pain":
        """The single tap after an exercise: the highest pain, during it or just after."""
        return cls(side=side, during=worst, after=worst)


@dataclass(frozen=True)
class SessionFact:
    """One session as it is known now. `recorded_at`: when the latest of its facts was received."""

    id: str
    local_date: date
    started_at: datetime
    recorded_at: datetime
    source: Source = "live"
    sets: tuple[SetFact, ...] = ()
    pains: tuple[Pain, ...] = ()
    morning: Morning | None = None
    morning_pain: int | None = None
    usual_pain: int | None = None
    effort: int | None = None
    stop_reason: str | None = None
    red_flags: tuple[str, ...] = ()
    answers: tuple[tuple[str, FactValue], ...] = ()  # further answers by name: soreness, swelling

    @cached_property
    def views(self) -> dict[Side, Any]:
        """The session by side, as far as it was asked for; see `facts.view_of`."""
        return {}


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A red flag told outside a session."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """What is known, oldest session first. `today` is the patient's local date at `now`."""

    sessions: tuple[SessionFact, ...] = ()
    today: date | None = None
    red_flags: tuple[RedFlag, ...] = ()
    extra: tuple[tuple[str, FactValue], ...] = ()  # adherence, missed_in_row, phase ...

    def recent(self, number: int) -> "History":
        """Only the last `number` sessions: what a snapshot needs to hold."""
        return History(self.sessions[-number:], self.today, self.red_flags, self.extra)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Values that a rule read, and the session they came from (None: state or schedule)."""

    session: str | None
    values: tuple[tuple[str, FactValue], ...]


@dataclass(frozen=True, slots=True)
class FiredRule:
    """A rule whose condition was true, with what it read."""

    rule: str
    tier: Tier
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A rule that would have left the dose higher, and why not: lower_wins, too_soon ..."""

    rule: str
    reason: str
    numbers: tuple[tuple[str, FactValue], ...] = ()


@dataclass(frozen=True, slots=True)
class Clamp:
    """A limit that cut a change: `field` asked for `asked` and was given `given`."""

    limit: str
    field: str
    asked: int | str | None
    given: int | str | None


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that a rule needed and nobody gave; the rule's outcome was unknown."""

    rule: str
    fact: str
    session: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Someone is to be told. `kind` is the action's own word (lowered, red_flag, gap ...)."""

    to: Audience
    kind: str
    rule: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class SideDecision:
    """What was decided for one side, and why.

    outcome "changed": `after` is the dose from now on (apply it with `apply`). "proposed": `after`
    waits for a person (`accept`); the dose stays `before`. Otherwise `after` equals `before`.
    """

    side: Side
    before: SideState
    after: SideState
    outcome: Outcome
    approval: Approval = "auto"
    rule: str | None = None  # the rule that decided, if any
    fired: tuple[FiredRule, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    clamped: tuple[Clamp, ...] = ()
    missing: tuple[Missing, ...] = ()
    last_session: str | None = None
    last_fact_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One call of `decide`: what, why, from which logs. `by`: rules, override or undo."""

    ruleset: str
    ruleset_version: str
    trigger: Trigger
    at: datetime
    sides: tuple[SideDecision, ...]
    caused_by: tuple[str, ...] = ()
    lock: bool = False
    notices: tuple[Notice, ...] = ()
    by: Literal["rules", "override", "undo"] = "rules"
    reason: str = ""

    def side(self, side: Side) -> SideDecision:
        """The decision for `side`; KeyError if that side isn't trained."""
        for each in self.sides:
            if each.side == side:
                return each
        raise KeyError(side)

    @property
    def changed(self) -> bool:
        """True if a dose changes now or the program locks."""
        return self.lock or any(each.outcome == "changed" for each in self.sides)

    @property
    def proposed(self) -> bool:
        return any(each.outcome == "proposed" for each in self.sides)

    @property
    def worth_storing(self) -> bool:
        """True unless it is a plain "keep" in which nothing fired."""
        return self.changed or self.proposed or any(s.fired or s.missing for s in self.sides)

    def __iter__(self) -> Iterator[SideDecision]:
        return iter(self.sides)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that `decide` saw: stored with a decision, it replays to the same one."""

    state: State
    history: History
    now: datetime
    trigger: Trigger = "decision"
    caused_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence's id and its numbers; the words are found outside, by gettext."""

    id: str
    numbers: tuple[tuple[str, FactValue], ...] = ()


LIVE_WITHIN = timedelta(hours=72)


def source_of(*, made_at: datetime, received_at: datetime, entered: Entered) -> Source:
    """How a log counts: live only if made in the player, arriving within 72 h, by a sane clock."""
    early, late = received_at - timedelta(days=7), received_at + timedelta(minutes=5)
    soon = early <= made_at <= late and received_at - made_at <= LIVE_WITHIN
    live: Source = "live" if entered == "player" and soon else "backfilled"
    return "staff" if entered == "staff" else live
