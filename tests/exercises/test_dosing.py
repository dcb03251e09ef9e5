"""How an exercise was dosed in studies: facts with their source, and what each leaves open."""

import re
from typing import Any

import pytest
from django.test import Client

from exercises import shipped
from exercises.dosing import studies_of
from exercises.models import Exercise, Revision

SHIPPED = shipped.exercises()
ROWS = shipped.read("dosing")
DOSED = {
    "standing-curl-band": ["band", "knee", "pain"],
    "seated-curl-band": ["band", "knee", "pain"],
    "side-step-band": ["band", "pain"],
    "standing-curl-weight": ["load", "knee", "pain"],
    "prone-curl-weight": ["load", "knee", "pain"],
    "machine-curl": ["load", "machine", "pain"],
    "nordic": ["nordic", "pain"],
    "nordic-assisted": ["nordic", "pain"],
}


def keys(slug: str) -> list[str]:
    content = SHIPPED[slug]
    fields = {name: getattr(content, name) for name in ("figure", "equipment", "sources")}
    made = Revision(exercise=Exercise(slug=slug), **fields)
    return [study.key for study in studies_of(made, "en")]


@pytest.mark.parametrize("slug", sorted(SHIPPED))
def test_an_exercise_tells_the_doses_of_studies_or_that_there_is_none(slug: str) -> None:
    cited = any(row["key"] == "hafez-2013" for row in SHIPPED[slug].sources)
    assert keys(slug) == DOSED.get(slug, ["none", "knee", "pain"] if cited else ["none", "pain"])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["key"])
def test_what_names_a_number_names_its_source_its_check_and_its_limit(row: dict[str, Any]) -> None:
    counted = re.search(r"\d|three|tres", row["en"]["text"] + row["es"]["text"])
    assert bool(row["sources"]) == bool(counted)
    for language in ("en", "es"):
        assert ("limit" in row[language]) == bool(counted)
    assert row["checked"] in ({"read", "secondary"} if counted else {""})
    assert all(source["href"].startswith("https://") for source in row["sources"])


def test_no_dose_is_taken_from_the_two_studies_of_sore_knees() -> None:
    told = str([row["sources"] for row in ROWS]) + str([row["en"] for row in ROWS])
    assert not re.findall("(?i)johani|hafez|jpts", told)


@pytest.mark.django_db
@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_shows_each_study_and_where_flexion_begins(client: Client, language: str) -> None:
    text = client.get(f"/exercises/standing-curl-band/?lang={language}").content.decode()
    shown = [row for row in ROWS if row["key"] in DOSED["standing-curl-band"]]
    wanted = [line for row in shown for line in row[language].values()]
    wanted += [source["href"] for row in shown for source in row["sources"]]
    plain = text.replace("&#x27;", "'")
    assert [line for line in wanted if line not in plain] == []


@pytest.mark.django_db
@pytest.mark.usefixtures("library")
def test_the_first_dose_of_flexion_is_named_as_untested(client: Client) -> None:
    text = client.get("/exercises/nordic/?lang=en").content.decode()
    assert "first offered 2 sets of 5. No study has tested that number." in text
