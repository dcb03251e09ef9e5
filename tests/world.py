"""One clinic, one patient with a program, a session, a decision: an object for every URL."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Clinic, User
from accounts.roles import Actor, Role
from exercises.models import Picture
from patients import services as people
from patients.models import Patient
from programs.decisions.effects import key_of
from programs.logging import services as logs
from programs.models import Decision, Prescription, Program, Session, Signal, Template
from programs.prescribing.dosing import DoseWanted, change_dose
from programs.prescribing.drafting import keep_draft
from reminders.models import Kind, Occurrence
from tests.desk.monitoring.given import watched
from tests.factories import MembershipFactory, PatientAccessFactory
from tests.programs.prescribing.given import desk


@dataclass
class World:
    """Everything an address may name."""

    PARAMETERS: ClassVar[set[str]] = {
        "patient_id",
        "program",
        "program_id",
        "version",
        "session",
        "session_id",
        "prescription_id",
        "side",
        "decision_id",
        "signal_id",
        "occurrence_id",
        "token",
        "slug",
        "number",
        "uidb36",
        "key",
        "set_key",
        "day",
        "slot",
        "place",
        "language",
        "revision_id",
        "picture_id",
        "phase_id",
        "template_id",
        "object_id",
        "app_label",
        "content_type_id",
        "url",
    }

    clinic: Clinic
    patient: Patient
    patient_user: User
    clinician_user: User
    owner_user: User
    program: Program
    session: Session
    prescription: Prescription
    phase_id: UUID
    revision_id: UUID
    picture_id: UUID
    decision: Decision
    signal: Signal
    occurrence_id: UUID
    token: str

    def arguments(self) -> dict[str, Any]:
        """A value for each parameter of an address, by name."""
        return {
            "patient_id": self.patient.id,
            "program": self.program.id,
            "program_id": self.program.id,
            "version": 1,
            "session": self.session.id,
            "session_id": self.session.id,
            "prescription_id": self.prescription.id,
            "decision_id": self.decision.id,
            "signal_id": self.signal.id,
            "occurrence_id": self.occurrence_id,
            "side": "left",
            "token": self.token,
            "slug": "standing-curl",
            "number": 1,
            "uidb36": "1",
            "key": "a-b",
            "day": (self.session.local_date - timedelta(days=1)).isoformat(),
            "slot": 1,
            "place": 1,
            "set_key": key_of(self.session.id, self.prescription.id, "left", 1),
            "language": "en",
            "revision_id": self.revision_id,
            "picture_id": self.picture_id,
            "phase_id": self.phase_id,
            "template_id": self.program.template_id,
            "object_id": "0",
            "app_label": "exercises",
            "content_type_id": 1,
            "url": "nowhere",
        }


def make_world(name: str) -> World:
    """A patient of this name, half way through the day's session."""
    now = timezone.now()
    given = desk(name=name, email="canary@home.example")
    access = PatientAccessFactory.create(patient=given.patient)
    actor = Actor(
        access.user_id, access.user.name, Role.PATIENT, given.patient.clinic_id, given.patient.id
    )
    start_on = now.date() - timedelta(days=1)
    program = given.assign(replace(given.changes(), start_on=start_on))
    with given.scope():
        prescription = program.prescriptions.get()
        wanted = DoseWanted(step=1, sets=2, reps=10, reason="canary")
        change_dose(prescription=prescription, side="left", wanted=wanted, by=given.by, at=now)
        template = Template.objects.get(key="standing-curl")
        watched(given.patient, given.by, now)
        keep_draft(patient=given.patient, template=template, told={}, by=given.by, at=now)
        return World(
            clinic=given.patient.clinic,
            patient=given.patient,
            patient_user=access.user,
            clinician_user=User.objects.get(id=given.by.user_id),
            owner_user=MembershipFactory.create(clinic=given.patient.clinic, role=Role.OWNER).user,
            program=program,
            session=logs.start_session(program=program, by=actor, at=now),
            prescription=prescription,
            phase_id=prescription.phase_id,
            revision_id=prescription.steps.all()[0].revision_id,
            picture_id=_picture(program, now).id,
            decision=Decision.objects.latest("at"),
            signal=_signal(program, now),
            occurrence_id=_occurrence(program, now).id,
            token=people.invite_patient(patient=given.patient, by=given.by, at=now),
        )


def _picture(program: Program, now: datetime) -> Picture:
    file = ContentFile(b"a picture", name="a.webp")
    return Picture.objects.create(clinic_id=program.clinic_id, file=file, width=2, height=1, at=now)


def _signal(program: Program, now: datetime) -> Signal:
    return Signal.objects.create(
        clinic_id=program.clinic_id,
        patient_id=program.patient_id,
        program=program,
        kind=Signal.Kind.SILENT,
        since=now,
    )


def _occurrence(program: Program, now: datetime) -> Occurrence:
    return Occurrence.objects.create(
        clinic_id=program.clinic_id,
        patient_id=program.patient_id,
        program=program,
        kind=Kind.SESSION_DUE,
        local_date=now.date(),
        due_at=now,
        not_before=now,
        not_after=now + timedelta(hours=3),
    )
