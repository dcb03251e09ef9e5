"""A patient with a program of the standing curl, and what they do with it, for tests."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Clinic
from accounts.roles import Actor
from accounts.scope import clinic_scope
from exercises.models import Exercise, Revision
from exercises.shipped import exercises
from patients.models import Patient
from programs.codec import to_json
from programs.doses import columns
from programs.logging import services as logging
from programs.logging.cards import next_card
from programs.logging.entries import as_planned
from programs.models import (
    DoseVersion,
    Phase,
    Prescription,
    PrescriptionStep,
    Program,
    Session,
    SetLog,
)
from programs.progression import load_preset
from programs.progression.types import Bounds, Dose, Span
from tests.factories import CareLinkFactory, PatientFactory, clinician_for, patient_actor

DAY = timedelta(days=1)
SLUGS = ("standing-curl-limited", "standing-curl", "bridge")
ENTRY = Dose(sets=2, reps=8, range_deg=45)
BOUNDS = Bounds(sets=Span(2, 3), reps=Span(8, 12, 2))


@dataclass
class Person:
    """A patient, their clinician and their program. Every act opens the clinic's scope."""

    clinic: Clinic
    patient: Patient
    actor: Actor
    clinician: Actor
    program: Program
    prescription: Prescription

    def scope(self) -> Any:
        return clinic_scope(self.clinic.id)

    def dose(self, side: str = "left") -> DoseVersion:
        with self.scope():
            rows = DoseVersion.objects.filter(prescription=self.prescription, side=side)
            return rows.order_by("-number")[0]

    def start(self, at: datetime) -> Session:
        with self.scope():
            return logging.start_session(program=self.program, by=self.actor, at=at)

    def log(self, session: Session, at: datetime, **changed: Any) -> logging.Logged | None:
        """Log the next set as planned, with changes; None when no set is left."""
        with self.scope():
            session = Session.objects.select_related("program").get(id=session.id)
            card = next_card(logging.load_progress(session))
            if card.kind != "set":
                return None
            entry = replace(as_planned(card, effort=8), **changed)
            return logging.log_set(session=session, entry=entry, by=self.actor, at=at)

    def train(self, at: datetime, pain: int = 1, effort: int = 5, **changed: Any) -> Session:
        """A whole session: every set, the pain, the effort."""
        session = self.start(at)
        while self.log(session, at, **changed):
            pass
        with self.scope():
            session = Session.objects.select_related("program").get(id=session.id)
            logging.report_pain(
                session=session,
                prescription=self.prescription.id,
                pain=pain,
                place="knee_front" if pain > 3 else "",
                by=self.actor,
                at=at,
            )
            logging.finish_session(session=session, effort=effort, by=self.actor, at=at)
        return session

    def wake(self, session: Session, at: datetime, feel: str = "same") -> None:
        with self.scope():
            session = Session.objects.select_related("program").get(id=session.id)
            logging.check_in(session=session, feel=feel, by=self.actor, at=at)

    def train_for(self, at: datetime, times: int, **told: Any) -> datetime:
        """Calm sessions every other day, each with its morning; returns the next free day."""
        for _ in range(times):
            self.wake(self.train(at, **told), at + DAY)
            at += 2 * DAY
        return at

    def all(self, model: Any) -> list[Any]:
        """Every row, in order of revision where there are any, else as they came."""
        revised = [each.name for each in model._meta.fields if each.name == "revision"]
        with self.scope():
            return list(model.objects.order_by(*revised, "id"))


def make_person(
    at: datetime,
    *,
    sides: str = "each",
    zone: str = "UTC",
    beside: Person | None = None,
    **entry: Any,
) -> Person:
    """A patient whose program starts on the day of `at`, on the first of three steps.

    `beside`: somebody else's clinician treats this one too.
    """
    if beside:
        patient, clinician = PatientFactory.create(clinic=beside.clinic), beside.clinician
        CareLinkFactory.create(patient=patient, user_id=clinician.user_id)
    else:
        patient = PatientFactory.create(time_zone=zone)
        clinician = clinician_for(patient)
    actor = patient_actor(patient)
    with clinic_scope(patient.clinic_id):
        program = _program(patient, clinician, at)
        prescription = _prescription(program, sides, ENTRY._replace(**entry), at)
    return Person(patient.clinic, patient, actor, clinician, program, prescription)


def _program(patient: Patient, clinician: Actor, at: datetime) -> Program:
    ruleset = load_preset("standing_curl_default")
    return Program.objects.create(
        clinic=patient.clinic,
        patient=patient,
        start_on=at.date(),
        end_on=at.date() + 84 * DAY,
        weekdays=list(range(7)),
        ruleset=ruleset.raw,
        ruleset_hash=ruleset.version,
        assigned_by_id=clinician.user_id,
        lead_id=clinician.user_id,
        assigned_at=at - DAY,
    )


def _prescription(program: Program, sides: str, entry: Dose, at: datetime) -> Prescription:
    clinic = program.clinic
    phase = Phase.objects.create(clinic=clinic, program=program)
    row = Prescription.objects.create(clinic=clinic, program=program, phase=phase, sides=sides)
    for position, slug in enumerate(SLUGS):
        PrescriptionStep.objects.create(
            clinic=clinic,
            prescription=row,
            position=position,
            revision=_revision(slug),
            laterality="both" if slug == "bridge" else "each",
            entry=to_json(ENTRY),
            bounds=to_json(BOUNDS),
        )
    for side in ("left", "right") if sides == "each" else (sides,):
        DoseVersion.objects.create(
            clinic=clinic,
            prescription=row,
            side=side,
            number=1,
            step=0,
            at=at - DAY,
            **columns(entry),
        )
    return row


def _revision(slug: str) -> Revision:
    exercise, made = Exercise.objects.get_or_create(slug=slug, clinic=None)
    if not made and (found := exercise.revisions.first()):
        return found
    content = exercises()[slug]
    return Revision.objects.create(
        exercise=exercise, number=1, body=content.body, figure=content.figure
    )


def logs_of(person: Person) -> list[SetLog]:
    return person.all(SetLog)
