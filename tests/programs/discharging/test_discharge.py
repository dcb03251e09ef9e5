"""Discharge: the last scores, the home plan, and what the patient sees from then on."""

from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Change, Clinic
from accounts.roles import Role
from accounts.scope import clinic_scope
from patients.models import OutcomeScore, Patient
from patients.scoring import rate_activity
from programs.discharging.drafting import drafted
from programs.models import Discharge, Program, QueueRow
from programs.prescribing.services import end_program
from tests.actors import of
from tests.desk.test_pages import queries, sign_in
from tests.factories import MembershipFactory, clinician_for
from tests.programs.people import DAY, Person, make_person
from tests.programs.teams import stuck

pytestmark = pytest.mark.django_db
WORDS = {"reason": "goals", "plan": "Walk daily.\nTwo sets of 10.", "contact": "The clinic, 555"}


@pytest.fixture
def maya() -> Person:
    return make_person(timezone.now() - 2 * DAY)


def address(person: Person) -> str:
    return f"/desk/programs/{person.program.id}/discharge/"


def discharged(person: Person, **told: Any) -> Any:
    return of(person.clinician).post(address(person), WORDS | told, follow=True)


def program_of(person: Person) -> Program:
    found: Program = person.all(Program)[0]
    return found


def test_the_page_leads_from_the_patients_page_and_offers_a_plan(maya: Person) -> None:
    client = of(maya.clinician)
    assert address(maya) in client.get(f"/desk/patients/{maya.patient.id}/").content.decode()
    page = client.get(address(maya)).content.decode()
    assert "2 sets of 8, each leg" in page
    assert "Stop for the day when pain is" in page
    assert program_of(maya).status == "active"


def test_the_plan_is_drafted_in_the_patients_language(maya: Person) -> None:
    with maya.scope():
        Patient.objects.update(language="es")
        row = Program.objects.select_related("patient__clinic", "lead").get()
        draft = drafted(row, timezone.now())
    assert "2 series de 8" in draft.plan
    assert maya.clinic.phone in draft.contact


def test_it_ends_the_program_keeps_the_words_and_empties_the_queue(maya: Person) -> None:
    stuck(maya)
    assert len(maya.all(QueueRow)) == 1
    Change.objects.all().delete()
    answer = discharged(maya)
    assert "The patient sees the home plan now." in answer.content.decode()
    assert (program_of(maya).status, maya.all(QueueRow)) == ("ended", [])
    (kept,) = maya.all(Discharge)
    assert (kept.reason, kept.by_id) == ("goals", maya.clinician.user_id)
    assert {row.kind for row in Change.objects.all()} == {"program"}
    event = AuditEvent.objects.get(verbs__contains=["discharge"])
    assert (event.verbs, event.patient_ids) == (["end_program", "discharge"], [maya.patient.id])


def test_the_last_scores_are_kept_with_it(maya: Person) -> None:
    now = timezone.now()
    with maya.scope():
        told = {"patient": maya.patient, "by": maya.actor, "at": now - DAY}
        rate_activity(activity="Stairs", value=4, on=(now - DAY).date(), **told)
    assert "Last told: 4" in of(maya.clinician).get(address(maya)).content.decode()
    discharged(maya, activity_1="8", change="3", pain="1")
    rows = [(row.kind, row.value, row.from_patient) for row in maya.all(OutcomeScore)]
    assert rows == [("activity", 4, True), ("activity", 8, False), ("change", 3, False)]


def test_the_phone_asks_for_what_was_not_told(maya: Person) -> None:
    discharged(maya, pain="1")
    assert 'href="/outcomes/"' in of(maya.actor).get("/today/").content.decode()
    of(maya.actor).post("/outcomes/", {"activity": "Stairs", "ability": "8"})
    of(maya.actor).post("/outcomes/", {"change": "4"})
    assert 'href="/outcomes/"' not in of(maya.actor).get("/today/").content.decode()


def test_the_patient_reads_the_home_plan_and_their_progress(maya: Person) -> None:
    maya.train(timezone.now() - DAY)
    discharged(maya)
    phone = of(maya.actor)
    page = phone.get("/today/").content.decode()
    assert "Walk daily.<br>Two sets of 10." in page
    assert "The clinic, 555" in page
    assert "Start" not in page
    assert "<svg" in phone.get("/progress/").content.decode()
    assert phone.get("/messages/").status_code == 200


def test_no_session_starts_any_more(maya: Person) -> None:
    discharged(maya)
    answer = of(maya.actor).post(reverse("programs:session-start"), follow=True)
    assert "There is no session to start today." in answer.content.decode()


def test_discharging_twice_is_once(maya: Person) -> None:
    discharged(maya)
    page = discharged(maya, plan="Other words").content.decode()
    assert "they are discharged already" in page
    assert "Walk daily." in page
    assert len(maya.all(Discharge)) == 1


def test_a_program_that_was_just_ended_gets_its_plan_afterwards(maya: Person) -> None:
    with maya.scope():
        end_program(program=maya.program, by=maya.clinician, at=timezone.now())
    assert "Your program has ended" in of(maya.actor).get("/today/").content.decode()
    discharged(maya)
    assert "Your home plan" in of(maya.actor).get("/today/").content.decode()


def test_what_was_typed_is_not_drafted_anew(maya: Person) -> None:
    with patch("programs.discharging.views.drafted") as draft:
        page = of(maya.clinician).post(address(maya), WORDS | {"plan": " "}).content.decode()
        assert "The clinic, 555" in page
        discharged(maya)
    draft.assert_not_called()


@pytest.mark.parametrize("field", ["reason", "plan", "contact"])
def test_what_is_missing_is_said_beside_its_field(maya: Person, field: str) -> None:
    answer = of(maya.clinician).post(address(maya), WORDS | {field: " ", "activity": "Stairs"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert 'id="id_ability_error"' in page
    assert (program_of(maya).status, maya.all(Discharge)) == ("active", [])


def test_the_home_plan_is_printed(maya: Person) -> None:
    discharged(maya)
    client = of(maya.clinician)
    assert "Print the home plan" in client.get(address(maya)).content.decode()
    answer = client.get(home_plan(maya))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert b"/Count 1/Kids" in answer.content
    assert AuditEvent.objects.filter(kind="export", verbs=["print_home_plan"]).count() == 1


def home_plan(person: Person) -> str:
    return f"/desk/programs/{person.program.id}/home-plan.pdf"


def begin_anew(person: Person, status: str) -> Program:
    with person.scope():
        row = Program.objects.get()
        row.pk, row.status, row.assigned_at = None, status, timezone.now()
        row._state.adding = True
        row.save(force_insert=True)
    return row


def test_each_program_prints_its_own_home_plan(maya: Person) -> None:
    discharged(maya)
    newer, client = begin_anew(maya, "active"), of(maya.clinician)
    assert client.get(home_plan(maya))["Content-Type"] == "application/pdf"
    none = home_plan(maya).replace(str(maya.program.id), str(newer.id))
    assert client.get(none)["Location"] == f"/desk/programs/{newer.id}/discharge/"
    with maya.scope():
        Program.objects.filter(id=newer.id).update(status="paused")
    answer = client.get(f"/desk/patients/{maya.patient.id}/handout.pdf")
    assert answer["Location"] == f"/desk/patients/{maya.patient.id}/"


def test_a_new_program_takes_its_place(maya: Person) -> None:
    discharged(maya)
    begin_anew(maya, "paused")
    page = of(maya.actor).get("/today/").content.decode()
    assert "Your home plan" not in page
    assert "has paused your program" in page


def test_strangers_assistants_and_other_methods_are_refused(maya: Person) -> None:
    helper = MembershipFactory.create(clinic=maya.clinic, role=Role.ASSISTANT)
    client = Client()
    client.force_login(helper.user)
    assert client.get(address(maya)).status_code == 403
    assert of(clinician_for(clinic=maya.clinic)).post(address(maya), WORDS).status_code == 403
    assert of(clinician_for()).post(address(maya), WORDS).status_code == 404
    assert of(maya.clinician).put(address(maya)).status_code == 405
    assert of(maya.clinician).post(home_plan(maya)).status_code == 405
    assert maya.all(Discharge) == []


def test_it_is_its_clinics_alone_and_never_changed(maya: Person) -> None:
    discharged(maya)
    other = Clinic.objects.create(name="Another")
    with clinic_scope(other.id), connection.cursor() as cursor:
        cursor.execute("select count(*) from programs_discharge")
        assert cursor.fetchone() == (0,)
    with maya.scope(), pytest.raises(DatabaseError), transaction.atomic():
        Discharge.objects.update(plan="")


def test_team_time_away_and_discharge_keep_to_ten_statements(maya: Person) -> None:
    client, now = sign_in(maya), timezone.now()
    assert queries(client, "programs:program-discharge", maya.program.id, at=now) <= 10
    assert queries(client, "programs:patient-team", maya.patient.id, at=now) <= 10
    assert queries(client, "patients:away", at=now) <= 10
    discharged(maya)
    phone = sign_in(user_id=maya.actor.user_id)
    assert queries(phone, "programs:today", at=now) <= 10
