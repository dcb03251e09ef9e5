"""What goes wrong over the API is told as problem details."""

from typing import Any

import pytest
from django.test import Client

from tests.programs.api.calls import PROBLEM, PROGRAMS, SESSIONS
from tests.programs.people import Person

pytestmark = pytest.mark.django_db


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
