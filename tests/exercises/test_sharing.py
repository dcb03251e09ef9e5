"""What search engines and links to public pages get: addresses, pictures, data, the sitemap."""

import json
import re
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import transaction
from django.test import Client

from accounts.roles import Actor
from accounts.scope import clinic_scope
from exercises import services, shipped
from exercises.models import Exercise, Revision
from tests.exercises.reviews import reviewed
from tests.factories import ClinicFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("beside")]
INDEX, GUIDE = "/exercises/", "/exercises/standing-curl/"
SITE = "http://testserver"
HREFLANG = r'hreflang="([\w-]+)" href="([^"]+)"'


def html(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def data(client: Client, address: str) -> dict[str, Any]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html(client, address))
    assert len(found) == 1
    told: dict[str, Any] = json.loads(found[0])
    return told


def tree_of(answer: Any) -> ElementTree.Element:
    return ElementTree.fromstring(answer.content)  # noqa: S314  what these pages made themselves


def standing() -> Revision:
    return Revision.objects.public().get(exercise__slug="standing-curl")


def publish(admin: Actor, reviewer: Actor, now: datetime, *, invented: bool) -> None:
    draft = services.start_draft(revision=standing(), by=admin, at=now)
    reviewed(draft, reviewer, invented=invented)
    services.publish_revision(revision=draft, by=admin, at=now)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_data_of_a_guide_says_what_the_page_says(client: Client, language: str) -> None:
    address = f"{GUIDE}?lang={language}"
    page, plan = data(client, address)["@graph"]
    words = shipped.exercises()["standing-curl"].body[language]
    assert (page["@type"], plan["@type"]) == ("MedicalWebPage", "ExercisePlan")
    assert page["url"] == SITE + address
    assert (page["name"], page["description"]) == (words["title"], words["summary"])
    assert page["mainEntity"]["@id"] == plan["@id"]
    assert page["datePublished"] == standing().published_at.date().isoformat()
    text = html(client, address)
    assert all(part["name"] in text for part in plan["associatedAnatomy"])
    assert all(source["sameAs"] in text for source in page["citation"])


def test_the_data_names_no_dose_and_no_reviewer_where_there_is_none(client: Client) -> None:
    page, plan = data(client, GUIDE)["@graph"]
    assert not {"lastReviewed", "reviewedBy"} & page.keys()
    assert not {"repetitions", "intensity", "activityFrequency", "workload"} & plan.keys()


def test_the_data_names_a_person_who_reviewed(
    client: Client, admin: Actor, reviewer: Actor, now: datetime
) -> None:
    publish(admin, reviewer, now, invented=False)
    page = data(client, GUIDE)["@graph"][0]
    assert page["reviewedBy"]["name"] == "Ana Test"
    assert page["lastReviewed"] == standing().reviewed_on.isoformat()


def test_the_data_does_not_name_a_reviewer_who_is_invented(
    client: Client, admin: Actor, reviewer: Actor, now: datetime
) -> None:
    publish(admin, reviewer, now, invented=True)
    page = data(client, GUIDE)["@graph"][0]
    assert page["version"] == 2
    assert not {"lastReviewed", "reviewedBy"} & page.keys()


def test_no_word_of_the_data_is_markup(client: Client, admin: Actor, now: datetime) -> None:
    body = standing().body | {"en": standing().body["en"] | {"title": "</script><b>&"}}
    Revision.objects.filter(id=standing().id).update(state="retired", retired_at=now)
    fields = {"exercise": standing_exercise(), "number": 9, "state": "published"}
    figure = {"pose": "standing_curl"}
    Revision.objects.create(**fields, body=body, figure=figure, published_at=now)
    assert data(client, GUIDE)["@graph"][0]["name"] == "</script><b>&"


def standing_exercise() -> Exercise:
    return Exercise.objects.get(slug="standing-curl", clinic=None)


@pytest.mark.usefixtures("library")
def test_the_data_of_the_index_lists_the_page_in_its_order(client: Client) -> None:
    told = data(client, f"{INDEX}?lang=es")
    listed = [row["url"] for row in told["mainEntity"]["itemListElement"]]
    shown = re.findall(r'<a href="(/exercises/[\w-]+/)"', html(client, INDEX))
    assert len(listed) == len(shipped.exercises())
    assert listed == [f"{SITE}{path}?lang=es" for path in shown]


@pytest.mark.parametrize("address", [INDEX, GUIDE])
def test_the_languages_of_a_page_name_each_other_and_themselves(
    client: Client, address: str
) -> None:
    pages = {language: html(client, f"{address}?lang={language}") for language in ("en", "es")}
    links = {language: dict(re.findall(HREFLANG, text)) for language, text in pages.items()}
    assert links["en"] == links["es"]
    assert set(links["en"]) == {"en", "es", "x-default"}
    for language, text in pages.items():
        assert f'rel="canonical" href="{links["en"][language]}"' in text
        assert links["en"][language] == f"{SITE}{address}?lang={language}"


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("address", [INDEX, GUIDE])
def test_the_picture_beside_a_link_is_a_png_of_the_size_that_is_told(
    client: Client, address: str
) -> None:
    told = dict(re.findall(r'property="og:([\w:]+)" content="([^"]+)"', html(client, address)))
    answer = client.get(told["image"].removeprefix(SITE))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer.content.startswith(b"\x89PNG\r\n\x1a\n")
    size = [int.from_bytes(answer.content[at : at + 4]) for at in (16, 20)]
    assert size == [int(told["image:width"]), int(told["image:height"])] == [1200, 630]
    assert "public" in answer["Cache-Control"]


def test_a_figure_alone_brings_the_tones_of_both_themes(client: Client) -> None:
    answer = client.get(f"{GUIDE}1.svg")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    tree = tree_of(answer)
    style = tree.findtext("{http://www.w3.org/2000/svg}style", "")
    assert {"--accent", ".f-leg", "light-dark"} <= set(re.findall(r"[\w.-]+", style))


def test_a_picture_is_drawn_once_for_each_revision_and_language(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get(f"{GUIDE}1-es.png").content
    monkeypatch.setattr("exercises.cards.set_in", None)
    assert client.get(f"{GUIDE}1-es.png").content == first


def test_the_picture_of_an_older_revision_leads_to_the_newest(client: Client) -> None:
    assert client.get(f"{GUIDE}7-en.png").headers["Location"] == f"{GUIDE}1-en.png"


@pytest.mark.parametrize(
    "address", [f"{GUIDE}1-xx.png", "/exercises/handstand/1-en.png", "/exercises/xx.png"]
)
def test_an_unknown_picture_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def in_sitemap(client: Client) -> dict[str, dict[str, str]]:
    """Each address with its languages."""
    answer = client.get("/sitemap.xml")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml")
    spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    tree = tree_of(answer)
    found = tree.findall("s:url", spaces)
    assert all(row.findtext("s:lastmod", namespaces=spaces) for row in found)
    links = "{http://www.w3.org/1999/xhtml}link"
    return {
        row.findtext("s:loc", "", spaces): {
            link.attrib["hreflang"]: link.attrib["href"] for link in row.findall(links)
        }
        for row in found
    }


def test_the_sitemap_lists_each_public_page_in_each_language(client: Client) -> None:
    slugs = shipped.exercises()["standing-curl"].beside
    paths = [INDEX, *(f"{INDEX}{slug}/" for slug in slugs)]
    listed = in_sitemap(client)
    assert set(listed) == {f"{SITE}{path}?lang={la}" for path in paths for la in ("en", "es")}
    head = dict(re.findall(HREFLANG, html(client, GUIDE)))
    assert listed[f"{SITE}{GUIDE}?lang=es"] == head


def test_neither_a_draft_nor_a_clinic_s_own_exercise_is_public(
    client: Client, admin: Actor, now: datetime
) -> None:
    clinic = ClinicFactory.create()
    with clinic_scope(clinic.id):
        own = Exercise.objects.create(slug="own-curl", clinic=clinic)
        fields = {"exercise": own, "clinic": clinic, "number": 1, "published_at": now}
        same = {"body": standing().body, "figure": standing().figure, "state": "published"}
        Revision.objects.create(**fields, **same)
        draft = Exercise.objects.create(slug="half-curl")
        content = services.content_of(standing())
        services.draft_revision(exercise=draft, content=content, by=admin, at=now)
        assert not re.findall("own-curl|half-curl", str(in_sitemap(client)) + html(client, INDEX))
        pages = [f"{INDEX}{slug}/" for slug in ("own-curl", "half-curl")]
        found = [
            status(client, at) for page in pages for at in (page, f"{page}1-en.png", f"{page}1.svg")
        ]
        assert found == [404] * 6


def status(client: Client, address: str) -> int:
    with transaction.atomic():  # which an answer of 404 takes back
        return client.get(address).status_code


def test_robots_are_led_to_the_sitemap_and_away_from_the_rest(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().split("\n")
    assert lines[:3] == ["User-agent: *", "Allow: /$", "Allow: /exercises/"]
    assert {"Disallow: /", f"Sitemap: {SITE}/sitemap.xml"} <= set(lines)


@pytest.mark.parametrize(
    "address",
    ["/sitemap.xml", "/robots.txt", "/exercises/en.png", f"{GUIDE}1-en.png", f"{GUIDE}1.svg"],
)
def test_what_is_shared_is_read_only(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405


def test_a_page_that_is_not_published_is_not_to_be_found(
    editor: Client, admin: Actor, now: datetime
) -> None:
    draft = services.start_draft(revision=standing(), by=admin, at=now)
    text = html(editor, f"/library/exercises/revision/{draft.id}/look/")
    assert '<meta name="robots" content="noindex">' in text
    assert not re.findall("ld.json|og:|canonical", text)
