"""A patient's and a clinician's calls to the API."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.roles import Actor
from patients.acting import KEY
from tests.programs.people import Person

PROBLEM = "application/problem+json"
PROGRAMS, SESSIONS = "/api/v1/programs/", "/api/v1/sessions/"


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
