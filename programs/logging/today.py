"""The patient's first page: what today holds, said by the one schedule."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.template.defaultfilters import capfirst
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.roles import initials_of
from exercises.shipped import words
from patients.models import Patient
from programs.calendar import local_day, plan_of
from programs.decisions.changes import Change, load_changes
from programs.decisions.presenters import change_note
from programs.decisions.reading import Told, load_known, load_told
from programs.limits import green_limit
from programs.logging.amounts import by_step, dose_label
from programs.logging.cards import Progress
from programs.logging.declining import MOVABLE, Declined, may_move, newest
from programs.logging.declining_words import answer, choices
from programs.logging.ending import (
    ASKED_WITHIN,
    check_context,
    is_emergency,
    local_time,
    next_label,
    told_on,
)
from programs.logging.entries import session_key
from programs.logging.figures import still
from programs.logging.kept import begun_progress, kept
from programs.logging.plan import PlannedSide, SessionPlan, load_plan
from programs.logging.presenters import Context, name_of, pain_stop, scale
from programs.logging.services import USUAL_PAIN_EVERY
from programs.logging.waiting import message_context
from programs.models import Discharge, DoseVersion, Interruption, Program, RedFlag, Session
from programs.schedule import Plan
from programs.wording import band_class, language

SHOWN = 14
PAST = timedelta(days=7)
RUNNING = ("session", "done", "rest", "declined")
OVER = ("none", "over", "home")


@dataclass(frozen=True)
class Today:
    """All rows that the page needs, read in eight queries at most."""

    patient: Patient
    at: datetime
    program: Program | None = None
    closed: list[dict[str, Any]] = field(default_factory=list)
    sessions: list[Told] = field(default_factory=list)
    plan: SessionPlan = field(default_factory=lambda: SessionPlan(()))
    changes: list[Change] = field(default_factory=list)
    flags: list[RedFlag] = field(default_factory=list)
    usual_at: datetime | None = None
    words: list[dict[str, Any]] = field(default_factory=list)
    declined: Declined | None = None
    home: Discharge | None = None

    @property
    def day(self) -> date:
        return local_day(self.at, self.patient.time_zone)

    @property
    def now(self) -> Told | None:
        """The session of this day, if it was started; not one after which another is due."""
        newest = self.sessions[-1].session if self.sessions else None
        if newest is None or newest.local_date != self.day:
            return None
        times = self.schedule.times_a_day if self.schedule else 1
        return None if newest.finished_at and newest.slot < times else self.sessions[-1]

    @property
    def last(self) -> Told | None:
        """The newest session of an earlier day in which anything was done."""
        earlier = [each for each in self.sessions if each.session.local_date < self.day]
        return next((each for each in reversed(earlier) if each.sets or each.pains), None)

    @property
    def schedule(self) -> Plan | None:
        return plan_of(self.program, self.closed) if self.program else None

    @property
    def state(self) -> str:
        """One of none, over, home, locked, held, done, declined, session, rest."""
        if self.program is None:
            return "none"
        if self.program.status == Program.Status.ENDED:
            return "home" if self.home else "over"
        if self.program.status != Program.Status.ACTIVE:
            return "locked" if self.program.status == Program.Status.LOCKED else "held"
        if self.now:
            return "done" if self.now.session.finished_at else "session"
        if self.declined and self.declined.day == self.day:
            return "declined"
        due = self.schedule and self.schedule.is_due(self.day)
        return "session" if due or self.makes_up else "rest"

    @property
    def makes_up(self) -> bool:
        """Yesterday's session, put off by a word that lets it wait a day, may be done today."""
        yesterday = self.day - timedelta(days=1)
        if not (self.declined and self.declined.day == yesterday and self.schedule):
            return False
        trained = any(each.done and each.session.local_date == yesterday for each in self.sessions)
        movable = self.declined.reason in MOVABLE and may_move(self.schedule, yesterday)
        return movable and not trained


def read_today(program: Program, at: datetime) -> Today:
    """Everything of this program that today may show."""
    known = load_known(program.id)
    active, ended = program.status == Program.Status.ACTIVE, program.status == Program.Status.ENDED
    sessions = load_told(program.id, SHOWN)
    day = local_day(at, program.patient.time_zone)
    plan = load_plan(program, day=day) if active else SessionPlan(())
    return Today(
        program.patient,
        at,
        program,
        closed=known["closed"],
        sessions=sessions,
        plan=plan,
        changes=_changes(program, sessions, plan),
        flags=[] if active or ended else _open_flags(program),
        home=program.discharges.first() if ended else None,
        words=getattr(program, "words", []),
        declined=newest(getattr(program, "declined", [])),
        usual_at=datetime.fromisoformat(known["usual"][-1]["at"]) if known["usual"] else None,
    )


def _open_flags(program: Program) -> list[RedFlag]:
    return list(program.red_flags.filter(clearances=None).order_by("at"))


def _changes(program: Program, sessions: list[Told], plan: SessionPlan) -> list[Change]:
    """What changed since the newest session began; asked only where a dose is newer than that."""
    if not sessions:
        return []
    since = sessions[-1].session.started_at
    newer = any(side.dose.at >= since for each in plan.exercises for side in each.sides)
    return load_changes(program.id, since=since) if newer else []


def today_context(today: Today) -> Context:
    """The page, ready to print."""
    patient, program = today.patient, today.program
    local = today.at.astimezone(ZoneInfo(patient.time_zone))
    return {
        "date_label": date_format(local.date(), "LONG_DAY"),
        "greeting": _greeting(local.hour) % {"name": patient.first_name},
        "clinician": _clinician(program),
        "state": today.state,
        "kept": _kept(today),
        "session": _session(today) if today.state == "session" else None,
        "change": change_note(today.changes),
        "not_today": choices() if _may_decline(today) else [],
        "answer": _answer(today) if today.state == "declined" else None,
        "done": _done(today) if today.state == "done" else None,
        "next_label": _next(today),
        "held": _held(today) if today.state in ("held", "locked") else None,
        "home": _home(today.home, today.patient) if today.home else None,
        "week": _week(today) if today.state in RUNNING else None,
        "past": bool(program and program.start_on < today.day <= program.end_on + PAST),
        "usual": _usual(today),
        "check_in": _check_in(today),
        "message": message_context(today.words, today.day, today.patient.time_zone),
    }


def _kept(today: Today) -> str:
    """What the phone needs to begin or go on with this session without a network."""
    program, now = today.program, today.now
    if program is None or today.state not in ("session", "declined"):
        return ""
    if now:
        now.session.program = program
        progress = begun_progress(now.session, today.plan, now)
    else:
        progress = Progress(_to_begin(today, program), today.plan)
    return kept(progress, ok=green_limit(program), stop=pain_stop(program))


def _to_begin(today: Today, program: Program) -> Session:
    """The session that Start would open: the first of the day, or the one after the last."""
    mine = [each.session.slot for each in today.sessions if each.session.local_date == today.day]
    slot = max(mine, default=0) + 1
    return Session(
        id=session_key(program.id, today.day, slot),
        program=program,
        local_date=today.day,
        slot=slot,
        zone=today.patient.time_zone,
    )


def _may_decline(today: Today) -> bool:
    """While nothing of the session is done."""
    return today.state == "session" and not (today.now and today.now.sets)


def _answer(today: Today) -> Context | None:
    declined, plan = today.declined, today.schedule
    if declined is None or plan is None:
        return None
    movable = declined.reason in MOVABLE and may_move(plan, today.day)
    return answer(
        declined,
        minutes=minutes(today.plan),
        next_label=_next(today),
        movable=movable,
    )


def _greeting(hour: int) -> str:
    if hour < 12:
        return _("Good morning, %(name)s")
    return _("Good afternoon, %(name)s") if hour < 18 else _("Good evening, %(name)s")


def _clinician(program: Program | None) -> Context | None:
    if program is None:
        return None
    name = program.lead.name
    return {"name": name, "first_name": name.split()[0], "initials": initials_of(name)}


def _session(today: Today) -> Context:
    rows = today.now.sets if today.now else []
    done = {(row["prescription"], row["side"], row["number"]) for row in rows}
    return {
        "minutes": minutes(today.plan),
        "start_url": reverse("programs:session-start"),
        "sets_done": len(done),
        "sets_total": today.plan.total,
        "exercises": [_row(legs) for each in today.plan.exercises for legs in by_step(each)],
    }


def minutes(plan: SessionPlan) -> int:
    """How long the sets, and the rests between rounds, take, in whole minutes."""
    sides = [side for each in plan.exercises for side in each.sides]
    work = sum(aim.reps * _rep_s(side.dose) for side in sides for aim in side.aims)
    rest = sum(max(s.dose.sets * s.dose.rest_s for s in each.sides) for each in plan.exercises)
    return max(1, round((work + rest) / 60))


def _rep_s(dose: DoseVersion) -> int:
    """Seconds that one repetition takes."""
    return dose.up_s + (dose.hold_s or dose.top_s) + dose.down_s + 1


def _row(legs: list[PlannedSide]) -> Context:
    first = legs[0]
    gear = [words("equipment", key, language()) for key in first.step.equipment]
    return {
        "name": name_of(first),
        "dose_label": dose_label(legs),
        "equipment_label": capfirst(", ".join(gear)),
        "band": band_class(first.dose.band_level),
        "figure": still(first),
    }


def _done(today: Today) -> Context:
    session = today.now.session if today.now else None
    effort = today.now.reports[-1]["effort"] if today.now and today.now.reports else None
    return {
        "felt_label": "" if effort is None else _("It felt %(n)s of 10 hard.") % {"n": effort},
        "next_label": _next(today),
        "url": reverse("programs:session-detail", args=[session.id]) if session else "",
    }


def _next(today: Today) -> str:
    program = today.program
    if program is None:
        return ""
    if today.day < program.start_on:
        day = date_format(program.start_on, "LONG_DAY")
        return _("Your program starts on %(day)s.") % {"day": day}
    return next_label(program, today.day, today.closed)


def _held(today: Today) -> Context:
    clinic = today.patient.clinic
    return {
        "title": _("No session today"),
        "reason": _held_words(today),
        "call_label": _("You can also call the clinic."),
        "phone": clinic.phone,
        "phone_label": clinic.phone,
        "write_url": reverse("programs:messages"),
        "events": [_event(flag, today.patient) for flag in today.flags],
        "help_url": reverse("programs:stop") if today.flags else "",
    }


def _home(discharge: Discharge, patient: Patient) -> Context:
    """What to go on with after the last day, and whom to call."""
    return {
        "plan": discharge.plan,
        "contact": discharge.contact,
        "phone": patient.clinic.phone,
        "since": date_format(local_day(discharge.at, patient.time_zone), "LONG_DAY"),
    }


def _held_words(today: Today) -> str:
    """Who or what holds the program, and until when."""
    lead = today.program.lead.name if today.program else ""
    if today.state != "locked":
        return _("%(name)s has paused your program.") % {"name": lead}
    told = {"name": getattr(today.program, "stand_in", None) or lead}
    if today.flags:
        return _("You told us about a warning sign. %(name)s will call you.") % told
    ends = [row["last"] for row in today.closed if row["kind"] == Interruption.Kind.LOCK]
    if not ends or None in ends:
        return _("Your program stopped by its rules. %(name)s looks at it first.") % told
    opens = date.fromisoformat(max(ends)) + timedelta(days=1)
    day = date_format(opens, "LONG_DAY")
    return _("Your program stopped by its rules. It goes on by itself on %(day)s.") % {"day": day}


def _event(flag: RedFlag, patient: Patient) -> Context:
    urgent = is_emergency(flag.flag)
    return {
        "when": date_format(local_day(flag.at, patient.time_zone), "D j"),
        "text": _("You told us about a warning sign"),
        "detail": _("An emergency") if urgent else local_time(flag.at, patient.time_zone),
        "pain": None,
    }


def _week(today: Today) -> Context:
    monday = today.day - timedelta(days=today.day.weekday())
    days = [_day(today, monday + timedelta(days=n)) for n in range(7)]
    states = [day["state"] for day in days]
    return {
        "done": states.count("done"),
        "todo": states.count("planned") + states.count("today"),
        "days": days,
    }


def _day(today: Today, day: date) -> Context:
    return {
        "letter": date_format(day, "D")[:1].upper(),
        "name": date_format(day, "l"),
        "state": _day_state(today, day),
        "now": day == today.day,
    }


def _day_state(today: Today, day: date) -> str:
    trained = {each.session.local_date for each in today.sessions if each.done}
    if day in trained:
        return "done"
    if not (today.schedule and today.schedule.is_due(day)):
        return "rest"
    if day == today.day:
        return "today"
    return "planned" if day > today.day else "missed"


def _usual(today: Today) -> Context | None:
    """Asked at first, and every 28 days; not while a morning's answer is still open."""
    if today.program is None or today.state in (*OVER, "held", "locked"):
        return None
    if today.usual_at and today.at - today.usual_at < USUAL_PAIN_EVERY:
        return None
    return {
        "post_url": reverse("programs:usual-pain"),
        "scale": scale(today.program, "pain", "usual-legend", zones=True),
        "errors": [],
    }


def _check_in(today: Today) -> Context | None:
    """The morning after the newest session: while it isn't known, and on the day it was told."""
    last = today.last
    if last is None or today.program is None or today.state in OVER:
        return None
    told = told_on(today.day, last.checks, last.session.zone) if last.checks else None
    if not told and (last.checks or today.day - last.session.local_date > ASKED_WITHIN):
        return None
    last.session.program = today.program
    return check_context(last.session, today=today.day, told=told)
