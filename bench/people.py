"""The bench's clinic: one clinician, forty patients, one of them with twelve weeks behind them.

Everything is done by the services that the pages call, with `at` in the past.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from accounts.models import Clinic, Membership, User
from accounts.roles import Actor, Role
from accounts.scope import clinic_scope
from exercises.services import load_shipped_library
from patients import services as patients
from patients.models import Patient
from programs.decisions import services as decisions
from programs.logging import services as logs
from programs.logging.cards import next_card
from programs.logging.entries import as_planned
from programs.models import Decision, Program, Session, Template
from programs.prescribing.plan import load_source, unchanged
from programs.prescribing.services import assign_program
from programs.prescribing.shipped import load_shipped_templates

PATIENTS, WEEKS = 40, 12
DAY = timedelta(days=1)
PASSWORD = "a long and plain password"  # noqa: S105  of a database that lives for one run


@dataclass
class Trainee:
    """One patient, the person who signs in as them, and their program once they have one."""

    patient: Patient
    user: User
    by: Actor
    program: Program | None = None


@dataclass
class Practice:
    """The clinic and its people."""

    clinic: Clinic
    user: User
    clinician: Actor
    now: datetime
    joined: int = 0

    def scope(self) -> Any:
        return clinic_scope(self.clinic.id)

    def join(self, at: datetime) -> Trainee:
        """Be added, invited, and accept."""
        self.joined += 1
        fields = {
            "name": f"Bench Patient{self.joined:03}",
            "email": f"patient{self.joined:03}@{self.clinic.id}.example",
            "affected_side": "left",
            "birth_date": date(1970, 1, 1),
            "equipment": ["chair", "mat", "band_yellow", "band_red"],
        }
        with self.scope():
            patient = patients.create_patient(fields=fields, by=self.clinician, at=at)
            token = patients.invite_patient(patient=patient, by=self.clinician, at=at)
        invitation = patients.find_invitation(token=token, at=at)
        with self.scope():
            user = patients.user_for_invitation(invitation=invitation)
        patients.accept_invitation(
            invitation=invitation, user=user, reminders=True, reminder_at=time(18), at=at
        )
        by = Actor(user.id, user.name, Role.PATIENT, self.clinic.id, patient.id)
        with self.scope():
            logs.tell_usual_pain(patient=patient, pain=1, by=by, at=at)
        return Trainee(patient, user, by)

    def assign(self, trainee: Trainee, at: datetime, *, full: bool = False) -> None:
        """The standing curl at home, on every other day; `full` begins at the most reps."""
        with self.scope():
            source = load_source(template=Template.objects.get(clinic=None, key="standing-curl"))
            plan = unchanged(source, start_on=at.date())
            first = plan.exercises[0]
            if full:
                first = replace(first, sets=3, reps_from=first.reps_to)
            changes = replace(plan, weeks=40, weekdays=tuple(range(7)), exercises=(first,))
            trainee.program = assign_program(
                patient=trainee.patient, source=source, changes=changes, by=self.clinician, at=at
            )

    def train(self, trainee: Trainee, at: datetime, pain: int = 1, effort: int = 5) -> None:
        """A whole session, the morning after it, and the clinician's yes to what it proposes."""
        if trainee.program is None:
            raise LookupError("nothing is prescribed")
        with self.scope():
            session = logs.start_session(program=trainee.program, by=trainee.by, at=at)
            while self._go_on(session, trainee.by, at, pain, effort):
                at += timedelta(minutes=1)
        with self.scope():
            morning = at + DAY
            logs.check_in(session=session, feel="same", by=trainee.by, at=morning)

    def _go_on(self, session: Session, by: Actor, at: datetime, pain: int, effort: int) -> bool:
        card = next_card(logs.load_progress(session))
        if card.kind == "set":
            logs.log_set(session=session, entry=as_planned(card), by=by, at=at)
        elif card.kind in ("pain", "place"):
            logs.report_pain(
                session=session,
                prescription=card.prescription,
                pain=pain,
                side="left",
                place="knee_back" if card.kind == "place" else "",
                revision=card.kind == "place",
                by=by,
                at=at,
            )
        else:
            logs.finish_session(session=session, effort=effort, by=by, at=at)
        return card.kind != "effort"

    def accept_all(self, trainee: Trainee, at: datetime) -> None:
        with self.scope():
            for decision in Decision.objects.filter(program=trainee.program).open_proposals():
                decisions.accept_proposal(decision=decision, by=self.clinician, at=at)

    def waiting(self, trainee: Trainee) -> list[Decision]:
        with self.scope():
            return list(Decision.objects.filter(program=trainee.program).open_proposals())


def open_practice(now: datetime) -> Practice:
    """Load what ships; make the clinic and its clinician."""
    begun = now - timedelta(weeks=WEEKS)
    load_shipped_library(at=begun)
    load_shipped_templates()
    clinic = Clinic.objects.create(name="Bench clinic", phone="+1 555 0100")
    email = f"clinician@{clinic.id}.example"
    user = User.objects.create_user(email, PASSWORD, name="Bench Clinician")
    Membership.objects.create(user=user, clinic=clinic, role=Role.CLINICIAN, since=begun)
    return Practice(clinic, user, Actor(user.id, user.name, Role.CLINICIAN, clinic.id), now)


def weeks_behind(practice: Practice, weeks: int = WEEKS) -> Trainee:
    """The measured patient: a session every other day, now and then with more pain."""
    at = practice.now - timedelta(weeks=weeks)
    trainee = practice.join(at - DAY)
    practice.assign(trainee, at)
    for number in range(weeks * 7 // 2 - 1):
        day = at + 2 * number * DAY
        practice.train(trainee, day, pain=5 if number % 11 == 7 else 1)
        practice.accept_all(trainee, day + timedelta(hours=26))
    return trainee


def others(practice: Practice, number: int) -> list[Trainee]:
    """The rest of the caseload: a month old, a session done; for every fourth a proposal waits."""
    found = [practice.join(practice.now - 30 * DAY) for _ in range(number)]
    for place, trainee in enumerate(found):
        practice.assign(trainee, practice.now - 29 * DAY, full=True)
        practice.train(trainee, practice.now - 28 * DAY)
        if place % 4 == 0:
            until_a_proposal_waits(practice, trainee)
    return found


def until_a_proposal_waits(practice: Practice, trainee: Trainee) -> None:
    """Train on, up to yesterday, until a rule proposes."""
    for days_ago in range(26, 1, -2):
        if practice.waiting(trainee):
            return
        practice.train(trainee, practice.now - days_ago * DAY)
