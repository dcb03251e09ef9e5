"""What the editor offers beside the words: the figure, a ladder's order, references by DOI."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from exercises.models import Ladder, Reference, Revision
from tests.actors import of
from tests.broken import DOSE, SPANS
from tests.exercises.test_libraries import keeper

pytestmark = pytest.mark.django_db
FIGURE = {"pose": "standing_curl", "range_deg": "100", "band": "red"}


@pytest.fixture
def ladder(published: Revision) -> Ladder:
    ladder = Ladder.objects.create(slug="curls", title={"en": "Curls", "es": "Curls"})
    rest: dict[str, Any] = {"laterality": "each", "entry": DOSE, "bounds": SPANS}
    for position, key in enumerate("abc"):
        exercise = published.exercise
        ladder.steps.create(key=key, position=position, exercise=exercise, **rest)
    return ladder


def save(
    editor: Client, ladder: Ladder, order: str, position: int | None = None, **changed: Any
) -> Any:
    """Save the ladder's page with its steps numbered in this order; the last one may differ."""
    address = reverse("admin:exercises_ladder_change", args=[ladder.pk])
    page = editor.get(address).context
    sent = {bound.html_name: bound.value() for bound in page["adminform"].form}
    formset = page["inline_admin_formsets"][0].formset
    for form in (formset.management_form, *formset.initial_forms):
        sent |= {bound.html_name: bound.value() for bound in form}
    for number, form in enumerate(formset.initial_forms):
        place = order.find(form.instance.key)
        sent[f"steps-{number}-position"] = position if place < 0 else place
        sent[f"steps-{number}-equipment"] = ""
    sent |= changed
    return editor.post(address, {name: value for name, value in sent.items() if value is not None})


def keys(ladder: Ladder) -> str:
    return "".join(ladder.steps.values_list("key", flat=True))


def test_the_steps_of_a_ladder_change_places(editor: Client, ladder: Ladder) -> None:
    assert keys(ladder) == "abc"
    answer = save(editor, ladder, "cab")
    assert answer.status_code == 302, answer.context["errors"]
    assert keys(ladder) == "cab"
    ladder.refresh_from_db()
    assert ladder.title == {"en": "Curls", "es": "Curls"}


def test_a_dose_beyond_its_bounds_is_told_and_nothing_is_kept(
    editor: Client, ladder: Ladder
) -> None:
    answer = save(editor, ladder, "cab", **{"steps-1-sets": 6, "steps-2-reps": 10})
    assert "within its bounds" in str(answer.context["errors"])
    assert (keys(ladder), ladder.steps.get(key="c").entry) == ("abc", DOSE)
    assert save(editor, ladder, "abc", **{"steps-2-reps": 10}).status_code == 302
    assert ladder.steps.get(key="c").entry["reps"] == 10


def test_a_reviewer_reads_a_ladder(ladder: Ladder) -> None:
    text = of(keeper(None, Role.REVIEWER)).get(
        reverse("admin:exercises_ladder_change", args=[ladder.pk])
    )
    assert text.status_code == 200
    assert 'name="steps-0-sets"' not in text.content.decode()


def test_two_steps_take_no_one_place(editor: Client, ladder: Ladder) -> None:
    answer = save(editor, ladder, "a b", position=2)
    assert answer.status_code == 200
    assert "duplicate data" in str(answer.context["errors"])
    assert keys(ladder) == "abc"


@pytest.mark.parametrize(
    "doi",
    ["10.1016/j.x.2014.01", "https://doi.org/10.1016/j.x.2014.01", "doi: 10.1016/j.x.2014.01"],
)
def test_a_reference_is_kept_by_its_bare_doi(editor: Client, doi: str) -> None:
    note = {"note_en": "It supports little.", "note_es": "Apoya poco."}
    sent = {"key": "one", "citation": "One 2014", "doi": doi, **note}
    assert editor.post("/library/exercises/reference/add/", sent).status_code == 302
    found = Reference.objects.get(key="one")
    assert (found.doi, found.note["es"]) == ("10.1016/j.x.2014.01", "Apoya poco.")


@pytest.mark.parametrize(
    "doi", ["10.1016", "11.1016/x", "10.1016/x y", "https://x.example/10.1016/x"]
)
def test_what_is_no_doi_is_told(editor: Client, doi: str) -> None:
    sent = {"key": "one", "citation": "One", "doi": doi, "note_en": "a", "note_es": "b"}
    answer = editor.post("/library/exercises/reference/add/", sent)
    assert "A DOI is 10." in str(answer.context["adminform"].form.errors["doi"])


def test_the_figure_is_shown_as_the_fields_say_and_kept_nowhere(
    editor: Client, draft: Revision
) -> None:
    address = reverse("admin:exercises_revision_figure")
    whole = editor.post(address, FIGURE).content.decode()
    part = editor.post(address, FIGURE, headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in whole, "<html" in part) == (True, False)
    assert all('id="sketch"' in text and "f-red" in text for text in (whole, part))
    draft.refresh_from_db()
    assert draft.figure["band"] is None


@pytest.mark.parametrize(
    "sent", [{}, {"pose": ""}, {"pose": "flying"}, FIGURE | {"range_deg": "1"}]
)
def test_a_figure_that_is_none_is_not_drawn(editor: Client, sent: dict[str, str]) -> None:
    text = editor.post(reverse("admin:exercises_revision_figure"), sent).content.decode()
    assert ('id="sketch"' in text, "Choose a pose" in text) == (False, True)


@pytest.mark.parametrize(("language", "side"), [("en", "Left leg"), ("es", "Pierna izquierda")])
def test_a_draft_is_shown_as_its_patient_sees_it(
    editor: Client, draft: Revision, language: str, side: str
) -> None:
    address = reverse("admin:exercises_revision_look", args=[draft.pk])
    text = editor.get(address, {"as": "patient", "lang": language}).content.decode()
    assert all(each in text for each in (draft.body[language]["name"], side, "fig-move"))
    assert "<script" not in text


def test_a_published_revision_is_read_in_both_languages(
    editor: Client, published: Revision
) -> None:
    address = reverse("admin:exercises_revision_change", args=[published.pk])
    text = editor.get(address).content.decode()
    assert all(published.body[language]["summary"] in text for language in ("en", "es"))
    assert "Works against a resistance" in text
