"""What a rule may ask about: facts of a set, of a session as one side sees it, and of the side.

What is missing is None, never zero, and answers neither way; what is known only in part is AtLeast.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from operator import attrgetter, ge, gt
from typing import Any, Literal, NamedTuple

from programs.progression import types as t

Level = Literal["set", "session", "side"]
Kind = Literal["number", "flag", "word", "any"]
KG_IN_LB = Fraction("0.45359237")
DUE_LEAST = 3  # fewer due sessions give no adherence
BY_NUMBER = attrgetter("number")


def _sure(compare: Callable[[Any, Any], bool], *, answer: bool) -> Any:
    """A comparison of `AtLeast`: `answer` where its least already settles it, else unknown."""
    return lambda self, other: answer if compare(self.least, other) else None


class AtLeast:
    """A maximum of which a part is unknown: sure to be `least` or more.

    Comparisons answer True or False where that is certain, else None (unknown).
    """

    __slots__ = ("least",)

    def __init__(self, least: Any) -> None:
        self.least = least

    __ge__, __gt__ = _sure(ge, answer=True), _sure(gt, answer=True)
    __lt__, __le__ = _sure(ge, answer=False), _sure(gt, answer=False)
    __eq__, __ne__ = _sure(gt, answer=False), _sure(gt, answer=True)
    __hash__ = None  # type: ignore[assignment]  # equality is three-valued


def is_unsure(value: Any) -> bool:
    """True if a value is unknown, or known only in part."""
    return value is None or type(value) is AtLeast


def highest(values: Iterable[Any]) -> Any:
    """The highest value; AtLeast if some are unknown, None if all are."""
    parts = list(values)
    known = [each.least if type(each) is AtLeast else each for each in parts]
    known = [each for each in known if each is not None]
    if not known:
        return None
    partial = any(map(is_unsure, parts))
    return AtLeast(max(known)) if partial else max(known)


def plain(value: Any) -> t.FactValue:
    """A fact's value as it is stored: whole numbers, words, or a fraction written out."""
    if type(value) is AtLeast:
        return plain(value.least)
    if type(value) is Fraction:
        return value.numerator if value.denominator == 1 else str(float(value))
    return value  # type: ignore[no-any-return]  # a fact is a plain value otherwise


class View:
    """One session as one side sees it, worked out once and shared by all decisions."""

    def __init__(self, fact: t.SessionFact, sets: list[t.SetFact], pains: list[t.Pain]) -> None:
        self.fact, self.session, self.sets = fact, fact.id, sets
        self.live, self.stopped = fact.source == "live", fact.stop_reason is not None
        self.morning_rise = _rise_of(fact)
        if len(pains) == 1:  # as it mostly is: as told
            _, self.pain_before, during, after = pains[0]
        else:
            columns = zip(*[each[1:] for each in pains], strict=True) if pains else [(None,)] * 3
            self.pain_before, during, after = map(highest, columns)
        self.pain_during, self.pain_after = during, after
        self.pain = during if during is after else highest((during, after))
        done = [each for each in sets if each.reps is not None]
        self.sets_done, self.sets_planned = len(done), sets[-1].of if sets else 0
        self.sets_met = bool(sets) and sum(map(met, done)) >= self.sets_planned
        versions = {each.dose_version for each in sets}  # none where there are no sets
        self.version = (versions.pop() if len(versions) == 1 else "") if versions else None

    @property
    def trained(self) -> bool:
        """At least half of the planned sets."""
        return bool(self.sets) and 2 * self.sets_done >= self.sets_planned

    @property
    def last(self) -> t.SetFact | None:
        """The last of the planned sets, if it was done with any repetition."""
        last = self.sets[-1] if self.sets else None
        return last if last and last.number == last.of and last.reps else None

    @property
    def reps_last(self) -> int | None:
        return (last.reps if (last := self.last) else 0) if self.sets else None

    @property
    def reps_over_last(self) -> int | None:
        return None if (reps := self.reps_last) is None else reps - self.sets[-1].target_reps

    @property
    def reps_least(self) -> int | None:
        return min([each.reps or 0 for each in self.sets], default=None)

    @property
    def load_last(self) -> Fraction | None:
        return _kg(last.load_g) if (last := self.last) else None

    @property
    def effort_last(self) -> int | None:
        return last.effort if (last := self.last) else None


def met(fact: t.SetFact) -> bool:
    """True if a done set reached its target of repetitions and of holding."""
    if fact.reps is None or fact.reps < fact.target_reps:
        return False
    return not fact.target_hold_s or (fact.hold_s or 0) >= fact.target_hold_s


def _rise_of(fact: t.SessionFact) -> bool | None:
    """Was the next morning above usual? The patient's own word counts where no number is."""
    if fact.morning == "worse":
        return True
    if fact.morning_pain is not None and fact.usual_pain is not None:
        return fact.morning_pain > fact.usual_pain
    return None if fact.morning is None else False


def view_of(fact: t.SessionFact, side: t.Side) -> View | None:
    """The session as a side sees it, worked out once; None if nothing of that side is in it."""
    views: dict[t.Side, View | None] = fact.views
    if side not in views:
        sides = (side, "both") if side != "both" else ("left", "right", "both")
        sets = [each for each in fact.sets if each.side in sides]
        pains = [each for each in fact.pains if each.side is None or each.side in sides]
        sets.sort(key=BY_NUMBER)
        views[side] = View(fact, sets, pains) if sets or pains else None
    return views[side]


# the session that didn't happen: every fact unknown
NOTHING = View(t.SessionFact._make([None] * len(t.SessionFact._fields)), [], [])
_UNKNOWN = dict.fromkeys(vars(NOTHING).keys() - {"fact", "sets"})
vars(NOTHING).update(_UNKNOWN)


class Context:
    """The frozen snapshot that every rule of one side sees."""

    def __init__(
        self, state: t.State, own: t.SideState, history: t.History, today: date,
        later: Iterable[t.SessionFact] = (), red_flag: bool = False,
    ) -> None:  # fmt: skip
        self.state, self.own, self.history, self.today = state, own, history, today
        self.red_flag, self.dose, self.step = red_flag, own.dose, state.ladder[own.step]
        side, since, spent = own.side, own.epoch.at, own.spent
        # sessions in which a rule may look for a streak, newest first: since the dose changed
        self.seen = [
            view
            for each in later
            if each.recorded_at > since and each.id not in spent and (view := view_of(each, side))
        ]
        self.views: Sequence[View] = ()  # the same from the session on that is judged

    @cached_property
    def every(self) -> list[View]:
        """All sessions of the side, whatever the epoch, newest first."""
        views = [view_of(each, self.own.side) for each in reversed(self.history.sessions)]
        return [view for view in views if view is not None]

    def latest(self) -> str | None:
        """The side's last session."""
        for each in reversed(self.history.sessions):
            if view_of(each, self.own.side):
                return each.id
        return None

    def adherence(self, days: int) -> Fraction | None:
        """Percent done of what was due in the last `days`, at most 100; None if too few were."""
        due = sum(0 < (self.today - each).days <= days for each in self.history.due)
        done = sum(0 <= age <= days and view.trained for view, age in self.aged())
        return None if due < DUE_LEAST else Fraction(min(100 * done, 100 * due), due)

    def aged(self) -> list[tuple[View, int]]:
        """All sessions of the side with the days since."""
        return [(view, (self.today - view.fact.local_date).days) for view in self.every]


class Fact(NamedTuple):
    """A name of the language. `read` takes a View or SetFact, at level "side" the Context."""

    name: str
    level: Level
    kind: Kind
    read: Callable[[Any], Any]
    unit: str = ""
    choices: tuple[str, ...] = ()


def _kg(grams: int | None) -> Fraction | None:
    return None if grams is None else Fraction(grams, 1000)


def _age(day_of: Callable[[Context], date | None]) -> Callable[[Context], int | None]:
    """Days from a day until today."""
    return lambda context: None if (day := day_of(context)) is None else (context.today - day).days


def _week(day_of: Callable[[Context], date | None]) -> Callable[[Context], int | None]:
    days = _age(day_of)
    return lambda context: None if (day := days(context)) is None else day // 7 + 1


def _until_resisted(context: Context) -> int | None:
    day = context.state.limits.resisted_not_before
    return None if day is None else max(0, (day - context.today).days)


def _last_trained(context: Context) -> date | None:
    return next((each.fact.local_date for each in context.every if each.trained), None)


def _extra(name: str) -> Callable[[Context], Any]:
    return lambda context: dict(context.history.extra).get(name)


def _entry(name: str) -> Callable[[Context], Any]:
    """What a clinician entered; a number with decimals is written as text."""
    read = _extra(f"entry.{name}")
    return lambda context: _number_in(read(context))


def _number_in(value: t.FactValue) -> Any:
    numeric = isinstance(value, str) and value.replace(".", "", 1).isdecimal()
    return Fraction(str(value)) if numeric else value


def _entered_on(name: str) -> Callable[[Context], date | None]:
    read = _extra(f"entry_on.{name}")
    return lambda context: None if (day := read(context)) is None else date.fromisoformat(day)


def _end(field: str, end: str) -> Callable[[Context], Any]:
    """An end or the step of a field's span; a load in kg."""
    if field != "load_kg":
        return lambda c: (span := getattr(c.step.bounds, field)) and getattr(span, end)
    return lambda c: (
        (span := c.step.bounds.load_g)
        and getattr(span, end) * (KG_IN_LB / 10 if span.pounds else Fraction(1, 1000))
    )


UNITS = {
    "sets": "sets", "reps": "reps", "hold_s": "s", "up_s": "s", "top_s": "s", "down_s": "s",
    "rest_s": "s", "load_kg": "kg", "band": "level", "range_deg": "degrees", "per_week": "days",
}  # fmt: skip
ENDS = {"most": "high", "least": "low", "step_of": "step"}
SESSION_NUMBERS = {  # attributes of a View, by unit
    "points": "pain pain_before pain_during pain_after morning_pain usual_pain effort effort_last",
    "sets": "sets_done sets_planned",
    "reps": "reps_last reps_over_last reps_least",
    "kg": "load_last",
}
SESSION_WORDS = {  # of a View: None is yes or no, "" any word
    **dict.fromkeys(("morning_rise", "sets_met", "stopped", "live")),
    "morning": "better same worse",
    "stop_reason": "",
    "source": "live backfilled staff",
}
ANSWERS = {  # the same, of what is asked where a rule reads it
    "soreness": "none gone persists returns",
    "soreness_kind": "joint muscle",
    "soreness_later": None,
    "swelling": None,
    "pain_place": "",
}
SET_NUMBERS: dict[str, tuple[Callable[[t.SetFact], Any], str]] = {
    "number": (attrgetter("number"), ""),
    "reps": (attrgetter("reps"), "reps"),
    "target": (attrgetter("target_reps"), "reps"),
    "over": (lambda s: None if s.reps is None else s.reps - s.target_reps, "reps"),
    "hold_s": (attrgetter("hold_s"), "s"),
    "load_kg": (lambda s: _kg(s.load_g), "kg"),
    "band": (attrgetter("band"), "level"),
    "effort": (attrgetter("effort"), "points"),
}
SIDE_NUMBERS: dict[str, tuple[Callable[[Context], Any], str]] = {
    **{f"dose.{name}": (attrgetter(f"dose.{name}"), UNITS[name]) for name in UNITS},
    "dose.load_kg": (lambda c: _kg(c.dose.load_g), "kg"),
    **{f"{w}.{name}": (_end(name, end), UNITS[name]) for w, end in ENDS.items() for name in UNITS},
    "step": (attrgetter("own.step"), ""),
    "steps_above": (lambda c: len(c.state.ladder) - 1 - c.own.step, ""),
    "sessions_in_epoch": (lambda c: len(c.seen), "sessions"),
    "days_since_session": (_age(_last_trained), "days"),
    "days_since_raise": (_age(attrgetter("own.raised_on")), "days"),
    "days_since_change": (_age(lambda c: c.own.epoch.at.date()), "days"),
    "days_since_step_down": (_age(attrgetter("own.lowered_on")), "days"),
    "days_since_surgery": (_age(attrgetter("state.surgery_on")), "days"),
    "days_until_resisted": (_until_resisted, "days"),
    "day_of_program": (_age(attrgetter("state.started_on")), "days"),
    "day_of_phase": (_age(attrgetter("state.phase_on")), "days"),
    "week_of_program": (_week(attrgetter("state.started_on")), "weeks"),
    "week_of_phase": (_week(attrgetter("state.phase_on")), "weeks"),
    "adherence": (_extra("adherence"), "percent"),
    "missed_in_row": (_extra("missed_in_row"), "sessions"),
    "phase": (_extra("phase"), ""),
}


def _of_view(name: str) -> Callable[[View], Any]:
    if name in ANSWERS:
        return lambda view: dict(view.fact.answers or ()).get(name)
    return attrgetter(f"fact.{name}" if name in t.SessionFact._fields else name)


def _numbers(level: Level, table: Mapping[str, tuple[Callable[[Any], Any], str]]) -> list[Fact]:
    return [Fact(name, level, "number", read, unit) for name, (read, unit) in table.items()]


def _worded(name: str, level: Level, read: Callable[[Any], Any], words: str | None) -> Fact:
    """A fact that is a word (of these, if any are given), or yes or no."""
    kind: Kind = "flag" if words is None else "word"
    return Fact(name, level, kind, read, "", tuple((words or "").split()))


_ALL = [
    *_numbers(
        "session",
        {k: (_of_view(k), unit) for unit, ks in SESSION_NUMBERS.items() for k in ks.split()},
    ),
    *(
        _worded(name, "session", _of_view(name), words)
        for name, words in {**SESSION_WORDS, **ANSWERS}.items()
    ),
    *_numbers("set", {f"set.{name}": each for name, each in SET_NUMBERS.items()}),
    _worded("set.side", "set", attrgetter("side"), "left right both"),
    _worded("set.max_reps", "set", attrgetter("max_reps"), None),
    _worded("set.done", "set", lambda s: s.reps is not None, None),
    *_numbers("side", SIDE_NUMBERS),
    _worded("red_flag", "side", attrgetter("red_flag"), None),
    _worded("resisted", "side", attrgetter("step.resisted"), None),
    _worded("unit", "side", attrgetter("state.unit"), "kg lb"),
]
FACTS = {each.name: each for each in _ALL}
FAMILIES: dict[str, tuple[Kind, str, Callable[[str], Callable[[Context], Any]]]] = {
    "state": ("number", "", lambda name: lambda context: dict(context.own.declared).get(name)),
    "entry": ("any", "", _entry),
    "entry_days": ("number", "days", lambda name: _age(_entered_on(name))),
    "owns": ("flag", "", lambda name: lambda context: name in context.state.equipment),
}


def _of_set(number: int, read: Callable[[t.SetFact], Any]) -> Callable[[View], Any]:
    return lambda view: next((read(each) for each in view.sets if each.number == number), None)


def fact_named(name: str) -> Fact | None:
    """A fact of the table, or of a family: state., entry., owns., set_reps.N and its like."""
    family, _, rest = name.partition(".")
    if name in FACTS or family not in FAMILIES:
        of_set = SET_NUMBERS.get(family.removeprefix("set_")) if family.startswith("set_") else None
        if of_set is None or not rest.isdecimal():
            return FACTS.get(name)
        return Fact(name, "session", "number", _of_set(int(rest), of_set[0]), of_set[1])
    kind, unit, reader = FAMILIES[family]
    return Fact(name, "side", kind, reader(rest), unit)
