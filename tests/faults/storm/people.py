"""Who is due and when, what they do meanwhile, and a second, plain planner's word on each.

Everything follows from the seed. Each person has one program with one session in the storm's time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.ids import uuid7
from accounts.models import Change, Clinic, User
from accounts.scope import clinic_scope
from config.demo.notices import KEYS
from patients.models import Channel, Consent, Patient, PatientAccess
from programs.models import Program, Session
from reminders.models import Device, Schedule
from reminders.services import stop_channel

ZONES = ("UTC", "America/New_York", "Europe/Madrid", "Asia/Kolkata", "Pacific/Auckland")
FATES = ("plain",) * 16 + ("stops", "trains", "quiet", "again")
ORDERS = (
    ("email",), ("email",), ("email", "sms"), ("sms",), ("sms", "email"), ("push",),
    ("push", "email"),
)  # fmt: skip
BEFORE, AFTER = timedelta(seconds=6), timedelta(seconds=14)
CLINICS, MINUTE = 8, timedelta(minutes=1)


@dataclass(frozen=True)
class Person:
    """One patient: `due` is the instant of the session's reminder, `fate` what they do."""

    patient: UUID
    program: UUID
    clinic: UUID
    zone: str
    channels: tuple[str, ...]
    fate: str
    due: datetime

    @property
    def acts_at(self) -> datetime:
        """When they do it: shortly before it is due, or after it was told."""
        return self.due + AFTER if self.fate == "again" else self.due - BEFORE

    @property
    def is_owed(self) -> bool:
        """The plain planner's word: whether this message has to arrive."""
        return self.fate in ("plain", "again")

    @property
    def local_date(self) -> date:
        return self.due.astimezone(ZoneInfo(self.zone)).date()


def invent(random: Random, number: int, first: datetime, seconds: float) -> list[Person]:
    """People whose reminders fall evenly into this span, each on a whole minute."""
    clinics, fates = [uuid7() for _ in range(CLINICS)], [*FATES] * (1 + number // len(FATES))
    random.shuffle(fates)
    people = []
    for place in range(number):
        due = (first + timedelta(seconds=seconds * place / number)).replace(second=0, microsecond=0)
        due += MINUTE
        people.append(
            Person(
                uuid7(),
                uuid7(),
                random.choice(clinics),
                random.choice(ZONES),
                random.choice(ORDERS),
                fates[place],
                due,
            )
        )
    return people


def settle(people: Sequence[Person], push_url: str, now: datetime) -> None:
    """Write them all down, each with a Change that production's tick turns into a schedule."""
    user = User.objects.create_user("lead@clinic.example", name="Storm Lead")
    for clinic in sorted({person.clinic for person in people}):
        mine = [person for person in people if person.clinic == clinic]
        Clinic.objects.create(id=clinic, name="Storm")
        with clinic_scope(clinic):
            Patient.objects.bulk_create(map(_patient, mine))
            Program.objects.bulk_create(_program(person, user) for person in mine)
            Consent.objects.bulk_create(each for one in mine for each in _consents(one, now))
            pushed = [person for person in mine if "push" in person.channels]
            PatientAccess.objects.bulk_create(_access(person, user, now) for person in pushed)
            Device.objects.bulk_create(_device(person, user, push_url, now) for person in pushed)
            Change.objects.bulk_create(
                Change(kind="program", subject=person.program, clinic_id=clinic) for person in mine
            )


def _patient(person: Person) -> Patient:
    local = person.due.astimezone(ZoneInfo(person.zone)).time()
    return Patient(
        id=person.patient,
        clinic_id=person.clinic,
        name="Storm Person",
        email=f"{person.patient}@people.example",
        phone=f"+1201555{person.patient.int % 10_000:04}",
        affected_side="left",
        time_zone=person.zone,
        reminder_at=local,
        channels=list(person.channels),
        quiet_from="00:00",
        quiet_until="00:00",
    )


def _program(person: Person, user: User) -> Program:
    return Program(
        id=person.program,
        clinic_id=person.clinic,
        patient_id=person.patient,
        start_on=person.local_date,
        end_on=person.local_date,
        weekdays=[*range(7)],
        ruleset={},
        ruleset_hash="0",
        assigned_by=user,
        lead=user,
        assigned_at=person.due - timedelta(days=1),
    )


def _consents(person: Person, now: datetime) -> Iterator[Consent]:
    for channel in person.channels:
        yield Consent(
            clinic_id=person.clinic,
            patient_id=person.patient,
            kind=Consent.Kind.to_reminders(channel),
            wording="storm",
            language="en",
            given_at=now,
        )


def _access(person: Person, user: User, now: datetime) -> PatientAccess:
    return PatientAccess(
        clinic_id=person.clinic, user=user, patient_id=person.patient, consented_at=now
    )


def _device(person: Person, user: User, url: str, now: datetime) -> Device:
    return Device(
        clinic_id=person.clinic,
        patient_id=person.patient,
        user=user,
        endpoint=f"{url}/{person.patient}",
        at=now,
        **KEYS,
    )


def act(person: Person) -> None:
    """Do what this person does, in one transaction."""
    now = datetime.now(UTC)
    with clinic_scope(person.clinic):
        if person.fate == "stops":
            for channel in person.channels:
                _stop(person, channel, now)
        elif person.fate == "trains":
            Session.objects.create(
                clinic_id=person.clinic,
                program_id=person.program,
                local_date=person.local_date,
                zone=person.zone,
                planned_sets=1,
                started_at=now,
                finished_at=now,
                received_at=now,
            )
        else:
            _change(person, now)


def _stop(person: Person, channel: str, now: datetime) -> None:
    stop_channel(
        clinic=person.clinic,
        patient=person.patient,
        channel=Channel(channel),
        wording="storm",
        at=now,
    )


def _change(person: Person, now: datetime) -> None:
    """Quiet hours from now on; or the schedule is set back, as by a planner that forgot."""
    if person.fate == "again":
        mine = Schedule.objects.filter(program=person.program, kind="session_due")
        mine.update(active=True, next_on=person.local_date, next_due_at=now)
        return
    local = now.astimezone(ZoneInfo(person.zone))
    Patient.objects.filter(id=person.patient).update(
        quiet_from=(local - timedelta(hours=1)).time(),
        quiet_until=(local + timedelta(hours=9)).time(),
    )
