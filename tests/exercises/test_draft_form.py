"""The form of a draft: every part of the words has a field, and nothing gets lost on the way."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from accounts.roles import Actor
from exercises import services, shipped
from exercises.models import Reference, Revision
from exercises.pairs import pairs
from tests.exercises.drafts import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _references(db: None) -> None:
    rows = shipped.read("references").items()
    Reference.objects.bulk_create(Reference(key=key, **source) for key, source in rows)


def text_of(form: Any, name: str) -> str:
    return " ".join(map(str, form.errors.get(name, [])))


def test_what_is_shipped_passes_the_form_unchanged(draft: Revision) -> None:
    for content in shipped.exercises().values():
        for name, value in content.__dict__.items():
            setattr(draft, name, value)
        form = form_of(draft)
        assert form.is_valid(), form.errors
        assert form.content() == content


def test_the_numbers_are_the_order_of_the_steps(draft: Revision) -> None:
    form = form_of(draft, **{"form-1-ORDER": "9"})
    assert form.is_valid()
    leads = [step["lead"] for step in draft.body["en"]["steps"]]
    expected = [leads[0], *leads[2:], leads[1]]
    assert [step["lead"] for step in form.content().body["en"]["steps"]] == expected


def test_a_step_that_is_removed_goes_in_both_languages(draft: Revision) -> None:
    form = form_of(draft, **{"form-0-DELETE": "on"})
    assert form.is_valid()
    for language in ("en", "es"):
        assert form.content().body[language]["steps"] == draft.body[language]["steps"][1:]


def test_a_language_without_words_is_left_out(draft: Revision) -> None:
    form = form_of(draft)
    spanish = {name: "" for name in form.data if name.endswith("_es")}
    form = form_of(draft, **spanish)
    assert form.is_valid(), form.errors
    assert form.content().body == {"en": draft.body["en"]}


def test_a_fault_stands_beside_its_field(draft: Revision) -> None:
    form = form_of(draft, phases_es="sube\nbaja", **{"form-2-text_es": ""})
    assert not form.is_valid()
    assert "three" in text_of(form, "phases_es")
    assert "empty" in str(form.steps[2].errors["text_es"])
    assert "empty" not in str(form.errors)


def test_a_list_that_lost_a_line_in_one_language_is_told(draft: Revision) -> None:
    form = form_of(draft, cautions_es=draft.body["es"]["cautions"][0])
    assert not form.is_valid()
    assert "differ in number" in text_of(form, "cautions_es")


def test_a_line_that_is_too_long_is_told(draft: Revision) -> None:
    assert "1000" in text_of(form_of(draft, what_en="x" * 1001), "what_en")


@pytest.fixture
def lagging(published: Revision, admin: Actor, now: datetime) -> Revision:
    """A draft whose English summary and third step changed, and its Spanish not."""
    body = {language: dict(words) for language, words in published.body.items()}
    steps = [dict(step) for step in body["en"]["steps"]]
    steps[2]["text"] = "for 2 seconds."
    body["en"] |= {"summary": "Other words.", "steps": steps}
    body["es"] |= {"title": "Otro título"}
    content = replace(services.content_of(published), body=body)
    return services.draft_revision(exercise=published.exercise, content=content, by=admin, at=now)


def test_a_translation_that_lags_is_marked(lagging: Revision) -> None:
    form = form_of(lagging)
    told = {name for name, field in form.fields.items() if "revision 1" in str(field.help_text)}
    assert told == {"summary_es"}
    assert [number for number, row in enumerate(form.steps) if getattr(row, "lags", None)] == [2]
    assert [pair.label for pair in pairs(lagging) if pair.lags] == ["Summary", "3. Movement"]


def test_a_translation_that_was_touched_is_not_marked(
    lagging: Revision, admin: Actor, now: datetime
) -> None:
    body = lagging.body | {"es": lagging.body["es"] | {"summary": "Otras palabras."}}
    content = replace(services.content_of(lagging), body=body)
    lagging = services.draft_revision(exercise=lagging.exercise, content=content, by=admin, at=now)
    assert "summary_es" not in {
        n for n, f in form_of(lagging).fields.items() if "revision" in str(f.help_text)
    }


def test_what_is_not_translated_yet_is_marked(draft: Revision) -> None:
    draft.body["es"].pop("hint")
    assert form_of(draft).fields["hint_es"].help_text == "Not translated yet."
