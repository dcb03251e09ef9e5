"""Twelve weeks lived by the demo's people, through the services that the pages call.

Each day is one transaction, and everything about it follows from the person and the date: a
filling that was stopped goes on where it was.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.utils import timezone, translation

from accounts import audit
from accounts.changes import changed
from accounts.models import Clinic, Membership, User
from accounts.roles import LIBRARY_ROLES, PLATFORM, Actor, Role
from accounts.scope import clinic_scope
from config.demo import cast
from config.demo.hearing import choose_way
from config.demo.talk import talk
from exercises import services as library
from exercises.models import Revision
from patients import services as people
from patients.models import Patient, PatientAccess
from patients.scoring import rate_activity, rate_change
from programs.decisions import services as decisions
from programs.limits import GREEN
from programs.logging import services as logs
from programs.logging.cards import Card, next_card
from programs.logging.declining import say_not_today
from programs.logging.entries import SetEntry, as_planned
from programs.models import Decision, Program, Session, Template
from programs.prescribing.plan import load_source, unchanged
from programs.prescribing.services import assign_program
from programs.prescribing.shipped import load_shipped_templates
from programs.simulation import KINDS

EVENING, MORNING = time(18), time(7, 30)
HOUR = timedelta(hours=1)
LEFT_WAITING_DAYS = 7
SAYS_WHY = 0.4
SILENT_DAYS = 10  # the silent ones are silent now, too
STOPPED = (6, 26)  # these two met a warning sign at their last session
PARTS = 2  # one process for each core of a small machine


def refuse_foreign_database() -> None:
    """Raise CommandError in a database that holds any clinic but the demo's own."""
    if Clinic.objects.exclude(id=cast.CLINIC_ID).exists():
        raise CommandError("This database holds a real clinic: the demo does not touch it.")


def prepare(now: datetime) -> dict[str, Actor]:
    """Make the library, the templates, the clinic and its staff; return the staff by address."""
    refuse_foreign_database()
    library.load_shipped_library(at=now)
    load_shipped_templates()
    staff = _clinic_and_staff(now)
    _review_the_guide(staff[cast.LIBRARIAN.email], staff[cast.REVIEWER.email], now)
    return staff


def _review_the_guide(librarian: Actor, reviewer: Actor, now: datetime) -> None:
    """Let an invented person review the guide's own exercise; its page says so."""
    standing = Revision.objects.public().get(exercise__slug="standing-curl")
    if standing.reviewer_name:
        return
    begun = now - timedelta(weeks=cast.WEEKS)
    draft = library.start_draft(revision=standing, by=librarian, at=begun)
    library.submit_revision(revision=draft, by=librarian, at=begun)
    review = library.Review(
        credentials=cast.CREDENTIALS,
        bio=cast.BIOGRAPHY,
        due_on=begun.date() + timedelta(days=365),
        invented=True,
    )
    library.review_revision(revision=draft, review=review, by=reviewer, at=begun)
    library.publish_revision(revision=draft, by=librarian, at=begun)


def fill(part: int, tell: Callable[[str], object]) -> None:
    """Let this part's people live, one of each kind first; say each one."""
    now = timezone.now()
    staff = prepare(now)
    for person in cast.PATIENTS[part::PARTS]:
        if not person.has_lived_until(now.date()):
            Life(person, staff[person.clinician.email], now).live()
            choose_way(person, timezone.now())
            person.note_day(now.date())
        tell(f"{person.name}, {person.kind}")


def _clinic_and_staff(now: datetime) -> dict[str, Actor]:
    clinic, _new = Clinic.objects.get_or_create(
        id=cast.CLINIC_ID, defaults={"name": cast.CLINIC_NAME, "phone": "+1 555 0100"}
    )
    return {each.email: _colleague(each, clinic, now) for each in cast.STAFF}


def _colleague(colleague: cast.Colleague, clinic: Clinic, now: datetime) -> Actor:
    user = User.objects.filter(email=colleague.email).first() or User.objects.create_user(
        colleague.email, cast.PASSWORD, name=colleague.name
    )
    at = None if colleague.role in LIBRARY_ROLES else clinic
    _membership, new = Membership.objects.get_or_create(
        user=user, clinic=at, role=colleague.role, defaults={"since": now}
    )
    if new and at:
        changed(kind="member", subject=user.id, clinic=at.id)
    return Actor(user.id, user.name, colleague.role, at.id if at else PLATFORM)


class Life:
    """One patient's weeks, up to yesterday."""

    def __init__(self, person: cast.Person, clinician: Actor, now: datetime) -> None:
        self.person, self.clinician, self.now = person, clinician, now
        self.traits = KINDS[person.kind]
        self.sore = 0

    def live(self) -> None:
        """Invite, assign, then train day by day from where it was left."""
        with translation.override(self.person.language), clinic_scope(self.clinician.clinic_id):
            program = self._program()
        self._train_up_to_now(program)
        if self.person.number in STOPPED:
            self._meet_warning_sign(program)
        with clinic_scope(program.clinic_id):  # each by itself: others are still in their past
            decisions.decide_program(program=program.id, trigger="day.tick", at=self.now)

    def _meet_warning_sign(self, program: Program) -> None:
        with clinic_scope(program.clinic_id, user=self.actor.user_id):
            row = Program.objects.get(id=program.id)
            last = Session.objects.filter(program=row).latest("local_date")
            if row.status == Program.Status.ACTIVE:
                decisions.report_red_flag(
                    program=row, session=last, flag="calf", by=self.actor, at=self.now - HOUR
                )

    def _train_up_to_now(self, program: Program) -> None:
        last_seen = self._last_day(program)
        day = program.start_on if last_seen is None else last_seen + timedelta(days=1)
        while day < self.now.date():
            with (
                clinic_scope(program.clinic_id, user=self.actor.user_id),
                audit.trail("demo") as day_,
            ):
                self._spend(program.id, day)
                day_.write(self.actor)
            day += timedelta(days=1)

    def _program(self) -> Program:
        patient = Patient.objects.filter(email=self.person.email).first()
        begun = self.now - timedelta(weeks=cast.WEEKS)
        patient = patient or self._join(begun)
        access = PatientAccess.objects.select_related("user").get(patient=patient)
        self.actor = Actor(
            access.user_id, access.user.name, Role.PATIENT, patient.clinic_id, patient.id
        )
        return Program.objects.filter(patient=patient).first() or self._assign(patient, begun)

    def _join(self, at: datetime) -> Patient:
        """Be added, invited, and accept: the same three steps as in the browser."""
        person = self.person
        fields = {
            "name": person.name,
            "email": person.email,
            "phone": person.phone,
            "affected_side": person.side,
            "language": person.language,
            "birth_date": date(1960 + person.number, 1 + person.number % 12, 9),
            "equipment": ["chair", "mat", "band_yellow", "band_red"],
        }
        patient = people.create_patient(fields=fields, by=self.clinician, at=at)
        token = people.invite_patient(patient=patient, by=self.clinician, at=at)
        invitation = people.find_invitation(token=token, at=at)
        user = people.user_for_invitation(invitation=invitation)
        people.accept_invitation(
            invitation=invitation, user=user, reminders=True, reminder_at=EVENING, at=at
        )
        by = Actor(user.id, user.name, Role.PATIENT, patient.clinic_id, patient.id)
        logs.tell_usual_pain(patient=patient, pain=1, by=by, at=at)
        return patient

    def _assign(self, patient: Patient, at: datetime) -> Program:
        """The standing curl, on days that make today a day to train."""
        source = load_source(template=Template.objects.get(clinic=None, key="standing-curl"))
        today = self.now.date().weekday()
        changes = unchanged(source, start_on=at.date())
        changes = type(changes)(
            **{
                **vars(changes),
                "weeks": cast.WEEKS + 4,
                "weekdays": tuple(sorted((today + gap) % 7 for gap in (0, 2, 4))),
            }
        )
        return assign_program(
            patient=patient, source=source, changes=changes, by=self.clinician, at=at
        )

    def _last_day(self, program: Program) -> date | None:
        with clinic_scope(program.clinic_id):
            return (
                Session.objects.filter(program=program)
                .order_by("-local_date")
                .values_list("local_date", flat=True)
                .first()
            )

    def _spend(self, program: UUID, day: date) -> None:
        """A day: answer the morning after, let the clinician answer, train in the evening."""
        random = Random(f"{self.person.seed} {day}")  # noqa: S311  a repeatable life
        row = Program.objects.get(id=program)
        self._answer_usual(row, day)
        self._score(row, day)
        self._answer_morning(row, day, random)
        self._ask_clinician(row, day)
        due = day.weekday() in row.weekdays and not self._is_away(row, day)
        if due and row.status == Program.Status.ACTIVE:
            if random.random() < self.traits.trains:
                self._train(row, _at(day, EVENING), random)
            else:
                self._decline(row, _at(day, EVENING), random)
        with translation.override(self.person.language):
            talk(row, self.person, self.actor, self.clinician, day=day, now=self.now)

    def _decline(self, program: Program, at: datetime, random: Random) -> None:
        """Some say why they don't train; most days off are silent."""
        if random.random() < SAYS_WHY:
            reason = random.choice(("time", "tired", "equipment"))
            say_not_today(program=program, reason=reason, by=self.actor, at=at)

    def _is_away(self, program: Program, day: date) -> bool:
        since = (day - program.start_on).days - self.traits.silent_from
        lately = (self.now.date() - day).days <= SILENT_DAYS
        return 0 <= since < self.traits.silent_for or (self.person.kind == "silent" and lately)

    def _answer_usual(self, program: Program, day: date) -> None:
        """Every four weeks, as the page asks."""
        if (day - program.start_on).days % 28 == 27:
            patient = Patient.objects.get(id=program.patient_id)
            logs.tell_usual_pain(patient=patient, pain=1, by=self.actor, at=_at(day, MORNING))

    def _score(self, program: Program, day: date) -> None:
        """At the start and every four weeks: one activity, and later what has changed."""
        months, days = divmod((day - program.start_on).days, 28)
        if days == 0:
            patient = Patient.objects.get(id=program.patient_id)
            told: dict[str, Any] = {"patient": patient, "on": day, "by": self.actor}
            told["at"] = _at(day, MORNING)
            activity = cast.ACTIVITY[self.person.language]
            rate_activity(activity=activity, value=min(9, 4 + 2 * months), **told)
            if months:
                rate_change(value=min(4, 2 * months), **told)

    def _answer_morning(self, program: Program, day: date, random: Random) -> None:
        yesterday = Session.objects.filter(
            program=program, local_date=day - timedelta(days=1), check_ins=None
        ).first()
        if yesterday and random.random() < self.traits.answers:
            worse = self.sore and random.random() < 0.5
            feel = "worse" if worse else random.choice(("same", "same", "better"))
            at = _at(day, MORNING)
            logs.check_in(session=yesterday, feel=feel, by=self.actor, at=at)

    def _ask_clinician(self, program: Program, day: date) -> None:
        """Proposals are accepted the next day; those of the last days are left waiting."""
        if day > self.now.date() - timedelta(days=LEFT_WAITING_DAYS):
            return
        for decision in Decision.objects.filter(program=program).open_proposals():
            at = _at(day, time(12))
            decisions.accept_proposal(decision=decision, by=self.clinician, at=at)

    def _train(self, program: Program, at: datetime, random: Random) -> None:
        session = logs.start_session(program=program, by=self.actor, at=at)
        pain = self._pain(random)
        progress = logs.load_progress(session)
        while (card := next_card(progress)).kind != "effort":
            at += timedelta(minutes=1)
            if card.kind == "set":
                entry = self._entry(card, random)
                done = logs.log_set(session=session, entry=entry, by=self.actor, at=at)
                progress = done.progress
            else:
                self._tell_pain(session, card, pain, at)
                progress = logs.load_progress(session, progress.plan)
        effort = max(0, min(10, self.traits.effort + random.randrange(-1, 2)))
        logs.finish_session(session=session, effort=effort, by=self.actor, at=at)

    def _tell_pain(self, session: Session, card: Card, pain: int, at: datetime) -> None:
        logs.report_pain(
            session=session,
            prescription=card.prescription,
            pain=pain,
            side=self.person.side if pain > GREEN else "",
            place="knee_back" if pain > GREEN else "",
            by=self.actor,
            at=at,
        )

    def _entry(self, card: Card, random: Random) -> SetEntry:
        last = card.number == card.planned.dose.sets
        short = last and random.random() > self.traits.manages
        entry = as_planned(card, effort=self.traits.effort)
        return replace(entry, reps=max(1, entry.reps - 2 * short))

    def _pain(self, random: Random) -> int:
        if not self.sore and random.random() < self.traits.flare:
            self.sore = 3
        base = self.traits.pain + (5 if self.sore else 0)
        self.sore = max(0, self.sore - 1)
        return max(0, min(10, round(random.gauss(base, self.traits.spread))))


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, UTC)
