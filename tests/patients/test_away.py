"""A clinician is away: days, stand-in, what the stand-in sees, and what the patient reads."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import AuditEvent, Clinic, Membership, User
from accounts.roles import Actor, Role
from accounts.scope import clinic_scope
from config.celery import app
from patients import tasks
from patients.away import Unfit, absences_of, be_away, end_absence, follow_absences, span
from patients.models import Absence, CareLink
from patients.team import give_place
from programs.messaging.services import send_message
from programs.models import RedFlag
from reminders.models import Occurrence
from reminders.services.urgent import tell_care_team
from tests.actors import of
from tests.factories import CareLinkFactory, MembershipFactory, clinician_for
from tests.programs.people import Person, make_person
from tests.programs.teams import ben as ben
from tests.programs.teams import sees, stuck, waiting

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAGE = "/desk/away/"


@pytest.fixture
def maya() -> Person:
    return make_person(timezone.now())


def today() -> date:
    return timezone.now().date()


def away(person: Person, ben: Actor, first: int = 0, last: int = 9, **changed: Any) -> Absence:
    given = {"by": person.clinician, "at": timezone.now()} | changed
    days = {"first": today() + first * DAY, "last": today() + last * DAY}
    with person.scope():
        return be_away(stand_in=ben.user_id, **days, **given)


def end(person: Person, absence: Absence) -> bool:
    with person.scope():
        return end_absence(absence=absence, by=person.clinician, at=timezone.now())


def test_the_stand_in_has_patients_queue_and_messages_at_once(maya: Person, ben: Actor) -> None:
    stuck(maya)
    form = {"first": today(), "last": today() + DAY, "stand_in": ben.user_id}
    answer = of(maya.clinician).post(PAGE, form, follow=True)
    assert "Your colleague has your patients now." in answer.content.decode()
    with maya.scope():
        told = {"body": "Hello", "by": maya.actor, "at": timezone.now()}
        send_message(patient=maya.patient, key=maya.patient.id, **told)
    assert waiting(maya, ben) == waiting(maya, maya.clinician) == ["stuck", "unread"]
    assert "Hello" in of(ben).get(f"/desk/patients/{maya.patient.id}/messages/").content.decode()
    (event,) = AuditEvent.objects.filter(verbs=["be_away"])
    assert event.patient_ids == [maya.patient.id]


def test_who_is_back_early_has_their_patients_alone(maya: Person, ben: Actor) -> None:
    stuck(maya)
    absence = away(maya, ben)
    page = of(maya.clinician).get(PAGE).content.decode()
    assert f"{ben.name} stands in for you" in page
    for said in ("Your patients are with you alone again.", "It was over already."):
        answer = of(maya.clinician).post(PAGE, {"end": absence.id}, follow=True)
        assert said in answer.content.decode()
    assert (sees(maya, ben), waiting(maya, ben)) == (False, [])
    assert waiting(maya, maya.clinician) == ["stuck"]


def test_it_begins_with_its_day_in_the_clinics_zone(maya: Person, ben: Actor) -> None:
    absence = away(maya, ben, first=2, last=3)
    assert not sees(maya, ben)
    assert follow_absences(now=absence.since - timedelta(minutes=1)) == 0
    assert [follow_absences(now=absence.since) for _ in range(2)] == [1, 0]
    assert sees(maya, ben)
    (event,) = AuditEvent.objects.filter(verbs=["begin_standing_in"])
    assert (event.actor_id, event.patient_ids) == (None, [maya.patient.id])


def test_its_days_are_the_clinics() -> None:
    since, until = span(date(2026, 3, 8), date(2026, 3, 8), "America/New_York")
    assert (since.isoformat(), until.isoformat()) == (
        "2026-03-08T00:00:00-05:00",
        "2026-03-09T00:00:00-04:00",
    )
    assert until.astimezone(ZoneInfo("UTC")) - since.astimezone(ZoneInfo("UTC")) == DAY * 23 / 24


def test_it_ends_by_itself(maya: Person, ben: Actor) -> None:
    away(maya, ben)
    with maya.scope():
        links = CareLink.objects.filter(kind="stand_in")
        assert links.get().until == Absence.objects.get().until
        links.update(until=timezone.now() - timedelta(seconds=1))
    assert not sees(maya, ben)


def test_celery_looks_every_five_minutes(maya: Person, ben: Actor) -> None:
    absence = away(maya, ben, first=1, last=1)
    with maya.scope():
        Absence.objects.filter(id=absence.id).update(since=timezone.now() - DAY)
    assert tasks.follow() == 1
    assert app.conf.beat_schedule["follow"]["schedule"] == 300


def test_a_patient_who_comes_meanwhile_is_the_stand_ins_too(maya: Person, ben: Actor) -> None:
    away(maya, ben)
    cleo = clinician_for(clinic=maya.clinic)
    person = make_person(timezone.now(), beside=maya)
    assert follow_absences(now=timezone.now()) == 1
    assert sees(person, ben)
    with maya.scope():
        told = {"to": cleo.user_id, "note": "", "by": maya.clinician, "at": timezone.now()}
        give_place(patient=person.patient, **told)
    assert (sees(person, cleo), sees(person, ben), sees(maya, ben)) == (True, False, True)


def test_who_takes_over_while_away_is_stood_in_for(maya: Person, ben: Actor) -> None:
    cleo = clinician_for(clinic=maya.clinic)
    away(maya, cleo, by=ben)
    with maya.scope():
        told = {"to": ben.user_id, "note": "", "by": maya.clinician, "at": timezone.now()}
        give_place(patient=maya.patient, **told)
    assert (sees(maya, ben), sees(maya, cleo)) == (True, True)


def test_an_urgent_notice_goes_to_both(maya: Person, ben: Actor) -> None:
    away(maya, ben)
    now = timezone.now()
    with maya.scope():
        own = {"clinic": maya.clinic, "program": maya.program}
        flag = RedFlag.objects.create(**own, flag="calf_swelling", at=now)
        assert tell_care_team(red_flag=flag.id, now=now) == 2
        told = set(Occurrence.objects.values_list("recipient_id", flat=True))
    assert told == {ben.user_id, maya.clinician.user_id}


def test_the_patient_reads_who_answers_and_by_when(maya: Person, ben: Actor) -> None:
    phone, said = of(maya.actor), "answers, usually within one working day."
    assert f"{maya.clinician.name} {said}" in phone.get("/messages/").content.decode()
    absence = away(maya, ben)
    last = date_format(today() + 9 * DAY, "LONG_DAY")
    words = f"{maya.clinician.name} is away until {last}. {ben.name} answers meanwhile"
    assert words in phone.get("/messages/").content.decode()
    end(maya, absence)
    assert f"{maya.clinician.name} {said}" in phone.get("/messages/").content.decode()


def test_the_patient_reads_of_every_one_who_is_there(maya: Person, ben: Actor) -> None:
    cleo = clinician_for(maya.patient)
    with maya.scope():
        User.objects.filter(id=cleo.user_id).update(name=ben.name)
    away(maya, ben)
    said = f"{ben.name} or {ben.name} answers meanwhile, usually within one working day."
    assert said in of(maya.actor).get("/messages/").content.decode()


def test_nobody_who_left_the_clinic_answers_or_calls(maya: Person, ben: Actor) -> None:
    CareLinkFactory.create(patient=maya.patient, user_id=clinician_for().user_id)
    away(maya, ben)
    Membership.objects.filter(user=ben.user_id).update(until=timezone.now())
    page = of(maya.actor).get("/messages/").content.decode()
    assert f"{maya.clinician.name} is away until" in page
    assert "within one working day" not in page
    with maya.scope():
        own = {"clinic": maya.clinic, "program": maya.program}
        RedFlag.objects.create(**own, flag="calf_swelling", at=timezone.now())
        type(maya.program).objects.update(status="locked")
    assert f"{maya.clinician.name} will call you." in of(maya.actor).get("/today/").content.decode()


def test_nobody_who_left_the_clinic_is_told_to_be_away(maya: Person, ben: Actor) -> None:
    away(maya, ben)
    Membership.objects.filter(user=maya.clinician.user_id).update(until=timezone.now())
    page = of(maya.actor).get("/messages/").content.decode()
    assert "is away until" not in page
    assert f"{ben.name} answers, usually within one working day." in page


def test_who_calls_after_a_warning_sign_is_who_is_there(maya: Person, ben: Actor) -> None:
    away(maya, ben)
    with maya.scope():
        own = {"clinic": maya.clinic, "program": maya.program}
        RedFlag.objects.create(**own, flag="calf_swelling", at=timezone.now())
        type(maya.program).objects.update(status="locked")
    assert f"{ben.name} will call you." in of(maya.actor).get("/today/").content.decode()


@pytest.mark.parametrize(
    ("first", "last", "field"), [(-1, 2, "first"), (3, 2, "last"), (0, 400, "last")]
)
def test_days_that_will_not_do_are_refused_beside_them(
    maya: Person, ben: Actor, first: int, last: int, field: str
) -> None:
    days = {"first": today() + first * DAY, "last": today() + last * DAY}
    answer = of(maya.clinician).post(PAGE, days | {"stand_in": ben.user_id})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert maya.all(Absence) == []


def test_who_is_away_then_or_no_clinician_of_the_clinic_cannot_stand_in(
    maya: Person, ben: Actor
) -> None:
    away(maya, clinician_for(clinic=maya.clinic), by=ben)
    helper = MembershipFactory.create(clinic=maya.clinic, role=Role.ASSISTANT)
    whom = [ben.user_id, helper.user_id, maya.clinician.user_id, clinician_for().user_id]
    for user in whom:
        with pytest.raises(Unfit) as refusal:
            away(maya, Actor(user, "", Role.CLINICIAN, maya.clinic.id))
        assert refusal.value.field == "stand_in"


def test_two_absences_of_one_person_never_meet(maya: Person, ben: Actor) -> None:
    away(maya, ben, first=3, last=5)
    with pytest.raises(Unfit):
        away(maya, ben, first=5, last=6)
    assert away(maya, ben, first=6, last=6).id


def test_who_stands_in_is_not_away_meanwhile(maya: Person, ben: Actor) -> None:
    away(maya, ben)
    with pytest.raises(Unfit) as refusal:
        away(maya, clinician_for(clinic=maya.clinic), by=ben)
    assert refusal.value.why == "needed"


def test_one_that_is_called_off_never_begins(maya: Person, ben: Actor) -> None:
    absence = away(maya, ben, first=2, last=3)
    assert [end(maya, absence) for _ in range(2)] == [True, False]
    assert follow_absences(now=absence.since) == 0
    with maya.scope():
        assert absences_of(maya.clinician, timezone.now()) == []
    assert away(maya, ben, first=2, last=3).id


def test_who_is_back_may_be_away_again_the_same_day(maya: Person, ben: Actor) -> None:
    end(maya, away(maya, ben, last=2))
    assert away(maya, ben, last=0).id
    with pytest.raises(Unfit):
        away(maya, ben, last=0)


def test_one_that_is_called_off_keeps_nobody_from_anything(maya: Person, ben: Actor) -> None:
    off = {"first": 2, "last": 3, "by": ben}
    absence = away(maya, clinician_for(clinic=maya.clinic), **off)
    with maya.scope():
        assert end_absence(absence=absence, by=ben, at=timezone.now())
    assert away(maya, ben).id


def test_nobody_ends_a_colleagues_absence(maya: Person, ben: Actor) -> None:
    absence = away(maya, ben)
    assert "You stand in for" in of(ben).get(PAGE).content.decode()
    assert of(ben).post(PAGE, {"end": absence.id}).status_code == 403
    assert of(clinician_for()).post(PAGE, {"end": absence.id}).status_code == 404
    assert of(ben).post(PAGE, {"end": "nothing"}).status_code == 302
    assert sees(maya, ben)


def test_an_assistant_and_another_method_are_refused(maya: Person) -> None:
    helper = MembershipFactory.create(clinic=maya.clinic, role=Role.ASSISTANT)
    client = Client()
    client.force_login(helper.user)
    assert client.get(PAGE).status_code == 403
    assert of(maya.clinician).put(PAGE).status_code == 405


def test_an_absence_is_its_own_clinics_alone(maya: Person, ben: Actor) -> None:
    away(maya, ben)
    other = Clinic.objects.create(name="Another")
    with clinic_scope(other.id), connection.cursor() as cursor:
        cursor.execute("select count(*) from patients_absence")
        assert cursor.fetchone() == (0,)


def test_a_colleague_of_the_team_keeps_the_patient_after_standing_in(
    maya: Person, ben: Actor
) -> None:
    CareLinkFactory.create(patient=maya.patient, user_id=ben.user_id)
    stuck(maya)
    end(maya, away(maya, ben))
    assert (sees(maya, ben), waiting(maya, ben)) == (True, ["stuck"])
