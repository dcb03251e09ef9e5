"""The care team: who is on it, who may change it, and what follows a change at once."""

from typing import Any

import pytest
from django.db.models import F

from accounts.models import AuditEvent, Membership
from accounts.roles import Actor, Role
from patients import team
from patients.models import CareLink
from patients.services import cover_patient
from programs.caring import services
from programs.models import Program
from tests.actors import of
from tests.conftest import NOW
from tests.factories import (
    CareLinkFactory,
    MembershipFactory,
    actor,
    clinician_for,
)
from tests.programs.people import DAY, Person, make_person
from tests.programs.teams import ben as ben
from tests.programs.teams import sees, stuck, waiting

pytestmark = pytest.mark.django_db
LATER = NOW + 10_000 * DAY  # by the database's clock, too


@pytest.fixture
def maya(clock: Any) -> Person:
    return make_person(NOW)


def address(person: Person) -> str:
    return f"/desk/patients/{person.patient.id}/team/"


def hand_over(person: Person, to: Actor, note: str = "", by: Actor | None = None) -> None:
    with person.scope():
        by = by or person.clinician
        services.hand_over(patient=person.patient, to=to.user_id, note=note, by=by, at=NOW)


def test_the_page_says_who_is_on_it_and_leads_from_the_patients_page(maya: Person) -> None:
    client = of(maya.clinician)
    page = client.get(address(maya)).content.decode()
    assert maya.clinician.name in page
    assert address(maya) in client.get(f"/desk/patients/{maya.patient.id}/").content.decode()


def test_a_colleague_who_is_added_has_the_patient_and_their_queue(maya: Person, ben: Actor) -> None:
    stuck(maya)
    answer = of(maya.clinician).post(address(maya), {"add": "1", "user": ben.user_id})
    assert answer["Location"] == address(maya)
    assert sees(maya, ben)
    assert waiting(maya, ben) == waiting(maya, maya.clinician) == ["stuck"]
    assert AuditEvent.objects.filter(verbs=["add_to_team"]).count() == 1


def test_adding_twice_is_once(maya: Person, ben: Actor) -> None:
    for _ in range(2):
        of(maya.clinician).post(address(maya), {"add": "1", "user": ben.user_id})
    assert len(maya.all(CareLink)) == 2


@pytest.mark.usefixtures("ben")
@pytest.mark.parametrize("named", ["", "nobody", "stranger"])
def test_who_is_not_of_the_clinic_is_refused_beside_the_field(maya: Person, named: str) -> None:
    user = clinician_for().user_id if named == "stranger" else named
    for act in ("add", "hand"):
        answer = of(maya.clinician).post(address(maya), {act: "1", "user": user})
        assert answer.status_code == 422
        assert f'id="id_{act}_user_error"' in answer.content.decode()
    other = clinician_for().user_id
    with maya.scope(), pytest.raises(team.NotOfTheClinic):
        team.add_to_team(patient=maya.patient, user=other, by=maya.clinician, at=NOW)


def test_handing_over_moves_the_patient_and_the_queue_at_once(maya: Person, ben: Actor) -> None:
    stuck(maya)
    told = {"hand": "1", "user": ben.user_id, "note": "Mind the left knee."}
    answer = of(maya.clinician).post(address(maya), told, follow=True)
    assert f"is with {ben.name} now" in answer.content.decode()
    assert (sees(maya, ben), sees(maya, maya.clinician)) == (True, False)
    assert waiting(maya, ben) == ["stuck", "handed"]
    assert waiting(maya, maya.clinician) == []
    (event,) = AuditEvent.objects.filter(verbs=["hand_over"])
    assert (event.actor_id, event.patient_ids) == (maya.clinician.user_id, [maya.patient.id])


def test_the_colleague_reads_the_note_and_then_it_has_left_the_queue(
    maya: Person, ben: Actor
) -> None:
    hand_over(maya, ben, "Mind the left knee.")
    line = of(ben).get("/desk/").content.decode()
    assert f"From {maya.clinician.name}" in line
    assert "Mind the left knee." in line
    assert "Mind the left knee." in of(ben).get(address(maya)).content.decode()
    assert waiting(maya, ben) == []


def test_another_of_the_team_does_not_read_it_for_them(maya: Person, ben: Actor) -> None:
    cleo = clinician_for(maya.patient)
    hand_over(maya, ben)
    of(cleo).get(address(maya))
    assert waiting(maya, ben) == ["handed"]


def test_what_was_handed_over_stays_when_a_session_is_decided(maya: Person, ben: Actor) -> None:
    hand_over(maya, ben)
    maya.train(NOW)
    assert "handed" in waiting(maya, ben)


def test_the_patient_reads_the_new_name(maya: Person, ben: Actor) -> None:
    hand_over(maya, ben)
    page = of(maya.actor).get("/today/").content.decode()
    assert f'aria-label="{ben.name}"' in page
    assert maya.clinician.name not in page


def test_handing_over_twice_is_refused(maya: Person, ben: Actor) -> None:
    hand_over(maya, ben)
    with pytest.raises(team.NotOnTheTeam):
        hand_over(maya, ben)
    told = {"hand": "1", "user": ben.user_id}
    assert of(maya.clinician).post(address(maya), told).status_code == 403


def test_nobody_hands_over_to_themselves_or_to_an_assistant(maya: Person) -> None:
    helper = MembershipFactory.create(clinic=maya.clinic, role=Role.ASSISTANT)
    for who in (maya.clinician, actor(helper)):
        with pytest.raises(team.NotOfTheClinic):
            hand_over(maya, who)


def test_the_last_clinician_stays(maya: Person) -> None:
    helper = MembershipFactory.create(clinic=maya.clinic, role=Role.ASSISTANT)
    CareLinkFactory.create(patient=maya.patient, user=helper.user)
    link = next(each for each in maya.all(CareLink) if each.user_id == maya.clinician.user_id)
    page = of(maya.clinician).post(address(maya), {"remove": link.id}, follow=True)
    assert "one clinician always stays" in page.content.decode()
    assert sees(maya, maya.clinician)


def test_who_is_removed_has_nothing_left_and_another_name_stands(maya: Person, ben: Actor) -> None:
    CareLinkFactory.create(patient=maya.patient, user_id=ben.user_id)
    stuck(maya)
    link = next(each for each in maya.all(CareLink) if each.user_id == maya.clinician.user_id)
    for _ in range(2):
        of(ben).post(address(maya), {"remove": link.id})
    assert (sees(maya, maya.clinician), waiting(maya, maya.clinician)) == (False, [])
    assert maya.all(Program)[0].lead_id == ben.user_id
    assert AuditEvent.objects.filter(verbs=["remove_from_team"]).count() == 1


def test_only_a_clinician_who_works_here_takes_the_name_over(maya: Person, ben: Actor) -> None:
    helper = MembershipFactory.create(clinic=maya.clinic, role=Role.ASSISTANT)
    gone = MembershipFactory.create(clinic=maya.clinic, since=NOW - DAY, until=NOW)
    for user in (helper.user, gone.user):
        CareLinkFactory.create(patient=maya.patient, user=user, since=NOW - DAY)
    CareLinkFactory.create(patient=maya.patient, user_id=ben.user_id)
    with maya.scope():
        told = {"patient": maya.patient, "user": maya.clinician.user_id, "by": ben, "at": NOW}
        assert services.leave_team(**told)
    assert maya.all(Program)[0].lead_id == ben.user_id


def cover(person: Person, who: Actor) -> None:
    told = {"patient": person.patient, "reason": CareLink.Reason.CALL, "by": who}
    with person.scope():
        cover_patient(**told, at=LATER)


def leave_clinic(who: Actor) -> None:
    Membership.objects.filter(user=who.user_id).update(until=F("since"))


def test_where_no_clinician_is_left_who_covers_joins_and_leads(maya: Person, ben: Actor) -> None:
    cleo = clinician_for(clinic=maya.clinic)
    cover(maya, ben)
    leave_clinic(maya.clinician)
    page = of(ben).get(address(maya)).content.decode()
    assert "No clinician of this team works here any more." in page
    assert 'name="hand"' not in page
    with pytest.raises(team.NotOnTheTeam):
        hand_over(maya, cleo, by=ben)
    of(ben).post(address(maya), {"hand": "1", "user": cleo.user_id})
    of(ben).post(address(maya), {"add": "1", "user": ben.user_id})
    assert (maya.all(Program)[0].lead_id, sees(maya, cleo)) == (ben.user_id, False)
    assert 'name="remove"' in of(ben).get(address(maya)).content.decode()


def test_where_no_clinician_is_left_one_who_sees_nothing_changes_nothing(
    maya: Person, ben: Actor
) -> None:
    leave_clinic(maya.clinician)
    with maya.scope(), pytest.raises(team.NotOnTheTeam):
        team.add_to_team(patient=maya.patient, user=ben.user_id, by=ben, at=NOW)
    assert of(ben).post(address(maya), {"add": "1", "user": ben.user_id}).status_code == 403


def test_who_covers_or_assists_reads_the_page_and_changes_nothing(maya: Person, ben: Actor) -> None:
    helper = MembershipFactory.create(clinic=maya.clinic, role=Role.ASSISTANT)
    CareLinkFactory.create(patient=maya.patient, user=helper.user)
    cover(maya, ben)
    for who in (ben, actor(helper)):
        page = of(who).get(address(maya)).content.decode()
        assert "Only a clinician of the care team can change it." in page
        told = {"add": "1", "user": ben.user_id}
        assert of(who).post(address(maya), told)["Location"] == address(maya)
    assert {link.user_id for link in maya.all(CareLink) if link.kind == "team"} == {
        maya.clinician.user_id,
        helper.user_id,
    }


def test_a_stranger_another_clinic_and_another_method_are_refused(maya: Person, ben: Actor) -> None:
    assert of(ben).get(address(maya)).status_code == 403
    assert of(clinician_for()).get(address(maya)).status_code == 404
    assert of(maya.clinician).put(address(maya)).status_code == 405
