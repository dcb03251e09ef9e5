"""A written history, played event by event: the engine is asked as the pages ask it.

A session begins at noon and ends an hour later; its morning is answered at eight the next day.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, cast

from programs.commands.histories import Event, Told, dose_of
from programs.commands.lines import Line, accepted_lines, decision_lines
from programs.commands.sessions import changed, session_of
from programs.commands.shapes import FileError
from programs.progression import Ruleset, accept, apply, clear, decide, override, stale, undo
from programs.progression.types import (
    Decision,
    FactValue,
    History,
    RedFlag,
    SessionFact,
    Side,
    Trigger,
)
from programs.schedule import Plan, Slot, adherence, due_slots, missed_in_a_row
from programs.shapes import Fault

NINE, NOON, HOUR, MINUTE = time(9), time(12), timedelta(hours=1), timedelta(minutes=1)
NIGHT = timedelta(hours=19)  # from the end of a session to the answer of the next morning


class Open(NamedTuple):
    """A session whose morning is still to be answered, and what the answer will be."""

    id: str
    answer: Mapping[str, Any]


class Player:
    """One history while it is played."""

    def __init__(self, ruleset: Ruleset, told: Told, *, accept_all: bool = False) -> None:
        self.ruleset, self.told, self.accept_all = ruleset, told, accept_all
        self.state = told.state
        self.now = told.state.sides[0].epoch.at
        self.sessions: dict[str, SessionFact] = {}
        self.flags: tuple[RedFlag, ...] = ()
        self.entries: dict[str, FactValue] = {}
        self.mornings: list[Open] = []
        self.waiting: Decision | None = None
        self.made: dict[Side, Decision] = {}  # the latest that changed a side, for undo
        self.versions = 1
        self.lines: list[Line] = []

    def play(self) -> list[Line]:
        """A line a side for each decision. Raises FileError where an event can't happen."""
        for event in self.told.events:
            self._wake(event.on)
            self.now = max(datetime.combine(event.on, NINE, UTC), self.now + MINUTE)
            _PLAYS[event.kind](self, event)
        self._wake(date.max)
        return self.lines

    # asking

    @property
    def history(self) -> History:
        plan = Plan(self.state.started_on or self.now.date(), None, self.told.weekdays)
        today = self.now.date()
        due = due_slots(plan, plan.start_on, today)
        done = [Slot(each.local_date) for each in self.sessions.values() if _is_done(each)]
        extra = dict(self.entries)
        if self.told.weekdays:
            share = adherence(due, done, today)
            extra["adherence"] = None if share is None else round(share * 100)
            extra["missed_in_row"] = missed_in_a_row(due, done, today)
        return History(
            tuple(self.sessions.values()),
            today,
            self.flags,
            tuple(extra.items()),
            tuple(slot.local_date for slot in due),
        )

    def ask(self, trigger: Trigger, caused_by: tuple[str, ...] = ()) -> None:
        made = decide(
            self.ruleset,
            self.state,
            self.history,
            self.now,
            trigger=trigger,
            caused_by=caused_by,
        )
        self.take(made)
        if made.proposed:
            self.waiting = made
            if self.accept_all:
                self.agree(made, "")

    def take(self, made: Decision) -> None:
        """Let a decision hold, and say it."""
        self.lines += decision_lines(made, self.state)
        self.state = apply(self.state, made, self.fresh_versions())
        for side in made.sides:
            if side.outcome == "changed":
                self.made[side.side] = made

    def fresh_versions(self) -> dict[Side, str]:
        self.versions += 1
        return {each.side: f"{each.side}-{self.versions}" for each in self.state.sides}

    def agree(self, made: Decision, path: str) -> None:
        sides = tuple(each.side for each in made.sides if each.outcome == "proposed")
        for side in sides:
            if reason := stale(self.state, made, self.history, side):
                self.refuse(path, f"something newer has come since the proposal: {reason}")
        self.state = accept(self.state, made, self.now, self.fresh_versions(), sides)
        self.lines += accepted_lines(made, self.state, self.now)
        now_changed = made._replace(
            sides=tuple(
                each._replace(outcome="changed") if each.side in sides else each
                for each in made.sides
            )
        )
        self.made.update(dict.fromkeys(sides, now_changed))
        self.waiting = None

    def refuse(self, path: str, hint: str) -> None:
        raise FileError([Fault("not_possible", path, hint)])

    def _wake(self, until: date) -> None:
        """Answer the mornings of sessions that were before this day."""
        for each in [one for one in self.mornings if self.sessions[one.id].local_date < until]:
            self.mornings.remove(each)
            if each.answer:
                fact = self.sessions[each.id]
                eight = fact.started_at + HOUR + NIGHT
                self.now = max(eight, self.now + MINUTE)
                self.tell(each.id, each.answer)
                self.ask("decision")

    def tell(self, session: str, answer: Mapping[str, Any]) -> None:
        """Put what is told now into a session."""
        fact = changed(self.ruleset, self.state, self.sessions[session], answer)
        self.sessions[session] = fact._replace(recorded_at=self.now)

    # events

    def _session(self, event: Event) -> None:
        self._start()
        told = {} if event.told == "as planned" else event.told
        started = max(datetime.combine(event.on, NOON, UTC), self.now)
        count = sum(each.local_date == event.on for each in self.sessions.values())
        key = f"{event.on}#{count + 1}" if count else f"{event.on}"
        self.now = started + HOUR
        fact = session_of(self.ruleset, self.state, self.history, told, event.path)
        self.sessions[key] = fact._replace(
            id=key, local_date=event.on, started_at=started, recorded_at=self.now
        )
        self.mornings.append(Open(key, _morning(told)))
        self.ask("session.end")

    def _start(self) -> None:
        """What the start of a session asks; a morning that nobody told of is awaited no longer."""
        last = list(self.sessions.values())[-1:]
        self.ask("session.start")
        if last and last[0].morning is None and last[0].morning_pain is None:
            self.ask("decision")

    def _late_morning(self, event: Event) -> None:
        known = [key for key, each in self.sessions.items() if each.local_date < event.on]
        if not known:
            self.refuse(event.path, "no session before this day")
        told = event.told if isinstance(event.told, dict) else {"feel": event.told}
        names = {"feel": "morning", "pain": "morning_pain"}
        self.tell(known[-1], {names[key]: value for key, value in told.items()})
        self.ask("decision")

    def _correct(self, event: Event) -> None:
        key = event.told["session"]
        if key not in self.sessions:
            known = ", ".join(self.sessions) or "none yet"
            self.refuse(f"{event.path}.session", f"sessions are {known}")
        self.tell(key, {name: each for name, each in event.told.items() if name != "session"})
        self.ask("correction", (key,))

    def _entry(self, event: Event) -> None:
        for name, value in event.told.items():
            plain = str(Decimal(str(value))) if isinstance(value, float) else value
            self.entries[f"entry.{name}"] = plain
            self.entries[f"entry_on.{name}"] = event.on.isoformat()
        self.ask("clinician.entry")

    def _accept(self, event: Event) -> None:
        if self.waiting is None:
            self.refuse(event.path, "nothing is proposed")
        else:
            self.agree(self.waiting, event.path)

    def _dose(self, event: Event) -> None:
        keys = [each.key for each in self.state.ladder]
        for own in self.state.sides:
            if event.told.get("side", own.side) == own.side:
                step = keys.index(event.told.get("step", keys[own.step]))
                dose, now = dose_of(event.told, own.dose), self.now
                self.take(
                    override(self.state, own.side, step=step, dose=dose, now=now, reason="by hand")
                )

    def _undo(self, event: Event) -> None:
        side = cast(Side, event.told)
        try:
            self.take(undo(self.state, self.made[side], side, now=self.now, reason="by hand"))
        except (KeyError, ValueError):
            self.refuse(event.path, "no decision changed that side's dose last")

    def _red_flag(self, event: Event) -> None:
        self.flags = (*self.flags, RedFlag(event.told, self.now))
        self.ask("session.end")

    def _clear(self, event: Event) -> None:
        self.state = clear(self.state, now=self.now)

    def _pause(self, event: Event) -> None:
        self.state = self.state._replace(paused=event.kind == "pause")

    def _day(self, event: Event) -> None:
        self.ask("day.tick")


_PLAYS: dict[str, Callable[[Player, Event], None]] = {
    "session": Player._session, "morning": Player._late_morning, "correct": Player._correct,
    "entry": Player._entry, "accept": Player._accept, "dose": Player._dose,
    "undo": Player._undo, "red_flag": Player._red_flag, "clear": Player._clear,
    "pause": Player._pause, "resume": Player._pause, "day": Player._day,
}  # fmt: skip


def play(ruleset: Ruleset, told: Told, *, accept_all: bool = False) -> Iterator[Line]:
    """The lines of a whole history. Raises FileError where an event can't happen."""
    return iter(Player(ruleset, told, accept_all=accept_all).play())


def _morning(told: Mapping[str, Any]) -> dict[str, Any]:
    """What the next morning will answer: the same as ever, unless told; nothing if null."""
    names = ("morning", "morning_pain", "soreness_later", "swelling")
    given = {name: told[name] for name in names if name in told}
    given = {"morning": "same", **given}
    return {name: value for name, value in given.items() if value is not None}


def _is_done(fact: SessionFact) -> bool:
    done = sum(each.reps is not None for each in fact.sets)
    return done > 0 and 2 * done >= len(fact.sets)
