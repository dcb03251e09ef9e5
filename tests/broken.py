"""One row of each model as the database takes it, and the ways in which it refuses one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import ForeignKey, Model

from accounts.models import (
    AuditEvent,
    Change,
    Clinic,
    ClinicRow,
    Membership,
    StaffInvitation,
    TextAsked,
    User,
)
from accounts.scope import clinic_scope
from desk import models as desk
from exercises.models import (
    Exercise,
    Ladder,
    LadderStep,
    LibraryImport,
    Picture,
    Reference,
    Revision,
)
from patients.models import (
    Absence,
    CareLink,
    CaseloadRow,
    Consent,
    Invitation,
    Message,
    OutcomeScore,
    Patient,
    ThreadRead,
)
from programs import models as programs
from reminders.models import (
    CalendarFeed,
    DeadAddress,
    Device,
    Heartbeat,
    Occurrence,
    OptOut,
    Receipt,
    Schedule,
)
from tests.conftest import NOW

DAY = date(2026, 11, 23)
LATER = NOW + timedelta(hours=1)
DOSE, SPANS = {"sets": 2, "reps": 8}, {"sets": [2, 3], "reps": [8, 12]}
APPS = ("accounts", "desk", "exercises", "patients", "programs", "reminders")
OTHER = object()  # somebody else than the one person of these rows
PLAIN: dict[type[Model], dict[str, Any]] = {
    User: {"email": "someone@clinic.example", "name": "Someone"},
    Clinic: {"name": "Clinic"},
    Membership: {"role": "clinician", "clinic": Clinic},
    AuditEvent: {"kind": "read", "route": "a:page"},
    TextAsked: {"number": "0", "address": "0", "at": NOW},
    StaffInvitation: {
        "email": "new@clinic.example",
        "name": "New",
        "role": "clinician",
        "token_hash": "0",
        "at": NOW,
        "expires_at": LATER,
    },
    Change: {"kind": "program", "subject": UUID(int=1), "clinic_id": UUID(int=1)},
    Exercise: {"slug": "curl"},
    Revision: {"number": 1, "body": {"en": {}, "es": {}}, "figure": {"pose": "nordic"}},
    Ladder: {"slug": "curls", "title": {}},
    LadderStep: {
        "key": "first",
        "position": 0,
        "laterality": "each",
        "entry": DOSE,
        "bounds": SPANS,
    },
    LibraryImport: {"name": "a.json", "total": 1, "at": NOW},
    Picture: {"clinic": Clinic, "file": "pictures/a.webp", "width": 2, "height": 1, "at": NOW},
    Reference: {"key": "one", "citation": "c", "doi": "10.1000/x", "note": {}},
    Patient: {"name": "Patient", "affected_side": "left"},
    Absence: {"stand_in": OTHER, "since": NOW, "until": LATER},
    CareLink: {"kind": "team"},
    CaseloadRow: {"key": "maya", "name": "maya"},
    Consent: {"kind": "care", "wording": "first", "language": "en", "given_at": NOW},
    Invitation: {"token_hash": "0", "created_at": NOW, "expires_at": LATER},
    Message: {"from_patient": True, "body": "Hello", "key": UUID(int=1), "at": NOW},
    OutcomeScore: {
        "kind": "change",
        "value": 2,
        "local_date": DAY,
        "from_patient": True,
        "at": NOW,
    },
    ThreadRead: {"up_to": NOW},
    programs.Template: {"key": "curl", "name": {}, "body": {}, "ruleset": {}},
    programs.Draft: {"at": NOW},
    programs.Program: {
        "start_on": DAY,
        "end_on": DAY,
        "weekdays": [0, 3],
        "ruleset": {},
        "ruleset_hash": "0",
        "assigned_at": NOW,
    },
    programs.Discharge: {"reason": "goals", "plan": "Walk", "contact": "Us", "at": NOW},
    programs.Interruption: {"kind": "pause", "first_day": DAY},
    programs.PrescriptionStep: {"position": 0, "laterality": "each", "entry": {}, "bounds": {}},
    programs.DoseVersion: {"side": "left", "number": 1, "step": 0, **DOSE, "at": NOW},
    programs.Session: {
        "local_date": DAY,
        "zone": "UTC",
        "planned_sets": 2,
        "started_at": NOW,
        "received_at": NOW,
    },
    programs.SetLog: {
        "key": UUID(int=1),
        "side": "left",
        "number": 1,
        "reps": 8,
        "done_at": NOW,
        "received_at": NOW,
    },
    programs.PainReport: {"pain": 3, "at": NOW},
    programs.SessionReport: {"effort": 5, "at": NOW},
    programs.CheckIn: {"feel": "same", "at": NOW},
    programs.SessionNote: {"text": "Fine", "at": NOW},
    programs.UsualPain: {"pain": 3, "at": NOW},
    programs.NotToday: {"local_date": DAY, "reason": "time", "at": NOW},
    programs.RedFlag: {"flag": "calf_swelling", "at": NOW},
    programs.Clearance: {"reason": "Seen", "at": NOW},
    programs.Decision: {
        "side": "left",
        "number": 1,
        "trigger": "session",
        "kind": "hold",
        "approval": "auto",
        "snapshot": {},
        "trace": {},
        "ruleset_hash": "0",
        "at": NOW,
    },
    programs.Answer: {"kind": "accepted", "dose": programs.DoseVersion, "at": NOW},
    programs.Signal: {"kind": "stuck", "since": NOW},
    programs.QueueRow: {"kind": "stuck", "rank": 4, "since": NOW, "name": "Maya"},
    programs.QueueCount: {"stuck": 1},
    programs.FurtherAnswer: {"name": "soreness", "value": "2", "at": NOW},
    programs.Finding: {"name": "strength", "number": 1, "on": DAY, "at": NOW},
    Schedule: {"zone": "UTC", "plan": {}, "patient": Patient, "program": programs.Program},
    Occurrence: {
        "patient": Patient,
        "program": programs.Program,
        "kind": "session_due",
        "local_date": DAY,
        "due_at": NOW,
        "not_before": NOW,
        "not_after": LATER,
    },
    OptOut: {"wording": "first", "at": NOW},
    DeadAddress: {"channel": "email", "address": "a@b.example", "reason": "550", "at": NOW},
    Device: {"endpoint": "https://push.example/1", "p256dh": "0", "auth": "0", "at": NOW},
    CalendarFeed: {"token_hash": "0", "at": NOW},
    Receipt: {"channel": "sms", "occurrence": UUID(int=1), "event": "delivered"},
    Heartbeat: {"name": "worker", "at": NOW},
    desk.Episode: {
        "started_on": DAY,
        "consent_on": DAY,
        "consent_way": "written",
        "software": "Flexion",
        "at": NOW,
    },
    desk.Timer: {"activity": "review", "started_at": NOW, "active_at": NOW},
    desk.TimeEntry: {
        "activity": "review",
        "started_at": NOW,
        "stopped_at": LATER,
        "by_hand": False,
        "reason": "Longer",
        "at": NOW,
    },
    desk.Contact: {
        "held_at": NOW,
        "method": "phone",
        "outcome": "patient",
        "reason": "Later",
        "at": NOW,
    },
}


@dataclass
class Rows:
    """Rows of one clinic: one a model, made with all that it needs when it is asked for."""

    number: int = 0
    made: dict[type[Model], Model] = field(default_factory=dict)

    def one(self, model: type[Model]) -> Model:
        if model not in self.made:
            self.made[model] = self.new(model)
            self.made[model].save(force_insert=True)
        return self.made[model]

    def new(self, model: type[Model], **changed: Any) -> Model:
        """A row to write; a model as a value stands for the clinic's row of it."""
        told = {
            name: self.one(value) if isinstance(value, type) else value
            for name, value in (self.fields(model) | changed).items()
        }
        return model(**{n: self.other() if value is OTHER else value for n, value in told.items()})

    def other(self) -> User:
        address = f"other{self.number}@clinic.example"
        return User.objects.get_or_create(email=address, defaults={"name": "Other"})[0]

    def fields(self, model: type[Model]) -> dict[str, Any]:
        """What a row of this model needs, and no more."""
        needed = {
            key.name: self.one(key.related_model)
            for key in foreign_keys(model)
            if not key.null and key.name not in PLAIN.get(model, {})
        }
        own = {"email": f"person{self.number}@clinic.example"} if model is User else {}
        return PLAIN.get(model, {}) | needed | own

    @contextmanager
    def scope(self, *others: "Rows") -> Iterator[None]:
        clinics = [rows.one(Clinic) for rows in (self, *others)]
        with clinic_scope(*(clinic.pk for clinic in clinics)):
            yield


@dataclass(frozen=True)
class Broken:
    """A constraint, and the row that it refuses; `twice` is the row that comes after such a one."""

    constraint: str
    model: type[Model]
    fields: dict[str, Any]
    twice: dict[str, Any] | None = None

    def __str__(self) -> str:
        return self.constraint

    def try_it(self) -> None:
        """Write what comes before; then what must be refused, by this constraint and no other."""
        rows = Rows()
        with rows.scope():
            if self.twice is not None:
                written(rows.new(self.model, **self.fields))
            last = self.fields | (self.twice or {})
            refused(rows.new(self.model, **last), self.constraint)


def once(constraint: str, model: type[Model], **fields: Any) -> Broken:
    """A row with these values can't be."""
    return Broken(constraint, model, fields)


def twice(
    constraint: str, model: type[Model], then: dict[str, Any] | None = None, **fields: Any
) -> Broken:
    """Of rows with these values there is one; the second differs by `then`."""
    return Broken(constraint, model, fields, then or {})


def written(row: Model) -> None:
    with transaction.atomic():
        row.save(force_insert=True)
        connection.check_constraints()


def refused(row: Model, constraint: str) -> None:
    with pytest.raises(IntegrityError) as refusal:
        written(row)
    cause = refusal.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == constraint


def own_models() -> list[type[Model]]:
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def foreign_keys(model: type[Model]) -> list[Any]:
    return [key for key in model._meta.concrete_fields if isinstance(key, ForeignKey)]


def ties() -> list[tuple[type[Model], Any]]:
    """Each way from a clinic's row to another row of a clinic."""
    return [
        (model, key)
        for model in own_models()
        for key in foreign_keys(model)
        if issubclass(model, ClinicRow) and issubclass(key.related_model, ClinicRow)
    ]
