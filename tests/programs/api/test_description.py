"""The API's own description: whole, without a warning, and a page without script."""

import pytest
from django.test import Client

from config import openapi
from tests.programs.api.calls import PROGRAMS, SESSIONS, told

pytestmark = pytest.mark.django_db


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
