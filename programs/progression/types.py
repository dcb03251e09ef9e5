"""The engine's facts, states and decisions: immutable, exact, and plain enough to store as JSON.

Loads are whole grams, times whole seconds, angles whole degrees: a dose holds no float. Instants
are timezone-aware UTC; a local date comes in with the fact and is never recomputed.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, NamedTuple

Side = Literal["left", "right", "both"]
Source = Literal["live", "backfilled", "staff"]
Entered = Literal["player", "form", "staff"]
Laterality = Literal["each", "both"]
Mode = Literal["independent", "weaker_leads", "lockstep"]  # of the ruleset
Unit = Literal["kg", "lb"]
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
Named = tuple[tuple[str, FactValue], ...]


class Dose(NamedTuple):
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


class Span(NamedTuple):
    """The least and the most that a dose may hold, and the step of the equipment.

    `pounds`: the three are tenths of a pound, of a machine or plates marked so; else grams.
    """

    low: int
    high: int
    step: int = 1
    pounds: bool = False


class Bounds(NamedTuple):
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


class Step(NamedTuple):
    """One rung of the program's own ladder. `key` is unique in it (the pinned revision's id)."""

    key: str
    entry: Dose
    bounds: Bounds
    laterality: Laterality = "each"
    equipment: tuple[str, ...] = ()
    resisted: bool = False


class Limits(NamedTuple):
    """The clinic's hard limits. `approval_steps`: keys of steps that need a person; "*" is all."""

    largest_step_percent: int = 10
    pain_limit: int | None = None
    approval_steps: tuple[str, ...] = ("*",)
    resisted_date_required: bool = False
    resisted_not_before: date | None = None


class Epoch(NamedTuple):
    """When, and with which session, the dose last changed. A streak counts only what is later."""

    at: datetime
    session: str | None = None
    number: int = 0


class GoodDose(NamedTuple):
    """The last dose on a step that was not left for pain."""

    step: int
    dose: Dose


class Firing(NamedTuple):
    """The last time that a rule with a cool-down, or one that fires once a gap, fired."""

    rule: str
    on: date
    at: datetime


class SideState(NamedTuple):
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


class State(NamedTuple):
    """All that a decision needs beside the logs. On a two-legged step the sides stay, tied.

    `cleared_at` is a clinician's clearance: red flags received up to then count no more.
    `locked_until`: the day on which a lock that a rule set for some days opens by itself.
    """

    ladder: tuple[Step, ...]
    sides: tuple[SideState, ...]
    locked: bool = False
    paused: bool = False
    cleared_at: datetime | None = None
    limits: Limits = Limits()
    equipment: tuple[str, ...] = ()
    started_on: date | None = None
    surgery_on: date | None = None
    phase_on: date | None = None
    locked_until: date | None = None
    unit: Unit = "kg"

    def side(self, side: Side) -> SideState:
        """The state of `side`; KeyError if that side isn't trained."""
        return {each.side: each for each in self.sides}[side]


class SetFact(NamedTuple):
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


class Pain(NamedTuple):
    """Pain 0-10. Side None: the side was not given, so it counts for both."""

    side: Side | None = None
    before: int | None = None
    during: int | None = None
    after: int | None = None

    @classmethod
    def one_tap(cls, worst: int | None, side: Side | None = None) -> "Pain":
        """The single tap after an exercise: the highest pain, during it or just after."""
        return cls(side=side, during=worst, after=worst)


class _Session(NamedTuple):
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
    answers: Named = ()  # further answers by name: soreness, swelling, pain_place


class SessionFact(_Session):
    """One session as it is known now. `recorded_at`: when the latest of its facts was received."""

    @cached_property
    def views(self) -> dict[Side, Any]:
        """The session by side, as far as it was asked for; see `facts.view_of`."""
        return {}


class RedFlag(NamedTuple):
    """A red flag told outside a session."""

    key: str
    at: datetime


class History(NamedTuple):
    """What is known, oldest session first. `today` is the patient's local date at `now`.

    `due`: the local dates on which a session was due. `extra`: adherence, missed_in_row, phase,
    and what a clinician entered, as entry.NAME.
    """

    sessions: tuple[SessionFact, ...] = ()
    today: date | None = None
    red_flags: tuple[RedFlag, ...] = ()
    extra: Named = ()
    due: tuple[date, ...] = ()


class Evidence(NamedTuple):
    """Values that a rule read, and the session they came from (None: state or schedule)."""

    session: str | None
    values: Named


class FiredRule(NamedTuple):
    """A rule whose condition was true, with what it read."""

    rule: str
    tier: Tier
    evidence: tuple[Evidence, ...] = ()


class Suppressed(NamedTuple):
    """A rule that would have left the dose higher, and why not: lower_wins, too_soon ..."""

    rule: str
    reason: str
    numbers: Named = ()


class Clamp(NamedTuple):
    """A limit that cut a change: `field` asked for `asked` and was given `given`."""

    limit: str
    field: str
    asked: int | str | None
    given: int | str | None


class Missing(NamedTuple):
    """A fact that a rule needed and nobody gave; the rule's outcome was unknown."""

    rule: str
    fact: str
    session: str | None = None


class Notice(NamedTuple):
    """Someone is to be told, or asked (kind "ask:FACT"). `kind` is the action's own word."""

    to: Audience
    kind: str
    rule: str
    urgent: bool = False


class SideDecision(NamedTuple):
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


class Decision(NamedTuple):
    """One call of `decide`: what, why, from which logs. `by`: rules, override or undo.

    `lock_until` None: locked until a clearance. `rest_until`: nothing is due before that day.
    `stops`: what is not to be continued today, "exercise" or "session".
    """

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
    lock_until: date | None = None
    rest_until: date | None = None
    stops: tuple[str, ...] = ()

    def side(self, side: Side) -> SideDecision:
        """The decision for `side`; KeyError if that side isn't trained."""
        return {each.side: each for each in self.sides}[side]

    @property
    def changed(self) -> bool:
        """True if a dose changes now or the program locks."""
        return self.lock or "changed" in [each.outcome for each in self.sides]

    @property
    def proposed(self) -> bool:
        return "proposed" in [each.outcome for each in self.sides]


class Snapshot(NamedTuple):
    """All that `decide` saw: stored with a decision, it replays to the same one."""

    state: State
    history: History
    now: datetime
    trigger: Trigger = "decision"
    caused_by: tuple[str, ...] = ()


class Message(NamedTuple):
    """A sentence's id and its numbers; the words are found outside, by gettext."""

    id: str
    numbers: Named = ()


LIVE_WITHIN = timedelta(hours=72)


def source_of(*, made_at: datetime, received_at: datetime, entered: Entered) -> Source:
    """How a log counts: live only if made in the player, arriving within 72 h, by a sane clock."""
    sane = made_at <= received_at + timedelta(minutes=5)
    soon = sane and received_at - made_at <= LIVE_WITHIN
    live: Source = "live" if entered == "player" and soon else "backfilled"
    return "staff" if entered == "staff" else live
