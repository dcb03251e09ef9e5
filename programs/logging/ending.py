"""The last screens: a session that is done, the next morning, and the stop page."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from exercises.shipped import red_flags
from programs.calendar import local_day, plan_of
from programs.decisions.changes import load_changes
from programs.decisions.presenters import change_note
from programs.decisions.reading import Row, load_told
from programs.logging.cards import Progress
from programs.logging.presenters import Context, did_context, errors_of, minutes_of, scale
from programs.models import CheckIn, Program, RedFlag, Session
from programs.schedule import next_due
from programs.wording import language

ASKED_WITHIN = timedelta(days=7)


def next_label(program: Program, after: date, closed: list[dict[str, Any]] | None = None) -> str:
    """When the next session is due, in words."""
    slot = next_due(plan_of(program, closed), after)
    if slot is None:
        return _("That was the last planned session.")
    if slot.local_date == after + timedelta(days=1):
        return _("Next: tomorrow")
    return _("Next: %(day)s") % {"day": date_format(slot.local_date, "LONG_DAY")}


def done_context(progress: Progress, effort: int | None) -> Context:
    """What was done, how it felt, what changed, and when it goes on."""
    session, program = progress.session, progress.session.program
    changes = load_changes(program.id, since=session.finished_at)
    return did_context(progress, changeable=False) | {
        "title": _title(session, program.patient.first_name),
        "minutes": minutes_of(session, progress),
        "sets_done": progress.sets_done,
        "sets_total": session.planned_sets,
        "effort": effort,
        "record_url": reverse("programs:session-record", args=[session.id]),
        "next_label": next_label(program, session.local_date),
        "morning_label": _("Tomorrow we ask how the knee feels."),
        "decision": change_note(changes),
        "today_url": reverse("programs:today"),
        "saved": None,
    }


def _title(session: Session, name: str) -> str:
    if session.stopped == Session.Stop.RULE:
        return _("Enough for today, %(name)s") % {"name": name}
    return _("Well done, %(name)s") % {"name": name}


def morning_first(session: Session, progress: Progress) -> Session | None:
    """The session before, if nobody told of its morning and nothing is done yet in this one."""
    if progress.sets or session.finished_at:
        return None
    earlier = [
        each
        for each in load_told(session.program_id, 3)
        if each.session.local_date < session.local_date
    ]
    last = earlier[-1] if earlier else None
    if last is None or last.checks or not last.sets:
        return None
    if session.local_date - last.session.local_date > ASKED_WITHIN:
        return None
    last.session.program = session.program
    return last.session


def check_context(
    session: Session,
    *,
    today: date,
    told: CheckIn | None = None,
    faults: Mapping[str, str] | None = None,
    onward: str = "",
    again: bool = False,
) -> Context:
    """The morning after `session`: the question that comes next, or thanks.

    `again`: asked from the start, to change what was told.
    """
    recalled = today > session.local_date + timedelta(days=1)
    step = "feel" if again else check_step(told)
    legend = "pain-legend" if step == "thanks" else "morning"
    url = reverse("programs:check-in", args=[session.id])
    return {
        "post_url": url,
        "question": _("How was your knee the morning after?")
        if recalled
        else _("How is your knee this morning?"),
        "after_label": _("After the session of %(day)s.")
        % {"day": date_format(session.local_date, "l")},
        "recalled": recalled,
        "step": step,
        "hidden": _check_hidden(told, onward, again=again),
        "errors": errors_of(faults or {}),
        "feel_label": _("You said: %(feel)s") % {"feel": told.get_feel_display()} if told else "",
        "pain": scale(session.program, "pain", legend, zones=True),
        "more": step == "thanks" and told is not None and told.pain is None,
        "thanks_label": _thanks(told),
        "change_url": f"{url}?change=1" if told and not again else "",
    }


def check_step(told: CheckIn | None) -> str:
    """One tap is enough unless the knee was worse: then pain and swelling are asked too.

    Of any other morning the pain may be told beside the thanks.
    """
    if told is None:
        return "feel"
    if told.feel != CheckIn.Feel.WORSE or told.swelling is not None:
        return "thanks"
    return "pain" if told.pain is None else "swelling"


def told_on(day: date, checks: list[Row], zone: str) -> CheckIn | None:
    """The newest of a morning's answers, if it was given on this day."""
    row = dict(checks[-1])
    if local_day(datetime.fromisoformat(row.pop("at")), zone) != day:
        return None
    return CheckIn(revision=len(checks) - 1, **row)


def _check_hidden(told: CheckIn | None, onward: str, *, again: bool) -> list[tuple[str, Any]]:
    hidden: list[tuple[str, Any]] = [("next", onward)] if onward else []
    if told is None or again:
        return [*hidden, ("revision", told.revision + 1 if told else 0)]
    hidden += [("feel", told.feel), ("revision", told.revision + 1)]
    return hidden if told.pain is None else [*hidden, ("pain", told.pain)]


def _thanks(told: CheckIn | None) -> str:
    if told is None:
        return ""
    words = {"feel": told.get_feel_display(), "pain": told.pain}
    if told.pain is None:
        return _("Thank you. Noted: %(feel)s.") % words
    return _("Thank you. Noted: %(feel)s, pain %(pain)s.") % words


def hurts_context(session: Session, where: str, faults: Mapping[str, str]) -> Context:
    """The warning signs, emergencies first."""
    listed = red_flags(language())
    return {
        "post_url": reverse("programs:session-hurts", args=[session.id]),
        "back_url": reverse("programs:session-detail", args=[session.id]),
        "exercise_name": "",
        "set_label": where,
        "hidden": [],
        "emergencies": [flag["key"] for flag in listed if flag["urgency"] == "emergency"],
        "flags": [flag["key"] for flag in listed if flag["urgency"] != "emergency"],
        "errors": errors_of(faults),
    }


def is_flag(key: str) -> bool:
    """True for a warning sign of the list."""
    return any(flag["key"] == key for flag in red_flags("en"))


def is_emergency(key: str) -> bool:
    return any(f["key"] == key and f["urgency"] == "emergency" for f in red_flags("en"))


def stop_context(program: Program, flag: RedFlag, *, mistake_sent: bool) -> Context:
    """What to do now, and how to reach the clinic; the page asks itself who was told."""
    patient, clinic = program.patient, program.patient.clinic
    emergency = is_emergency(flag.flag)
    return {
        "emergency": emergency,
        "advice": _("Call %(number)s now. Don’t drive yourself.")
        % {"number": clinic.emergency_number}
        if emergency
        else _("See a doctor today. Don’t wait for your next visit."),
        "flag": flag.flag,
        "flag_id": flag.id,
        "zone": patient.time_zone,
        "sets_saved": flag.session.sets.filter(skipped="").count() if flag.session else 0,
        "clinic_phone": clinic.phone,
        "clinic_phone_label": clinic.phone,
        "emergency_number": clinic.emergency_number,
        "mistake_url": reverse("programs:stop"),
        "mistake_sent": mistake_sent,
        "today_url": reverse("programs:today"),
    }


def local_time(at: datetime, zone: str) -> str:
    return str(time_format(at.astimezone(ZoneInfo(zone)).time(), "H:i"))
