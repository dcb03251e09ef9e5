"""One search for the editor, prescribing and the pages: words, slips, facts, and who sees what."""

from copy import deepcopy
from datetime import datetime

import pytest
from django.test import Client
from django.utils import translation

from accounts.roles import Actor
from accounts.scope import clinic_scope
from exercises import services, shipped
from exercises.finding import Asked, Scope, find_revisions
from exercises.importing.files import read_file
from exercises.importing.resource import ExerciseResource
from exercises.models import Exercise, Revision
from tests.conftest import NOW
from tests.exercises.files import an_exercise, data_of
from tests.exercises.reviews import reviewed
from tests.factories import ClinicFactory
from tests.programs.prescribing.given import load_library, make_searchable

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _library(db: None) -> None:
    load_library()
    make_searchable()


def slugs(words: str = "", *, scope: Scope = "public", **facts: str) -> list[str]:
    ids, _all = find_revisions(Asked(words, **facts), scope=scope, most=50)
    rows = Revision.objects.select_related("exercise").in_bulk(ids)
    return [rows[each].exercise.slug for each in ids]


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("nordic", "nordic"),
        ("curl nórdico", "nordic"),
        ("NORDICO", "nordic"),
        ("puente", "bridge"),
        ("bridges", "bridge"),
        ("brid", "bridge"),
        ("talon", "heel-dig"),
    ],
)
def test_a_name_is_found_in_either_language(words: str, slug: str) -> None:
    assert slug in slugs(words)[:2]


@pytest.mark.parametrize(
    ("words", "slug"),
    [("nordik", "nordic"), ("briddge", "bridge"), ("slidr curl", "slider-curl")],
)
def test_a_slip_of_the_keys_still_finds_it(words: str, slug: str) -> None:
    assert slug in slugs(words)[:3]


@pytest.mark.parametrize("words", ["buttock muscles", "glúteos", "glteos"])
def test_a_muscle_finds_those_that_it_works_in(words: str) -> None:
    assert "bridge" in slugs(words)


def test_what_only_a_step_says_is_found_after_the_names() -> None:
    found = slugs("towel")
    assert "slider-curl" in found
    assert slugs("heel")[:1] in (["heel-dig"], ["heel-slide"])


def test_nothing_like_it_finds_nothing() -> None:
    assert slugs("zumba") == []


@pytest.mark.parametrize("words", ["", "!!", "' & | : *", "the", "%", "\\", "a " * 50])
def test_odd_words_break_nothing(words: str) -> None:
    assert isinstance(slugs(words), list)


def test_facts_narrow_what_is_found() -> None:
    assert slugs(posture="kneeling") == ["all-fours-leg-reach", "nordic", "nordic-assisted"]
    assert slugs(posture="kneeling", level="expert") == ["nordic"]
    assert slugs("curl", equipment="machine") == ["machine-curl"]
    assert "nordic" not in slugs("curl", muscle="calves", posture="standing")


def test_how_many_there_are_is_told_beside_the_first() -> None:
    ids, every = find_revisions(Asked("curl"), scope="public", most=2)
    assert len(ids) == 2
    assert 2 < every <= len(slugs("curl"))


def test_a_draft_is_found_by_the_editor_alone() -> None:
    ExerciseResource(by=None, at=NOW).read(read_file(data_of(an_exercise())), dry_run=False)
    assert slugs("air bike") == []
    assert slugs("air bike", scope="prescribing") == []
    assert slugs("air bike", scope="newest") == ["air-bike"]


def test_a_draft_that_says_it_right_hides_no_slip_from_the_others() -> None:
    rows = data_of(an_exercise(name="Nordik"))
    ExerciseResource(by=None, at=NOW).read(read_file(rows), dry_run=False)
    assert "nordic" in slugs("nordik")


def swan_dive(admin: Actor) -> Revision:
    """A draft of the Nordic curl by another name."""
    standing = Revision.objects.get(exercise__slug="nordic")
    content = services.content_of(standing)
    content.body["en"]["name"] = "Swan dive"
    return services.draft_revision(exercise=standing.exercise, content=content, by=admin, at=NOW)


def test_the_search_follows_a_draft_until_it_is_retired(admin: Actor, reviewer: Actor) -> None:
    draft = reviewed(swan_dive(admin), reviewer)
    assert (slugs("swan dive"), slugs("swan dive", scope="newest")) == ([], ["nordic"])
    services.publish_revision(revision=draft, by=admin, at=NOW)
    assert (slugs("swan dive"), slugs("swan dive", scope="prescribing")) == (["nordic"],) * 2
    services.retire_revision(revision=draft, by=admin, at=NOW)
    assert (slugs("swan dive"), slugs("swan dive", scope="prescribing")) == ([], [])


def test_a_draft_that_goes_leaves_the_one_before_as_the_newest(admin: Actor) -> None:
    draft = swan_dive(admin)
    assert slugs(posture="kneeling", level="expert", scope="newest") == ["nordic"]
    Revision.objects.filter(pk=draft.pk).delete()
    assert slugs("nordic curl", scope="newest")[0] == "nordic"


def test_a_clinics_own_is_neither_found_nor_counted_elsewhere(now: datetime) -> None:
    clinic = ClinicFactory.create()
    with clinic_scope(clinic.id):
        own = Exercise.objects.create(slug="our-zumba", clinic=clinic)
        content = deepcopy(shipped.exercises()["bridge"])
        content.body["en"]["name"] = "Zumba"
        draft = services.draft_revision(exercise=own, content=content, by=None, at=now)
        assert find_revisions(Asked("zumba"), scope="newest", most=9) == ([draft.pk], 1)
    with clinic_scope(ClinicFactory.create().id):
        assert find_revisions(Asked("zumba"), scope="newest", most=9) == ([], 0)


def test_the_page_of_the_library_lists_what_is_found(client: Client) -> None:
    text = client.get("/exercises/", {"q": "nordik"}).content.decode()
    assert 'href="/exercises/nordic/"' in text
    assert 'href="/exercises/bridge/"' not in text
    assert 'value="nordik"' in text


def test_the_page_narrows_by_facts_and_says_where_nothing_is_left(client: Client) -> None:
    text = client.get("/exercises/", {"posture": "kneeling", "level": "expert"}).content.decode()
    assert 'href="/exercises/nordic/"' in text
    assert 'href="/exercises/nordic-assisted/"' not in text
    assert "Nothing is found" in client.get("/exercises/", {"q": "zumba"}).content.decode()


def test_an_unknown_fact_is_ignored(client: Client) -> None:
    answer = client.get("/exercises/", {"muscle": "<script>", "level": "x" * 5000})
    assert 'href="/exercises/bridge/"' in answer.content.decode()


def test_the_page_is_found_by_in_spanish(client: Client) -> None:
    with translation.override("es"):
        answer = client.get("/exercises/", {"q": "bridge", "lang": "es"})
    assert "Puente" in answer.content.decode()
