"""The API: works, refuses, and says why in problem details; sent twice, it answers once."""

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from time_machine import TimeMachineFixture

from accounts.ids import uuid7
from accounts.models import AuditEvent, User
from accounts.roles import Actor, Role
from config import openapi
from config.pagination import ByKey
from patients.acting import KEY
from programs.models import PainReport, Program, Session, SessionReport, SetLog
from tests.factories import (
    MembershipFactory,
    PatientFactory,
    actor,
    clinician_for,
    patient_actor,
)
from tests.programs.people import Person, make_person

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"
PROGRAMS, SESSIONS = "/api/v1/programs/", "/api/v1/sessions/"


@pytest.fixture(autouse=True)
def _today(time_machine: TimeMachineFixture, now: datetime) -> None:
    time_machine.move_to(now, tick=False)


@pytest.fixture
def maya(now: datetime) -> Person:
    return make_person(now)


@pytest.fixture
def phone(maya: Person) -> Client:
    return signed_in(maya.actor)


def signed_in(by: Actor, **options: Any) -> Client:
    """A browser in which this person acts."""
    client = Client(**options)
    client.force_login(User.objects.get(id=by.user_id))
    session = client.session
    session[KEY] = f"{by.role}.{by.clinic_id}.{by.patient_id or ''}"
    session.save()
    return client


def post(client: Client, path: str, body: Any) -> HttpResponse:
    raw = body if isinstance(body, str | bytes) else json.dumps(body)
    answer: HttpResponse = client.post(path, raw, content_type="application/json")
    return answer


def start(phone: Client, maya: Person) -> dict[str, Any]:
    return told(post(phone, SESSIONS, {"program": str(maya.program.id)}))


def told(response: HttpResponse) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(response.content)
    return body


def one_set(maya: Person, **changed: Any) -> dict[str, Any]:
    """The first set of the left leg as planned, as JSON."""
    dose = maya.dose("left")
    return {
        "prescription": str(maya.prescription.id),
        "side": "left",
        "number": 1,
        "dose": str(dose.id),
        "reps": dose.reps,
    } | changed


def sets_url(session: dict[str, Any]) -> str:
    return f"{SESSIONS}{session['id']}/sets/"


def faults(response: HttpResponse) -> set[str]:
    """The pointers of a 422's faults."""
    assert (response.status_code, response["Content-Type"]) == (422, PROBLEM)
    return {each["pointer"] for each in told(response)["errors"]}


# programs


def test_a_patient_lists_their_own_programs_alone(maya: Person, phone: Client) -> None:
    make_person(datetime.fromisoformat("2026-11-23T09:00Z"))
    found = told(phone.get(PROGRAMS))
    assert [each["id"] for each in found["results"]] == [str(maya.program.id)]


def test_a_clinician_lists_the_programs_of_the_care_team_on_record(maya: Person) -> None:
    found = told(signed_in(maya.clinician).get(PROGRAMS))
    assert [each["patient"] for each in found["results"]] == [str(maya.patient.id)]
    assert AuditEvent.objects.latest("id").patient_ids == [maya.patient.id]


def test_programs_come_in_keyset_pages(
    maya: Person, phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ByKey, "page_size", 1)
    with maya.scope():
        Program.objects.update(status="ended")
        second = Program.objects.get(id=maya.program.id)
        second.id = uuid7()
        second.save(force_insert=True)
    first = told(phone.get(PROGRAMS))
    rest = told(phone.get(first["next"]))
    ids = {page["results"][0]["id"] for page in (first, rest)}
    assert ids == {str(second.id), str(maya.program.id)}
    assert rest["next"] is None


def test_a_made_up_place_in_the_pages_is_not_found(phone: Client) -> None:
    for place in ("cD14", "cD0wMTkzAA==", "x"):
        assert phone.get(f"{PROGRAMS}?cursor={place}").status_code == 404


def test_a_program_tells_the_current_dose_of_each_side(maya: Person, phone: Client) -> None:
    found = told(phone.get(f"{PROGRAMS}{maya.program.id}/"))
    doses = found["prescriptions"][0]["doses"]
    assert [each["side"] for each in doses] == ["left", "right"]
    assert doses[0]["version"] == str(maya.dose("left").id)
    assert (doses[0]["sets"], doses[0]["reps"], doses[0]["range_deg"]) == (2, 8, 45)
    assert doses[0]["step"]["name"]


def test_a_program_speaks_the_persons_language(maya: Person, phone: Client) -> None:
    english = told(phone.get(f"{PROGRAMS}{maya.program.id}/"))
    User.objects.filter(id=maya.actor.user_id).update(language="es")
    spanish = told(phone.get(f"{PROGRAMS}{maya.program.id}/"))
    names = [page["prescriptions"][0]["doses"][0]["step"]["name"] for page in (english, spanish)]
    assert names[0] != names[1]


# sessions


def test_starting_a_session_twice_answers_with_the_same_one(
    maya: Person, phone: Client, time_machine: TimeMachineFixture
) -> None:
    answers = [post(phone, SESSIONS, {"program": str(maya.program.id)})]
    time_machine.shift(60)
    answers.append(post(phone, SESSIONS, {"program": str(maya.program.id)}))
    assert [each.status_code for each in answers] == [201, 200]
    assert told(answers[0])["id"] == told(answers[1])["id"]


def test_a_session_that_may_not_start_is_a_conflict(maya: Person, phone: Client) -> None:
    with maya.scope():
        Program.objects.update(status="paused")
    answer = post(phone, SESSIONS, {"program": str(maya.program.id)})
    assert (answer.status_code, answer["Content-Type"]) == (409, PROBLEM)
    assert maya.all(Session) == []


def test_a_session_tells_what_is_next(maya: Person, phone: Client) -> None:
    begun = start(phone, maya)
    post(phone, sets_url(begun), one_set(maya))
    found = told(phone.get(f"{SESSIONS}{begun['id']}/"))
    assert (found["planned_sets"], found["sets_done"]) == (4, 1)
    assert found["next"] == {
        "kind": "set",
        "prescription": str(maya.prescription.id),
        "side": "right",
        "number": 1,
    }


# sets


def test_a_first_set_is_created_and_the_same_again_is_known(maya: Person, phone: Client) -> None:
    begun = start(phone, maya)
    first, again = (post(phone, sets_url(begun), one_set(maya)) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert told(first)["set"] == told(again)["set"]
    assert len(maya.all(SetLog)) == 1


def test_other_values_under_a_known_key_get_the_first_answer(maya: Person, phone: Client) -> None:
    begun = start(phone, maya)
    post(phone, sets_url(begun), one_set(maya))
    again = told(post(phone, sets_url(begun), one_set(maya, reps=7)))
    assert (again["first"], again["differs"], again["set"]["reps"]) == (False, True, 8)


def test_an_edit_that_is_asked_for_stands(maya: Person, phone: Client) -> None:
    begun = start(phone, maya)
    post(phone, sets_url(begun), one_set(maya))
    edited = post(phone, sets_url(begun), one_set(maya, reps=7, revision=1))
    assert (edited.status_code, told(edited)["set"]["reps"]) == (201, 7)


def test_the_api_and_the_page_name_a_set_alike(maya: Person, phone: Client, now: datetime) -> None:
    begun = start(phone, maya)
    with maya.scope():
        session = Session.objects.get(id=begun["id"])
    logged = maya.log(session, now)
    again = post(phone, sets_url(begun), one_set(maya))
    assert logged
    assert told(again)["set"]["key"] == str(logged.row.key)
    assert again.status_code == 200


def test_a_list_of_sets_is_logged_whole(maya: Person, phone: Client) -> None:
    begun = start(phone, maya)
    answer = post(phone, sets_url(begun), [one_set(maya), one_set(maya, number=2)])
    assert answer.status_code == 201
    assert [each["set"]["number"] for each in json.loads(answer.content)] == [1, 2]


def test_a_list_with_a_fault_leaves_nothing_and_points_at_it(maya: Person, phone: Client) -> None:
    begun = start(phone, maya)
    sent = [one_set(maya), one_set(maya, number=2, reps=0)]
    assert faults(post(phone, sets_url(begun), sent)) == {"#/1/reps"}
    assert maya.all(SetLog) == []


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"reps": 0}, "#/reps"),
        ({"reps": 101}, "#/reps"),
        ({"reps": -1}, "#/reps"),
        ({"reps": 10**30}, "#/reps"),
        ({"reps": "8"}, "#/reps"),
        ({"reps": True}, "#/reps"),
        ({"reps": 8.5}, "#/reps"),
        ({"reps": None}, "#/reps"),
        ({"number": 0}, "#/number"),
        ({"number": 3}, "#/number"),
        ({"number": 99999}, "#/number"),
        ({"side": "up"}, "#/side"),
        ({"side": ["left"]}, "#/side"),
        ({"load_kg": 201}, "#/load_kg"),
        ({"load_kg": "4"}, "#/load_kg"),
        ({"load_kg": 1e300}, "#/load_kg"),
        ({"band_level": 10}, "#/band_level"),
        ({"hold_s": -5, "skipped": "time", "reps": 0}, "#/hold_s"),
        ({"skipped": "bored", "reps": 0}, "#/skipped"),
        ({"skipped": "time"}, "#/skipped"),
        ({"done_at": "yesterday"}, "#/done_at"),
        ({"done_at": "2026-11-23T09:00:00"}, "#/done_at"),
        ({"done_at": "0001-01-01T00:00:00+14:00"}, "#/done_at"),
        ({"done_at": 5}, "#/done_at"),
        ({"dose": 7}, "#/dose"),
        ({"dose": "not an id"}, "#/dose"),
        ({"prescription": None}, "#/prescription"),
        ({"revision": 100}, "#/revision"),
        ({"patient": "me"}, "#/patient"),
        ({"a/b~c\x00": 1}, "#/a~1b~0c\x00"),
    ],
)
def test_an_impossible_value_is_a_fault_of_its_field(
    maya: Person, phone: Client, changed: dict[str, Any], pointer: str
) -> None:
    begun = start(phone, maya)
    assert pointer in faults(post(phone, sets_url(begun), one_set(maya, **changed)))
    assert maya.all(SetLog) == []


def test_a_set_of_another_program_or_dose_is_a_fault(maya: Person, phone: Client) -> None:
    begun = start(phone, maya)
    for wrong in ({"dose": str(uuid4())}, {"prescription": str(uuid4())}):
        assert faults(post(phone, sets_url(begun), one_set(maya, **wrong)))
    assert maya.all(SetLog) == []


@pytest.mark.parametrize("body", [[], [1], "x", None, 3, [[]], [{}] * 101])
def test_a_body_of_another_shape_is_a_fault(maya: Person, phone: Client, body: Any) -> None:
    begun = start(phone, maya)
    assert faults(post(phone, sets_url(begun), json.dumps(body)))


@pytest.mark.parametrize(
    "raw", [b"{", b"NaN", b'{"reps": Infinity}', b"\xff\xfe", b"[" * 200_000, b"9" * 9_000]
)
def test_malformed_json_is_a_bad_request(maya: Person, phone: Client, raw: bytes) -> None:
    answer = post(phone, sets_url(start(phone, maya)), raw)
    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)


def test_a_body_beyond_the_limit_is_refused_unread(maya: Person, phone: Client) -> None:
    begun = start(phone, maya)
    answer = post(phone, sets_url(begun), b" " * 1_000_001)
    assert (answer.status_code, answer["Content-Type"]) == (413, PROBLEM)


def test_another_kind_of_body_is_refused(maya: Person, phone: Client) -> None:
    answer = phone.post(SESSIONS, {"program": str(maya.program.id)})
    assert (answer.status_code, answer["Content-Type"]) == (415, PROBLEM)


# pain and the end


def test_the_pain_of_an_exercise_is_kept_once(maya: Person, phone: Client) -> None:
    begun = start(phone, maya)
    url = f"{SESSIONS}{begun['id']}/pain/"
    sent = [{"prescription": str(maya.prescription.id), "pain": pain} for pain in (2, 5)]
    assert [post(phone, url, body).status_code for body in sent] == [200, 200]
    assert [row.pain for row in maya.all(PainReport)] == [2]


def test_the_pain_of_a_strange_exercise_is_a_fault(maya: Person, phone: Client) -> None:
    url = f"{SESSIONS}{start(phone, maya)['id']}/pain/"
    sent = {"prescription": str(uuid4()), "pain": 11}
    assert faults(post(phone, url, sent)) == {"#/pain"}
    assert faults(post(phone, url, sent | {"pain": 1})) == {"#/prescription"}


def test_a_session_ends_once_and_keeps_the_first_effort(maya: Person, phone: Client) -> None:
    url = f"{SESSIONS}{start(phone, maya)['id']}/finish/"
    ended = [told(post(phone, url, {"effort": effort})) for effort in (5, 9)]
    assert ended[0]["finished_at"] == ended[1]["finished_at"] is not None
    assert [row.effort for row in maya.all(SessionReport)] == [5]


def test_an_effort_beyond_the_scale_ends_nothing(maya: Person, phone: Client) -> None:
    url = f"{SESSIONS}{start(phone, maya)['id']}/finish/"
    assert faults(post(phone, url, {"effort": 11})) == {"#/effort"}
    assert [row.finished_at for row in maya.all(Session)] == [None]


# who


def reads(maya: Person, session: Session) -> list[str]:
    return [f"{PROGRAMS}{maya.program.id}/", f"{SESSIONS}{session.id}/"]


def writes(maya: Person, session: Session) -> list[tuple[str, Any]]:
    url = f"{SESSIONS}{session.id}"
    return [
        (SESSIONS, {"program": str(maya.program.id)}),
        (f"{url}/sets/", one_set(maya)),
        (f"{url}/pain/", {"prescription": str(maya.prescription.id), "pain": 1}),
        (f"{url}/finish/", {}),
    ]


def test_nobody_gets_a_problem_to_sign_in(maya: Person, now: datetime, client: Client) -> None:
    session = maya.start(now)
    sent, asked = writes(maya, session), [PROGRAMS, "/api/v1/schema/", *reads(maya, session)]
    answers = [post(client, path, body) for path, body in sent]
    answers += [client.get(path) for path in asked]
    assert {(each.status_code, each["Content-Type"]) for each in answers} == {(401, PROBLEM)}


def test_another_clinics_people_find_nothing_not_even_that_it_is_there(
    maya: Person, now: datetime
) -> None:
    session, stranger = maya.start(now), PatientFactory.create()
    client = signed_in(patient_actor(stranger))
    answers = [client.get(path) for path in [*reads(maya, session), f"{SESSIONS}{uuid4()}/"]]
    answers += [post(client, path, body) for path, body in writes(maya, session)]
    assert {(each.status_code, each.content) for each in answers} == {(404, answers[0].content)}
    assert maya.all(SetLog) == []


def test_people_of_the_same_clinic_are_refused(maya: Person, now: datetime) -> None:
    session, other = maya.start(now), PatientFactory.create(clinic=maya.clinic)
    colleague = signed_in(clinician_for(clinic=maya.clinic))
    neighbour = signed_in(patient_actor(other))
    answers = [each.get(path) for each in (colleague, neighbour) for path in reads(maya, session)]
    answers += [post(neighbour, path, body) for path, body in writes(maya, session)]
    assert {(each.status_code, each["Content-Type"]) for each in answers} == {(403, PROBLEM)}
    assert maya.all(SetLog) == []


def test_staff_read_but_do_not_train(maya: Person, now: datetime) -> None:
    session, staff = maya.start(now), signed_in(maya.clinician)
    assert {staff.get(path).status_code for path in reads(maya, session)} == {200}
    answers = [post(staff, path, body) for path, body in writes(maya, session)]
    assert {each.status_code for each in answers} == {403}


def test_an_owner_sees_no_program(maya: Person) -> None:
    owner = actor(MembershipFactory.create(clinic=maya.clinic, role=Role.OWNER))
    assert signed_in(owner).get(PROGRAMS).status_code == 403


def test_a_write_without_the_csrf_token_is_refused(maya: Person) -> None:
    client = signed_in(maya.actor, enforce_csrf_checks=True)
    answer = post(client, SESSIONS, {"program": str(maya.program.id)})
    assert (answer.status_code, answer["Content-Type"]) == (403, PROBLEM)
    assert maya.all(Session) == []


def test_a_set_is_on_record(maya: Person, phone: Client) -> None:
    post(phone, sets_url(start(phone, maya)), one_set(maya))
    event = AuditEvent.objects.latest("id")
    assert (event.route, event.verbs) == ("api:set-log", ["log_set"])
    assert event.patient_ids == [maya.patient.id]


# errors and the description


def test_a_wrong_method_is_a_problem_that_names_the_right_ones(phone: Client) -> None:
    for method, path in (("put", PROGRAMS), ("get", SESSIONS), ("options", PROGRAMS)):
        answer = getattr(phone, method)(path)
        assert (answer.status_code, answer["Content-Type"]) == (405, PROBLEM)
        assert answer["Allow"]


def test_an_unknown_address_is_a_problem(phone: Client) -> None:
    answer = phone.get("/api/v1/nothing/")
    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)


def test_a_fault_of_ours_is_a_problem_that_tells_nothing(
    maya: Person, phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_options: Any) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("programs.api.views.load_plan", broken)
    phone.raise_request_exception = False
    answer = phone.get(f"{PROGRAMS}{maya.program.id}/")
    assert (answer.status_code, answer["Content-Type"]) == (500, PROBLEM)
    assert b"secret" not in answer.content


def test_the_schema_describes_every_address(phone: Client) -> None:
    found = told(phone.get("/api/v1/schema/"))
    described = {
        path.replace("{program}", "x").replace("{session}", "x") for path in found["paths"]
    }
    assert found["openapi"].startswith("3.")
    assert described == {
        PROGRAMS,
        f"{PROGRAMS}x/",
        SESSIONS,
        *(f"{SESSIONS}x/{end}" for end in ("", "sets/", "pain/", "finish/")),
    }
    assert (
        "SetIn" in found["components"]["schemas"]
        or "SetInRequest" in found["components"]["schemas"]
    )


def test_the_schema_is_made_without_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    openapi.document.cache_clear()
    openapi.document()
    assert capsys.readouterr().err == ""


def test_the_page_of_the_api_holds_no_script_and_every_operation(phone: Client) -> None:
    answer = phone.get("/api/v1/docs/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "<script" not in text
    assert "style=" not in text
    assert text.count("<section") == 7
    assert "//cdn" not in text
