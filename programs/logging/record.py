"""A session as it was logged: every set with what stood before, the ratings and the notes."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.calendar import local_day
from programs.decisions.effects import key_of
from programs.logging.cards import Progress
from programs.logging.plan import PlannedExercise, load_plan
from programs.logging.presenters import Context, name_of
from programs.logging.services import newest
from programs.models import CheckIn, PainReport, Session, SessionNote, SessionReport, SetLog
from programs.wording import band_name, day_words, load_words, seconds, side_words


@dataclass(frozen=True)
class Record:
    """All that was told of one session, each in order of revision."""

    progress: Progress
    logs: list[SetLog]
    pains: list[PainReport]
    reports: list[SessionReport]
    checks: list[CheckIn]
    notes: list[SessionNote]
    today: date

    @property
    def session(self) -> Session:
        return self.progress.session

    @cached_property
    def slots(self) -> dict[UUID, tuple[PlannedExercise, str, int]]:
        """Every planned set and every logged one, by key."""
        found: dict[UUID, tuple[PlannedExercise, str, int]] = {}
        for each in self.progress.plan.exercises:
            more = [(row.side, row.number) for row in self.progress.of(each)]
            places = sorted({*each.slots(), *more}, key=lambda place: (place[0], place[1]))
            found |= {self.key(each, *place): (each, *place) for place in places}
        return found

    def key(self, exercise: PlannedExercise, side: str, number: int) -> UUID:
        return key_of(self.session.id, exercise.prescription.id, side, number)

    def note(self, key: UUID | None = None) -> SessionNote | None:
        """The newest note of a set, or of the session as a whole."""
        return next((each for each in reversed(self.notes) if each.set_key == key), None)

    def when(self, at: datetime) -> str:
        return date_format(at.astimezone(ZoneInfo(self.session.zone)), "DAY_AND_TIME")


def load_record(session: Session, at: datetime) -> Record:
    """Six queries, however often it was changed."""
    logs = list(SetLog.objects.filter(session=session).order_by("number", "revision"))
    pains = list(PainReport.objects.filter(session=session).order_by("revision"))
    plan = load_plan(session.program, day=session.local_date, before=session.finished_at)
    told = {row.prescription_id: row for row in pains}
    return Record(
        Progress(session, plan, newest(logs), told),
        logs,
        pains,
        list(session.reports.order_by("revision")),
        list(session.check_ins.order_by("revision")),
        list(session.notes.order_by("revision")),
        local_day(at, session.zone),
    )


def record_context(record: Record) -> Context:
    """The page, ready to print."""
    session = record.session
    note = record.note()
    return {
        "title": _("What you did"),
        "day": day_words(session.local_date, "LONG_DAY"),
        "counted": "" if session.source == Session.Source.LIVE else session.get_source_display(),
        "exercises": [_exercise(record, each) for each in record.progress.plan.exercises],
        "effort": _effort(record),
        "morning": _morning(record),
        "note": note.text if note else "",
        "open_url": "" if session.finished_at else _url("session-detail", record),
    }


def _url(name: str, record: Record, *more: Any) -> str:
    return reverse(f"programs:{name}", args=[record.session.id, *more])


def _exercise(record: Record, exercise: PlannedExercise) -> Context:
    slots = [(key, place) for key, place in record.slots.items() if place[0] is exercise]
    url = f"{_url('session-detail', record)}?pain={exercise.prescription.id}"
    told = [row for row in record.pains if row.prescription_id == exercise.prescription.id]
    before = [_pain_words(row) for row in told[:-1]]
    return {
        "name": name_of(exercise.sides[0]),
        "sets": [_set(record, key, place) for key, place in slots],
        "pain": {
            "text": _pain_words(told[-1]) if told else _("not told"),
            "was": _was(record, before, told[-1].at) if before else "",
            "url": url if record.session.finished_at else "",
        },
    }


def _pain_words(row: PainReport) -> str:
    said = _("%(n)s of 10") % {"n": row.pain}
    return f"{said}, {row.get_place_display()}" if row.place else said


def _was(record: Record, before: list[str], at: datetime) -> str:
    """What stood there, and when it was changed."""
    told = {"before": ", ".join(before), "when": record.when(at)}
    return _("was %(before)s; changed %(when)s") % told


def _set(record: Record, key: UUID, place: tuple[PlannedExercise, str, int]) -> Context:
    exercise, side, number = place
    history = set_history(record, key)
    row = history[-1] if history else None
    planned = exercise.side(side)
    note = record.note(key)
    open_still = not (row or record.session.finished_at)
    before = [set_words(each) for each in history[:-1]]
    return {
        "label": set_label(side, number),
        "text": set_words(row) if row else _("not logged"),
        "less": bool(row and planned and row.reps < planned.aim(number).reps),
        "was": _was(record, before, history[-1].received_at) if before else "",
        "note": note.text if note else "",
        "logged": row is not None,
        "url": "" if open_still else _url("set-correct", record, key),
    }


def set_label(side: str, number: int) -> str:
    told = {"side": side_words(side).capitalize(), "number": number}
    return _("%(side)s, set %(number)s") % told


def set_history(record: Record, key: UUID) -> list[SetLog]:
    """Every word on one set, the first one first."""
    return [row for row in record.logs if row.key == key]


def set_words(row: SetLog) -> str:
    """What was done: 8 reps, 4 kg, red; or why not."""
    if row.skipped:
        return _("skipped: %(why)s") % {"why": row.get_skipped_display()}
    parts = [seconds(row.hold_s)] if row.hold_s and row.reps == 1 else []
    parts = parts or [_("%(n)s reps") % {"n": row.reps}]
    parts += [] if row.load_kg is None else [load_words(row.load_kg)]
    parts += [] if row.band_level is None else [band_name(row.band_level)]
    return ", ".join(parts)


def _effort(record: Record) -> Context | None:
    """Only once the session is over: until then it is still to be asked."""
    if not record.session.finished_at:
        return None
    told = record.reports
    words = [_("%(n)s of 10") % {"n": row.effort} for row in told]
    return {
        "text": words[-1] if words else _("not told"),
        "was": _was(record, words[:-1], told[-1].at) if words[1:] else "",
        "url": f"{_url('session-detail', record)}?effort=1",
    }


def _morning(record: Record) -> Context | None:
    """The morning after, from then on."""
    if record.today <= record.session.local_date:
        return None
    told = record.checks
    words = list(dict.fromkeys(_morning_words(each) for each in told))
    return {
        "text": words[-1] if words else _("not told"),
        "was": _was(record, words[:-1], told[-1].at) if words[1:] else "",
        "url": f"{_url('check-in', record)}?change=1",
    }


def _morning_words(row: CheckIn) -> str:
    feel = str(row.get_feel_display())
    if row.pain is None:
        return feel
    return _("%(feel)s, pain %(pain)s") % {"feel": feel, "pain": row.pain}
