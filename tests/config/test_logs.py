"""Log lines: JSON, with the request's id, and nothing of a patient."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from config.logs import JsonFormatter
from tests.actors import signed_in
from tests.world import World, make_world

CANARY = "Zyxwvut Canarybird"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that is logged from INFO on, as it is written where Flexion runs."""
    written, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(written), root.level
    handler.setFormatter(JsonFormatter())
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def world(db: None) -> World:
    return make_world(CANARY)


def read(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_a_request_is_a_line_with_its_id(client: Client, db: None, lines: io.StringIO) -> None:
    client.get("/nowhere/")
    finished = [line for line in read(lines) if line["event"] == "request_finished"]
    assert [line["code"] for line in finished] == [404]
    assert len(finished[0]["request_id"]) == 36
    assert {line["request_id"] for line in read(lines)} == {finished[0]["request_id"]}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_line_holds_nothing_of_a_patient(method: str, world: World, lines: io.StringIO) -> None:
    client = signed_in(world.clinician_user)
    names = ("desk:patient-detail", "programs:patient-messages", "programs:program-assign")
    for name in names:
        getattr(client, method)(
            reverse(name, args=[world.patient.id]), {"text": CANARY, "name": CANARY}
        )
    assert len(read(lines)) >= len(names)
    assert "canary" not in lines.getvalue().lower()


def test_a_line_names_the_route_and_no_secret_of_the_address(
    client: Client, world: World, lines: io.StringIO
) -> None:
    client.get(reverse("patients:invitation-open", args=[world.token]), {"name": CANARY})
    assert {line["request"] for line in read(lines)} == {"GET i/<str:token>/"}
    assert world.token not in lines.getvalue()


def test_a_fault_is_a_line_with_its_place_and_no_values(
    world: World, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.views.render", lambda *_args, **_options: 1 / 0)
    signed_in(world.clinician_user).get(reverse("desk:patient-detail", args=[world.patient.id]))
    faults = [line for line in read(lines) if "exception" in line]
    assert faults
    assert all("ZeroDivisionError" in line["exception"] for line in faults)
    assert "canary" not in lines.getvalue().lower()
