"""What the demo waits for: its parts at work, its people there, and a reminder that arrives."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.roles import Actor, Role
from accounts.scope import clinic_scope
from config.demo import cast, mailbox, run
from config.demo.hearing import WAYS, next_minute
from patients.models import Patient
from patients.preferences import Hearing, choose_hearing, choose_place
from programs.models import Program
from reminders.models import Kind, Occurrence

READY_SECONDS, FILL_SECONDS, REMINDER_SECONDS = 60, 600, 120


def wait_until_ready(team: run.Crew, port: int, began: float) -> float:
    """Wait for web, worker, beat and one patient of each kind; return the seconds it took."""
    home = f"http://127.0.0.1:{port}"
    team.wait_for("web", lambda: run.answers(f"{home}/healthz"), READY_SECONDS)
    team.wait_for("worker and beat", lambda: run.answers(f"{home}/readyz"), READY_SECONDS)
    team.wait_for("one of each kind", lambda: lived(cast.EVERY_KIND), READY_SECONDS)
    return time.monotonic() - began


def lived(people: Sequence[cast.Person]) -> bool:
    """Whether all of these have their history up to today."""
    today = timezone.now().date()
    return all(person.has_lived_until(today) for person in people)


def wait_for_all(team: run.Crew, began: float) -> dict[str, float]:
    """Wait for every patient and for one reminder over SMTP."""
    team.wait_for("every patient", lambda: lived(cast.PATIENTS), FILL_SECONDS)
    filled = time.monotonic() - began
    return {"filled_seconds": filled, "reminder_seconds": _remind(team)}


def watch(team: run.Crew, tell: Callable[[str], object]) -> None:
    """Say who has come in, until Ctrl-C; end if a part of the demo does."""
    told = 0
    while True:
        team.check()
        today = timezone.now().date()
        number = sum(person.has_lived_until(today) for person in cast.PATIENTS)
        if number != told:
            told = number
            tell(f"{number} of {len(cast.PATIENTS)} patients are here")
        time.sleep(1)


def _remind(team: run.Crew) -> float:
    """Let one patient ask to be reminded at the next full minute, and wait for the message."""
    person = _not_reminded()
    known = {mail.key for mail in mailbox.mails()}
    asked = time.monotonic()
    _ask_for_reminder(person, timezone.now())

    def arrived() -> bool:
        return any(mail.to == person.email for mail in mailbox.mails() if mail.key not in known)

    team.wait_for("the reminder", arrived, REMINDER_SECONDS)
    return time.monotonic() - asked


def _not_reminded() -> cast.Person:
    """Somebody who runs a program, was reminded of no session yet and has no message waiting."""
    with clinic_scope(cast.CLINIC_ID):
        told = Occurrence.objects.filter(Q(kind=Kind.SESSION_DUE) | Q(state="planned"))
        waiting = Program.objects.filter(status=Program.Status.ACTIVE).exclude(
            patient__in=told.values("patient")
        )
        emails = set(waiting.values_list("patient__email", flat=True))
    others = (person for person in cast.PATIENTS if person.number not in WAYS)
    return next(person for person in others if person.email in emails)


def _ask_for_reminder(person: cast.Person, now: datetime) -> None:
    """Choose a time and a zone in which it is noon, so that no quiet hour is in the way."""
    east = 12 - now.hour
    with clinic_scope(cast.CLINIC_ID):
        patient = Patient.objects.get(email=person.email)
        user = User.objects.get(email=person.email)
        by = Actor(user.id, user.name, Role.PATIENT, cast.CLINIC_ID, patient.id)
        zone = f"Etc/GMT{-east:+d}" if east else "Etc/GMT"
        hearing = Hearing(wanted=True, at=next_minute(now + timedelta(hours=east)))
        choose_place(patient=patient, language=patient.language, time_zone=zone, by=by)
        choose_hearing(patient=patient, hearing=hearing, by=by, at=now)
