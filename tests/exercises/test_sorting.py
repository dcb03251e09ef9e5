"""The question that sorts readers leads each of them to where they can go on."""

import re
from typing import Any

import pytest
from django.test import Client

from config.demo import views as demo
from exercises.sorting import readers

LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])


def places(language: str) -> dict[str, str]:
    return {row["key"]: row["href"] for row in readers(language)}


@LANGUAGES
def test_a_patient_is_led_to_the_sign_in_and_a_reader_onward(language: str) -> None:
    found = places(language)
    assert found["care"] == "/sign-in/"
    assert found["reading"] == "#how-to"
    assert found["other"] == "/exercises/"


@LANGUAGES
def test_a_clinician_signs_in_and_reads_of_the_demo(language: str) -> None:
    (row,) = (row for row in readers(language) if row["key"] == "clinician")
    assert row["href"] == "/sign-in/"
    assert "README" in row["answer"]


@LANGUAGES
def test_within_the_demo_a_clinician_is_led_to_its_people(
    language: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO = True
    names = {pattern.name for pattern in demo.urlpatterns}
    monkeypatch.setattr("exercises.sorting.reverse", lambda name: name)
    assert places(language)["clinician"] in names


@pytest.mark.django_db
@pytest.mark.usefixtures("library")
@LANGUAGES
def test_each_answer_of_the_index_leads_to_a_part_that_is_there(
    client: Client, language: str
) -> None:
    text = client.get("/exercises/", {"lang": language}).content.decode()
    asked = text[text.index('class="ask"') :]
    links = re.findall(r'<p>.*? <a href="([^"]+)"', asked)
    assert len(links) == 7
    for path, _, part in (link.partition("#") for link in links):
        answer = client.get(path)
        assert answer.status_code == 200
        assert not part or f'id="{part}"' in answer.content.decode()
