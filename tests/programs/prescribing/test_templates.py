"""Every preset has a template that ships, and each can be prescribed as it is."""

import json
from pathlib import Path

import pytest

from programs.models import DoseVersion
from programs.prescribing import preset_words, shipped
from programs.prescribing.choosing import NOTHING
from programs.prescribing.services import NotAssignable
from programs.progression import load_preset, preset_names
from tests.programs.prescribing.given import desk

FOLDER = Path(shipped.__file__).parent / "templates"
SHIPPED = {path.stem: json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.json")}
WHOLE = {key: told for key, told in SHIPPED.items() if key != NOTHING}


def test_every_preset_has_a_template() -> None:
    assert {each["preset"] for each in SHIPPED.values()} == set(preset_names())


def test_a_template_is_named_in_both_languages() -> None:
    for key, told in SHIPPED.items():
        assert told["key"] == key
        assert set(told["name"]) == {"en", "es"}


def test_a_plan_has_a_row_for_each_set_of_its_template() -> None:
    for told in WHOLE.values():
        plan = load_preset(told["preset"]).raw.get("plan", ())
        sets = told["body"]["prescriptions"][0].get("dose", {}).get("sets", 2)
        assert not plan or len(plan) >= sets


@pytest.mark.django_db
@pytest.mark.parametrize("key", sorted(WHOLE))
def test_each_template_can_be_assigned_as_it_is(key: str) -> None:
    given = desk(key)
    program = given.assign(given.changes_of_all(acknowledged=True))
    told = WHOLE[key]["body"]["prescriptions"][0]
    with given.scope():
        doses = DoseVersion.objects.filter(prescription__program=program)
        assert {(row.side, row.number) for row in doses} == {("left", 1), ("right", 1)}
        entry = program.prescriptions.get().steps.get(position=doses[0].step).entry
    wanted = told.get("dose", {})
    assert {name: entry[name] for name in wanted if name in entry} == {
        name: value for name, value in wanted.items() if name in entry
    }


@pytest.mark.django_db
def test_the_template_without_an_exercise_cannot_be_assigned_as_it_is() -> None:
    given = desk(NOTHING)
    with pytest.raises(NotAssignable, match="needs an exercise"):
        given.assign(given.changes_of_all())
    assert SHIPPED[NOTHING]["preset"] == "standing_curl_default"


def test_the_presets_words_are_marked_for_translation() -> None:
    sources = [load_preset(name).raw["source"] for name in preset_names()]
    notes = {load_preset(name).raw["note"] for name in preset_names()}
    assert {each["title"] for each in sources} == set(preset_words.TITLES)
    assert {each["where"] for each in sources if each["where"]} == set(preset_words.WHERE)
    assert notes == set(preset_words.NOTES)
