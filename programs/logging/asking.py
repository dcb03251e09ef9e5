"""Questions that only some programs' rules ask: soreness at the start, later and swelling next day.

One tap answers. What is asked is said by the rules (`Ruleset.asks`); an answer belongs to the
session that it is about, and is kept as told: a changed mind is the next revision.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from accounts.roles import Actor
from programs.calendar import local_day
from programs.decisions.deciding import decide_program
from programs.decisions.needs import needs_of
from programs.logging.entries import Refused
from programs.models import CheckIn, FurtherAnswer, Session

Name = FurtherAnswer.Name
ASKED_WITHIN = timedelta(days=7)
YES_NO = (("no", gettext_lazy("No")), ("yes", gettext_lazy("Yes")))
CHOICES: dict[str, tuple[tuple[str, Any], ...]] = {
    Name.SORENESS: (
        ("none", gettext_lazy("No")),
        ("gone", gettext_lazy("It went away in the warm-up")),
        ("persists", gettext_lazy("Yes, and it stays")),
        ("returns", gettext_lazy("It went away and came back")),
    ),
    Name.KIND: (
        ("joint", gettext_lazy("In the knee joint")),
        ("muscle", gettext_lazy("In the muscle")),
    ),
    Name.LATER: YES_NO,
    Name.SWELLING: YES_NO,
}
QUESTIONS: dict[str, Any] = {
    Name.SORENESS: gettext_lazy("Are you sore after the warm-up?"),
    Name.KIND: gettext_lazy("Where is it sore?"),
    Name.LATER: gettext_lazy("Were you sore later?"),
    Name.SWELLING: gettext_lazy("Was the knee swollen?"),
}
HINTS: dict[str, Any] = {
    Name.SORENESS: gettext_lazy("Warm up for a few minutes first. Then tap once."),
    Name.LATER: gettext_lazy("More than an hour after the session, or the next day."),
}


@dataclass(frozen=True)
class Question:
    """A question that waits, about one session."""

    session: Session
    name: str


def next_question(session: Session, today: date) -> Question | None:
    """What the rules still ask about this session; no query where they ask nothing."""
    asks = needs_of(session.program).asks
    if not asks:
        return None
    told = _told(session)
    morning = session.local_date < today
    name = _next_morning(asks, told) if morning else _at_start(asks, told)
    return Question(session, name) if name else None


def _told(session: Session) -> dict[str, str]:
    rows = FurtherAnswer.objects.filter(session=session).order_by("revision")
    told = dict(rows.values_list("name", "value"))
    check = CheckIn.objects.filter(session=session).exclude(swelling=None).last()
    return told | ({Name.SWELLING: "yes" if check.swelling else "no"} if check else {})


def _at_start(asks: frozenset[str], told: Mapping[str, str]) -> str | None:
    if not asks & {Name.SORENESS, Name.KIND}:
        return None
    if Name.SORENESS not in told:
        return Name.SORENESS
    sore = told[Name.SORENESS] != "none"
    return Name.KIND if sore and Name.KIND in asks and Name.KIND not in told else None


def _next_morning(asks: frozenset[str], told: Mapping[str, str]) -> str | None:
    if Name.LATER in asks and Name.LATER not in told:
        return Name.LATER
    if told.get(Name.LATER) == "yes" and Name.KIND in asks and Name.KIND not in told:
        return Name.KIND
    return Name.SWELLING if Name.SWELLING in asks and Name.SWELLING not in told else None


def first_question(session: Session, *, begun: bool) -> Question | None:
    """What is asked before the first set: of the session before, then of this one."""
    if begun or session.finished_at or not needs_of(session.program).asks:
        return None
    before = session.program.sessions.filter(
        local_date__lt=session.local_date,
        local_date__gte=session.local_date - ASKED_WITHIN,
        check_ins__isnull=False,
    )
    last = before.order_by("-local_date", "-slot").first()
    if last:
        last.program = session.program
    waits = last and next_question(last, session.local_date)
    return waits or next_question(session, session.local_date)


@transaction.atomic
def answer_question(
    *, session: Session, name: str, value: str, by: Actor, at: datetime, revision: int = 0
) -> None:
    """Store one answer, once a revision, and decide. Raises Refused where it is none."""
    known = name in needs_of(session.program).asks and value in dict(CHOICES.get(name, ()))
    if not known:
        raise Refused({"value": _("Tap one of the answers.")})
    day = local_day(at, session.zone)
    row = FurtherAnswer(
        clinic_id=session.clinic_id,
        session=session,
        name=name,
        revision=revision,
        value=value,
        recalled=day > session.local_date + timedelta(days=1),
        at=at,
    )
    FurtherAnswer.objects.bulk_create([row], ignore_conflicts=True)
    if not FurtherAnswer.objects.filter(id=row.id).exists():
        return
    audit.record(by=by, verb="answer_question", patients=[session.program.patient_id])
    if not session.finished_at:
        _decide(session, "set.end", by, at)
    elif day > session.local_date:
        _decide(session, "check-in", by, at)
    else:
        _decide(session, "correction", by, at)


def _decide(session: Session, trigger: Any, by: Actor, at: datetime) -> None:
    decide_program(
        program=session.program_id,
        trigger=trigger,
        session=session,
        caused_by=(str(session.id),) if trigger == "correction" else (),
        by=by,
        at=at,
    )


def question_context(
    asked: Question, today: date, faults: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """One question on a page of its own."""
    session, name = asked.session, asked.name
    day = date_format(session.local_date, "l")
    after = session.local_date < today
    return {
        "post_url": reverse("programs:session-question", args=[session.id]),
        "name": name,
        "title": str(QUESTIONS[name]),
        "hint": str(HINTS.get(name, "")),
        "about": _("After the session of %(day)s.") % {"day": day} if after else "",
        "choices": [{"value": value, "label": str(label)} for value, label in CHOICES[name]],
        "errors": [{"field": "", "text": text} for text in (faults or {}).values()],
    }
