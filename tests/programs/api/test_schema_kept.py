"""The API keeps its own description, whatever a schema-driven caller thinks of sending."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from django.conf import settings as conf
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import booleans
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config import openapi
from config.wsgi import application
from tests.programs.api.calls import signed_in, start
from tests.programs.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EXAMPLES = 25
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
OPERATIONS = {
    (path, method): f"{method} {path}"
    for path, methods in openapi.document()["paths"].items()
    for method in methods
}


@pytest.fixture
def session(maya: Person, phone: Client) -> dict[str, Any]:
    return start(phone, maya)


@pytest.fixture(params=["patient", "clinician"])
def caller(request: pytest.FixtureRequest, maya: Person) -> Client:
    """A person's browser, with the token that a write needs."""
    client = signed_in(maya.actor if request.param == "patient" else maya.clinician)
    client.cookies[conf.CSRF_COOKIE_NAME] = "a" * 32
    return client


@contextmanager
def one_connection() -> Iterator[None]:
    """The application is called in the test's own transaction, which its end must not part."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def call(case: Any, caller: Client) -> None:
    """Send a case through the whole WSGI application, check the answer, and take it back."""
    cookies = {name: morsel.value for name, morsel in caller.cookies.items()}
    headers = {"X-CSRFToken": "a" * 32}
    with transaction.atomic(), one_connection():
        answer = case.call(headers=headers, cookies=cookies)
        transaction.set_rollback(True)
    case.validate_response(answer, checks=CHECKS)


def true_ids(case: Any, maya: Person, session: dict[str, Any]) -> None:
    """Name things that are there, so that more than the doorstep is tried."""
    known = {
        "program": str(maya.program.id),
        "session": session["id"],
        "prescription": str(maya.prescription.id),
        "dose": str(maya.dose("left").id),
    }
    for name in known.keys() & (case.path_parameters or {}).keys():
        case.path_parameters[name] = known[name]
    for body in case.body if isinstance(case.body, list) else [case.body]:
        if isinstance(body, dict):
            body.update({name: known[name] for name in known.keys() & body.keys()})


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=list(OPERATIONS.values()))
def test_every_answer_is_one_that_the_description_knows(
    path: str, method: str, maya: Person, session: dict[str, Any], caller: Client
) -> None:
    schema = schemathesis.openapi.from_dict(deepcopy(openapi.document()))
    schema.app = application

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=schema[path][method.upper()].as_strategy(), known=booleans())
    def hold(case: Any, known: bool) -> None:
        if known:
            true_ids(case, maya, session)
        call(case, caller)

    hold()
