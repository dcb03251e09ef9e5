"""What a rule may ask about: facts of a set, of a session as one side sees it, and of the side.

Missing is None, never zero. `AtLeast` is a value of which only a part is known.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from operator import attrgetter
from typing import Any, Literal

from programs.progression.types import (
    Dose,
    FactValue,
    History,
    Pain,
    SessionFact,
    SetFact,
    Side,
    SideState,
    State,
    Step,
)

Level = Literal["set", "session", "side"]


class AtLeast:
    """A maximum of which a part is unknown: sure to be `least` or more.

    Comparisons answer True or False where that is certain, else None (unknown).
    """

    __slots__ = ("least",)

    def __init__(self, least: Any) -> None:
        self.least = least

    def __ge__(self, other: Any) -> bool | None:
        return True if self.least >= other else None

    def __gt__(self, other: Any) -> bool | None:
        return True if self.least > other else None

    def __le__(self, other: Any) -> bool | None:
        return False if self.least > other else None

    def __lt__(self, other: Any) -> bool | None:
        return False if self.least >= other else None

    def __eq__(self, other: object) -> bool | None:  # type: ignore[override]
        return False if self.least > other else None

    def __ne__(self, other: object) -> bool | None:  # type: ignore[override]
        return True if self.least > other else None

    __hash__ = None  # type: ignore[assignment]


def highest(values: Iterable[Any]) -> Any:
    """The highest value; AtLeast if some are unknown, None if all are."""
    parts = list(values)
    known = [each.least if isinstance(each, AtLeast) else each for each in parts]
    known = [each for each in known if each is not None]
    if not known:
        return None
    partial = any(each is None or isinstance(each, AtLeast) for each in parts)
    return AtLeast(max(known)) if partial else max(known)


def plain(value: Any) -> FactValue:
    """A fact's value as it is stored: whole numbers, words, or a fraction written out."""
    if isinstance(value, AtLeast):
        return plain(value.least)
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(float(value))
    return value  # type: ignore[no-any-return]


class View:
    """One session as one side sees it, worked out once and shared by all decisions."""

    __slots__ = (
        "answers", "effort", "evidence", "live", "local_date", "morning", "morning_pain",
        "morning_rise", "pain", "pain_after", "pain_before", "pain_during", "recorded_at",
        "reps_last", "reps_least", "reps_over_last", "session", "sets", "sets_done", "sets_met",
        "sets_planned", "source", "started_at", "stop_reason", "stopped", "usual_pain", "version",
    )  # fmt: skip

    def __init__(self, fact: SessionFact, sets: tuple[SetFact, ...], pains: list[Pain]) -> None:
        self.session, self.local_date = fact.id, fact.local_date
        self.started_at, self.recorded_at = fact.started_at, fact.recorded_at
        self.source, self.live = fact.source, fact.source == "live"
        self.morning, self.morning_pain = fact.morning, fact.morning_pain
        self.usual_pain, self.effort = fact.usual_pain, fact.effort
        self.morning_rise = rise_of(fact, fact.usual_pain)
        self.stop_reason, self.stopped = fact.stop_reason, fact.stop_reason is not None
        self.answers: dict[str, FactValue] = dict(fact.answers)
        self.evidence: dict[Any, Any] = {}
        self._read_pain(pains)
        self._read_sets(sets)

    def _read_pain(self, pains: list[Pain]) -> None:
        if len(pains) == 1:
            only = pains[0]
            self.pain_before, during, after = only.before, only.during, only.after
        else:
            self.pain_before = highest(each.before for each in pains)
            during = highest(each.during for each in pains)
            after = highest(each.after for each in pains)
        self.pain_during, self.pain_after = during, after
        self.pain = during if during is after else highest((during, after))

    def _read_sets(self, sets: tuple[SetFact, ...]) -> None:
        self.sets, self.sets_done, self.sets_planned = sets, 0, 0
        self.sets_met: bool = False
        self.reps_last = self.reps_over_last = self.reps_least = None
        self.version: str | None = None
        if not sets:
            return
        reached = 0
        for each in sets:
            if each.reps is not None:
                self.sets_done += 1
                reached += met(each)
        last = sets[-1]
        self.sets_planned = last.of
        self.sets_met = reached >= last.of
        self.reps_last = last.reps or 0 if last.number == last.of else 0
        self.reps_over_last = self.reps_last - last.target_reps
        self.reps_least = min([each.reps or 0 for each in sets])
        self.version = last.dose_version
        if any(each.dose_version != self.version for each in sets):
            self.version = ""

    @property
    def trained(self) -> bool:
        """At least half of the planned sets."""
        return bool(self.sets) and 2 * self.sets_done >= self.sets_planned


def met(fact: SetFact) -> bool:
    """True if a done set reached its target of repetitions and of holding."""
    held = not fact.target_hold_s or (fact.hold_s or 0) >= fact.target_hold_s
    return fact.reps is not None and fact.reps >= fact.target_reps and held


def rise_of(fact: Any, usual: int | None) -> bool | None:
    """Was the next morning above usual? The patient's own word counts where no number is."""
    if fact.morning == "worse":
        return True
    if fact.morning_pain is not None and usual is not None:
        return bool(fact.morning_pain > usual)
    return None if fact.morning is None else False


def view_of(fact: SessionFact, side: Side) -> View | None:
    """The session as a side sees it, worked out once; None if nothing of that side is in it."""
    views = fact.views
    if side not in views:
        sets, pains = fact.sets, list(fact.pains)
        if side != "both":
            sets = tuple([each for each in sets if each.side == side or each.side == "both"])
            pains = [each for each in pains if each.side in (side, None, "both")]
        sets = tuple(sorted(sets, key=attrgetter("number")))
        views[side] = View(fact, sets, pains) if sets or pains else None
    found: View | None = views[side]
    return found


NOTHING = View.__new__(View)  # the session that didn't happen: every fact unknown
for _slot in View.__slots__:
    setattr(NOTHING, _slot, None)
NOTHING.sets, NOTHING.answers, NOTHING.evidence = (), {}, {}


class Context:
    """The frozen snapshot that every rule of one side sees."""

    __slots__ = ("_every", "history", "own", "red_flag", "seen", "state", "today", "views")

    def __init__(self, state: State, own: SideState, history: History, today: date) -> None:
        self.state, self.own, self.history, self.today = state, own, history, today
        self.seen: list[View] = []  # sessions in which a rule may look for a streak, newest first
        self.views: list[View] = []  # the same from the session on that is judged
        self._every: list[View] | None = None
        self.red_flag = False

    @property
    def every(self) -> list[View]:
        """All sessions of the side, whatever the epoch, newest first."""
        if self._every is None:
            side = self.own.side
            views = [view_of(each, side) for each in reversed(self.history.sessions)]
            self._every = [view for view in views if view is not None]
        return self._every

    def latest(self) -> tuple[str | None, datetime | None]:
        """The side's last session, and when the last fact of any session was received."""
        sessions = self.history.sessions
        if not sessions:
            return None, None
        mine = (each.id for each in reversed(sessions) if view_of(each, self.own.side))
        return next(mine, None), max([each.recorded_at for each in sessions])

    @property
    def step(self) -> Step:
        return self.state.ladder[self.own.step]

    @property
    def dose(self) -> Dose:
        return self.own.dose


@dataclass(frozen=True, slots=True)
class Fact:
    """A name of the language. `read` takes a View or SetFact, at level "side" the Context."""

    name: str
    level: Level
    kind: Literal["number", "flag", "word"]
    read: Callable[[Any], Any]
    unit: str = ""
    choices: tuple[str, ...] = ()


def _days(since: date | None, context: Context) -> int | None:
    return None if since is None else (context.today - since).days


def _kg(grams: int | None) -> Fraction | None:
    return None if grams is None else Fraction(grams, 1000)


def _last_day(context: Context) -> date | None:
    return next((each.local_date for each in context.every if each.trained), None)


def _extra(name: str) -> Callable[[Context], Any]:
    return lambda context: dict(context.history.extra).get(name)


def _answer(name: str) -> Callable[[Any], Any]:
    return lambda view: view.answers.get(name)


def _bound(field: str, end: str) -> Callable[[Context], Any]:
    span = attrgetter(f"step.bounds.{field}")
    return lambda context: None if span(context) is None else getattr(span(context), end)


UNITS = {
    "sets": "sets", "reps": "reps", "hold_s": "s", "up_s": "s", "top_s": "s", "down_s": "s",
    "rest_s": "s", "load_kg": "kg", "band": "level", "range_deg": "degrees", "per_week": "days",
}  # fmt: skip


def _session(name: str, kind: Any, unit: str = "", choices: tuple[str, ...] = ()) -> Fact:
    return Fact(name, "session", kind, attrgetter(name), unit, choices)


def _told(name: str, kind: Any, choices: tuple[str, ...] = ()) -> Fact:
    return Fact(name, "session", kind, _answer(name), "", choices)


def _side(name: str, read: Callable[[Context], Any], unit: str = "", kind: Any = "number") -> Fact:
    return Fact(name, "side", kind, read, unit)


def _set(name: str, read: Callable[[Any], Any], unit: str = "", kind: Any = "number") -> Fact:
    return Fact(name, "set", kind, read, unit)


def _dose_facts() -> list[Fact]:
    facts = [_side("dose.load_kg", lambda c: _kg(c.dose.load_g), "kg")]
    for name, unit in UNITS.items():
        if name != "load_kg":
            facts.append(_side(f"dose.{name}", attrgetter(f"own.dose.{name}"), unit))
            facts.append(_side(f"most.{name}", _bound(name, "high"), unit))
            facts.append(_side(f"least.{name}", _bound(name, "low"), unit))
    return facts


_ALL = [
    *(_session(f"pain{part}", "number", "points") for part in ("", "_before", "_during", "_after")),
    _session("morning", "word", choices=("better", "same", "worse")),
    _session("morning_pain", "number", "points"),
    _session("morning_rise", "flag"),
    _session("usual_pain", "number", "points"),
    _session("effort", "number", "points"),
    _session("sets_met", "flag"),
    _session("sets_done", "number", "sets"),
    _session("sets_planned", "number", "sets"),
    _session("reps_last", "number", "reps"),
    _session("reps_over_last", "number", "reps"),
    _session("reps_least", "number", "reps"),
    _session("stopped", "flag"),
    _session("stop_reason", "word"),
    _session("live", "flag"),
    _session("source", "word", choices=("live", "backfilled", "staff")),
    _told("soreness", "word", ("none", "gone", "persists", "returns")),
    _told("soreness_later", "flag"),
    _told("soreness_kind", "word", ("joint", "muscle")),
    _told("swelling", "flag"),
    _set("set.number", attrgetter("number")),
    _set("set.reps", attrgetter("reps"), "reps"),
    _set("set.target", attrgetter("target_reps"), "reps"),
    _set("set.over", lambda s: None if s.reps is None else s.reps - s.target_reps, "reps"),
    _set("set.hold_s", attrgetter("hold_s"), "s"),
    _set("set.load_kg", lambda s: _kg(s.load_g), "kg"),
    _set("set.band", attrgetter("band"), "level"),
    _set("set.effort", attrgetter("effort"), "points"),
    _set("set.max_reps", attrgetter("max_reps"), kind="flag"),
    _set("set.done", lambda s: s.reps is not None, kind="flag"),
    *_dose_facts(),
    _side("red_flag", attrgetter("red_flag"), kind="flag"),
    _side("resisted", attrgetter("step.resisted"), kind="flag"),
    _side("step", attrgetter("own.step")),
    _side("steps_above", lambda c: len(c.state.ladder) - 1 - c.own.step),
    _side("sessions_in_epoch", lambda c: len(c.seen), "sessions"),
    _side("days_since_session", lambda c: _days(_last_day(c), c), "days"),
    _side("days_since_raise", lambda c: _days(c.own.raised_on, c), "days"),
    _side("days_since_step_down", lambda c: _days(c.own.lowered_on, c), "days"),
    _side("days_since_surgery", lambda c: _days(c.state.surgery_on, c), "days"),
    _side("day_of_program", lambda c: _days(c.state.started_on, c), "days"),
    _side("adherence", _extra("adherence"), "percent"),
    _side("missed_in_row", _extra("missed_in_row"), "sessions"),
    _side("phase", _extra("phase")),
]
FACTS = {each.name: each for each in _ALL}


def declared(name: str) -> Fact:
    """The fact "state.NAME": a number that a rule declared for this side."""
    return _side(f"state.{name}", lambda context: dict(context.own.declared).get(name))
