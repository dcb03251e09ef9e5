"""People and programs that reminders are tried on, and a mail server that notes what it takes."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from aiosmtpd.controller import Controller
from django.conf import settings
from django.test import override_settings

from accounts.changes import changed
from accounts.scope import clinic_scope
from patients.models import Consent, Patient
from programs.models import DoseVersion, Phase, Prescription, Program, RedFlag, Session, SetLog
from reminders import services
from reminders.models import Kind, Occurrence, Schedule
from tests.factories import CareLinkFactory, MembershipFactory, PatientFactory, UserFactory

CANARY = "Zyxwvut Quorntester"
MONDAY = date(2026, 11, 23)
DUE = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
BEFORE = DUE - timedelta(hours=6)


def a_program(*, consent: bool = True, **patient: Any) -> Program:
    """A program on Mondays and Thursdays with a reminder at 18:00, its Change row waiting."""
    fields = {"name": CANARY, "reminder_at": time(18), "time_zone": "UTC"} | patient
    person = PatientFactory.create(**fields)
    with clinic_scope(person.clinic_id):
        program = Program.objects.create(
            clinic=person.clinic,
            patient=person,
            start_on=MONDAY - timedelta(days=14),
            end_on=MONDAY + timedelta(days=60),
            weekdays=[0, 3],
            ruleset={},
            ruleset_hash="0",
            assigned_by=(clinician := UserFactory.create()),
            lead=clinician,
            assigned_at=BEFORE,
        )
        if consent:
            agree(person)
        changed(kind="program", subject=program.id, clinic=program.clinic_id)
    return program


def agree(
    patient: Patient, at: datetime = BEFORE, kind: Consent.Kind = Consent.Kind.REMINDERS_EMAIL
) -> None:
    Consent.objects.create(
        clinic=patient.clinic,
        patient=patient,
        kind=kind,
        wording="test",
        language="en",
        given_at=at,
    )


def planned(program: Program) -> Occurrence:
    """Plan the program's session of Monday and return its message."""
    plan(BEFORE)
    plan(DUE)
    return the_message(program)


def plan(now: datetime) -> list[UUID]:
    """Run one tick; returns the ids that it would have queued."""
    queued: list[UUID] = []
    services.plan_due(now=now, enqueue=lambda channel, ids: queued.extend(ids))
    return queued


def sweep(now: datetime) -> list[UUID]:
    queued: list[UUID] = []
    services.sweep(now=now, enqueue=lambda channel, ids: queued.extend(ids))
    return queued


def send(occurrence: Occurrence, now: datetime = DUE, **how: Any) -> int:
    """Deliver this one message by the channel that its row says; 1 if it left."""
    with clinic_scope(occurrence.clinic_id):
        channel = Occurrence.objects.get(id=occurrence.id).channel
    told: dict[str, Any] = {"clock": lambda: now} | how
    return services.deliver(channel=channel, occurrences=[occurrence.id], **told)


def the_message(program: Program) -> Occurrence:
    with clinic_scope(program.clinic_id):
        rows = Occurrence.objects.select_related("patient")
        return rows.get(program=program, kind=Kind.SESSION_DUE)


def the_schedule(program: Program) -> Schedule:
    with clinic_scope(program.clinic_id):
        return Schedule.objects.get(program=program, kind=Kind.SESSION_DUE)


def change(program: Program, *, say: str = "program", **values: Any) -> None:
    """Change the program's row and leave the Change that goes with it."""
    with clinic_scope(program.clinic_id):
        Program.objects.filter(id=program.id).update(**values)
        changed(kind=say, subject=program.id, clinic=program.clinic_id)


def train(program: Program, *, sets: int, of: int = 4) -> None:
    """Log `sets` of Monday's planned sets, without ending the session."""
    with clinic_scope(program.clinic_id):
        own = {"clinic": program.clinic}
        phase = Phase.objects.create(program=program, **own)
        prescription = Prescription.objects.create(
            program=program, phase=phase, sides="left", **own
        )
        dose = DoseVersion.objects.create(
            prescription=prescription,
            side="left",
            number=1,
            step=0,
            sets=of,
            reps=8,
            at=BEFORE,
            **own,
        )
        session = Session.objects.create(
            program=program,
            local_date=MONDAY,
            zone="UTC",
            planned_sets=of,
            started_at=BEFORE,
            received_at=BEFORE,
            **own,
        )
        for number in range(1, sets + 1):
            SetLog.objects.create(
                key=UUID(int=number),
                session=session,
                prescription=prescription,
                dose=dose,
                side="left",
                number=number,
                reps=8,
                done_at=BEFORE,
                received_at=BEFORE,
                **own,
            )


def raise_flag(program: Program, at: datetime = DUE) -> RedFlag:
    """A red flag with its Change row."""
    with clinic_scope(program.clinic_id):
        flag = RedFlag.objects.create(
            clinic=program.clinic, program=program, flag="calf_swelling", at=at
        )
        changed(kind="red_flag", subject=flag.id, clinic=program.clinic_id)
    return flag


def a_clinician_of(patient: Patient) -> Any:
    """A clinician on the patient's care team."""
    membership = MembershipFactory.create(clinic=patient.clinic)
    CareLinkFactory.create(patient=patient, user=membership.user)
    return membership.user


class MailServer:
    """An SMTP server that keeps every message; `answers` are said first, one a message."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.taken: list[bytes] = []
        self.answers: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answers:
            return self.answers.pop(0)
        self.taken.append(envelope.content)
        return "250 taken"

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for raw in self.taken]


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A real mail server on a free port, which the settings point to."""
    server = MailServer(free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        with override_settings(MAILERS=mailers(server.port)):
            yield server
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
    return port


def mailers(port: int) -> dict[str, Any]:
    """The settings' mailers, with the SMTP server of this port as the default."""
    smtp = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 2},
    }
    return {**settings.MAILERS, "default": smtp}
