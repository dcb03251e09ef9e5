"""The public pages: for anyone, in both languages, complete, and safe."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from accounts.roles import Actor
from exercises import services, shipped
from exercises.models import Revision
from tests.exercises.reviews import reviewed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("beside")]
INDEX, GUIDE = "/exercises/", "/exercises/standing-curl/"
PARTS = [
    "what-it-is",
    "how-to",
    "easier-harder",
    "dose",
    "what-it-works",
    "benefits",
    "before",
    "when-to-stop",
    "service",
    "who-checked",
    "references",
]


def page(client: Client, address: str, language: str = "en") -> str:
    """The page's text as a person reads it, entities resolved."""
    answer = client.get(address, {"lang": language})
    assert answer.status_code == 200
    return re.sub(r"&#x27;", "'", answer.content.decode())


@pytest.mark.usefixtures("library")
def test_the_index_links_every_exercise(client: Client) -> None:
    text = page(client, INDEX)
    assert all(f'href="/exercises/{slug}/"' in text for slug in shipped.exercises())


def lines_of(words: dict[str, Any]) -> set[str]:
    """Every line of an exercise that its own guide page must show."""
    lists = [line for value in words.values() if isinstance(value, list) for line in value]
    lines = [line if isinstance(line, str) else line["text"] for line in lists]
    shown = [*lines, words["title"], words["summary"], words["easier_how"], words["harder_how"]]
    return set(shown) - set(words["phases"])


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("language", ["en", "es"])
def test_each_guide_shows_every_line_of_its_exercise(client: Client, language: str) -> None:
    for slug, content in shipped.exercises().items():
        text = page(client, f"/exercises/{slug}/", language)
        assert [line for line in lines_of(content.body[language]) if line not in text] == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_guide_has_every_red_flag_answer_and_service(client: Client, language: str) -> None:
    text = page(client, GUIDE, language)
    guide = shipped.read("guide")
    wanted = [flag["text"] for flag in shipped.red_flags(language)]
    wanted += [row[language]["answer"] for row in guide["sorting"]]
    wanted += [row[language]["text"] for row in guide["service"]]
    assert [line for line in wanted if line not in text] == []


def test_the_contents_lead_to_every_part(client: Client) -> None:
    text = page(client, GUIDE)
    assert re.findall(r'<h2 id="([^"]+)"', text) == PARTS
    assert all(text.count(f'href="#{part}"') >= 2 for part in PARTS)


def test_each_modification_has_its_own_moving_figure(client: Client) -> None:
    text = page(client, GUIDE)
    movers = re.findall(r'class="fig fig-move" id="(\w+)"', text)
    assert movers == ["figure", "tile0", "tile1", "tile2", "tile3"]
    assert all(f'id="{uid}_play"' in text for uid in movers)
    assert {"f-red", "f-weight"} <= set(re.findall(r"f-\w+", text))


def test_no_id_stands_twice(client: Client) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page(client, GUIDE))
    assert len(ids) == len(set(ids))


def test_shipped_content_says_that_nobody_reviewed_it(client: Client) -> None:
    assert "Not yet clinically reviewed" in page(client, GUIDE)
    assert "Aún sin revisión clínica" in page(client, GUIDE, "es")


def test_a_reviewer_is_shown_with_credentials_and_marked_if_invented(
    client: Client, admin: Actor, reviewer: Actor, now: datetime
) -> None:
    standing = Revision.objects.public().get(exercise__slug="standing-curl")
    draft = services.start_draft(revision=standing, by=admin, at=now)
    reviewed(draft, reviewer, invented=True)
    services.publish_revision(revision=draft, by=admin, at=now)
    text = page(client, GUIDE)
    assert all(
        words in text for words in ("Ana Test, PT", "Treats knees.", "invented for the demo")
    )
    assert "Not yet clinically reviewed" not in text


def test_the_language_of_the_page_is_told_and_can_be_linked(client: Client) -> None:
    text = page(client, GUIDE, "es")
    assert '<html lang="es">' in text
    assert 'hreflang="en"' in text


def test_an_unknown_language_is_ignored(client: Client) -> None:
    assert '<html lang="en">' in page(client, GUIDE, "xx")


def test_a_draft_is_not_public(client: Client, admin: Actor, now: datetime) -> None:
    standing = Revision.objects.public().get(exercise__slug="standing-curl")
    services.retire_revision(revision=standing, by=admin, at=now)
    content = services.content_of(standing)
    services.draft_revision(exercise=standing.exercise, content=content, by=admin, at=now)
    assert f'href="{GUIDE}"' not in page(client, INDEX)
    assert client.get(GUIDE).status_code == 404


def test_an_unknown_exercise_is_not_found(client: Client) -> None:
    assert client.get("/exercises/handstand/").status_code == 404


@pytest.mark.parametrize("address", [INDEX, GUIDE])
def test_pages_are_read_only(client: Client, address: str) -> None:
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", [INDEX, GUIDE])
def test_pages_carry_no_inline_script_or_style(client: Client, address: str) -> None:
    code = r'<script(?![^>]*\ssrc=| type="application/ld\+json">)|<style|\sstyle=|\son\w+='
    assert not re.search(code, page(client, address))


def test_a_guide_costs_three_queries(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        client.get(GUIDE)
