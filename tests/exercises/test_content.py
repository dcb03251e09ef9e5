"""What Flexion ships is complete, in both languages, and says what it must."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from exercises import services, shipped

SHIPPED = shipped.exercises()
LADDERS = [f"ladders/{ladder['slug']}" for ladder in shipped.ladders()]
SHARED = ("guide", "dosing", "red_flags", "phrases", "vocabulary", "references", *LADDERS)
ROWS = [  # the ladder, easier to harder; alternatives of one row stand next to each other
    "heel-dig",
    "heel-slide",
    "standing-curl-limited",
    "standing-curl",
    "prone-curl",
    *(
        f"{place}-curl-band-{colour}"
        for colour in ("yellow", "red", "green", "blue")
        for place in ("standing", "seated")
    ),
    "standing-curl-weight",
    "prone-curl-weight",
    "bridge",
    "bridge-one-leg",
    "machine-curl",
    "slider-curl",
    "ball-curl",
    "nordic-assisted",
    "nordic",
]
FREE = {"heel-dig", "heel-slide", "standing-curl-limited", "standing-curl", "prone-curl"}
# Of the companions, those in which a bent knee or the hamstrings carry the body, or a band pulls.
LOADED = {"sit-to-stand", "mini-squat", "wall-sit", "step-up", "step-down", "split-squat"}
LOADED |= {"hip-hinge", "side-step-band"}
CURLS = {step["exercise"] for step in shipped.read("ladders/hamstring-curl")["steps"]}
each_exercise = pytest.mark.parametrize("slug", sorted(SHIPPED))
each_step = pytest.mark.parametrize("step", shipped.steps(), ids=lambda step: step["key"])


def pairs(value: Any, at: str = "") -> Iterator[tuple[str, str, str]]:
    """Every text that stands in English and Spanish side by side, with its place."""
    if isinstance(value, dict) and {"en", "es"} <= set(value):
        yield from zip_texts(value["en"], value["es"], at)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from pairs(inner, f"{at}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from pairs(inner, f"{at}[{number}]")


def zip_texts(english: Any, spanish: Any, at: str) -> Iterator[tuple[str, str, str]]:
    assert type(english) is type(spanish), at
    if isinstance(english, dict):
        assert english.keys() == spanish.keys(), at
        for key in english.keys() - {"kind"}:
            yield from zip_texts(english[key], spanish[key], f"{at}.{key}")
    elif isinstance(english, list):
        assert len(english) == len(spanish), at
        for number, (one, other) in enumerate(zip(english, spanish, strict=True)):
            yield from zip_texts(one, other, f"{at}[{number}]")
    else:
        yield at, english, spanish


def grade(text: str) -> float:
    """Flesch-Kincaid grade, syllables counted by groups of vowels."""
    sentences = len(re.findall(r"[.!?:]+(?:\s|$)", text)) or 1
    found = re.findall(r"[a-z']+", text.lower())
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", word.rstrip("e")))) for word in found)
    return 0.39 * len(found) / sentences + 11.8 * syllables / len(found) - 15.59


@each_exercise
def test_every_exercise_could_be_published(slug: str) -> None:
    assert services.faults_of(SHIPPED[slug]) == []


@each_exercise
def test_every_line_of_an_exercise_is_translated(slug: str) -> None:
    lines = list(pairs(SHIPPED[slug].body))
    assert len(lines) > 30
    assert [at for at, english, spanish in lines if english == spanish or not spanish.strip()] == []


@pytest.mark.parametrize("name", SHARED)
def test_every_shared_line_is_translated(name: str) -> None:
    lines = list(pairs(shipped.read(name)))
    assert lines
    assert [at for at, english, spanish in lines if english == spanish or not spanish.strip()] == []


@each_exercise
def test_every_exercise_has_each_kind_of_step(slug: str) -> None:
    kinds = {step["kind"] for step in SHIPPED[slug].body["en"]["steps"]}
    assert kinds == {"setup", "movement", "cue", "breathing", "safety"}


@each_exercise
def test_steps_have_the_same_kinds_in_both_languages(slug: str) -> None:
    english, spanish = (SHIPPED[slug].body[language]["steps"] for language in ("en", "es"))
    assert [step["kind"] for step in english] == [step["kind"] for step in spanish]


@each_exercise
def test_english_reads_at_about_grade_six(slug: str) -> None:
    words = SHIPPED[slug].body["en"]
    text = " ".join([words["summary"], *words["what"], *words["muscles"], *words["benefits"]])
    text += " ".join(f"{step['lead']} {step['text']}" for step in words["steps"])
    assert grade(text) < 6.99


def test_spanish_says_tu_throughout() -> None:
    spanish = " ".join(text for content in SHIPPED.values() for _, _, text in pairs(content.body))
    spanish += " ".join(text for name in SHARED for _, _, text in pairs(shipped.read(name)))
    assert not re.findall(r"\b(?:usted|ustedes|Coloque|Mantenga|Levante|Baje)\b", spanish)


def test_the_ladder_of_curls_has_every_row_as_single_steps() -> None:
    assert [step["key"] for step in shipped.read("ladders/hamstring-curl")["steps"]] == ROWS


def test_every_shipped_exercise_stands_on_one_ladder() -> None:
    placed = {(row["slug"], step["exercise"]) for row in shipped.ladders() for step in row["steps"]}
    assert sorted(exercise for _, exercise in placed) == sorted(SHIPPED)


@each_exercise
def test_resisted_is_what_works_against_more_than_the_leg(slug: str) -> None:
    assert SHIPPED[slug].resisted == (slug in LOADED | CURLS - FREE)


@each_exercise
def test_resisted_exercises_tell_of_graft_and_meniscus(slug: str) -> None:
    cautions = " ".join(SHIPPED[slug].body["en"]["cautions"])
    told = "hamstring graft" in cautions and "meniscus repair" in cautions
    assert told == SHIPPED[slug].resisted


@each_exercise
def test_neighbours_exist_and_hold_the_exercise_itself(slug: str) -> None:
    beside = SHIPPED[slug].beside
    assert slug in beside
    assert set(beside) <= set(SHIPPED)


@each_step
def test_an_entry_dose_lies_within_its_bounds(step: dict[str, Any]) -> None:
    spans = {name: span for name, span in step["bounds"].items() if name != "load_step_kg"}
    assert {"sets", "reps"} <= set(spans)
    assert all(low <= step["entry"][name] <= high for name, (low, high) in spans.items())


@each_step
def test_a_band_is_a_level_never_a_weight(step: dict[str, Any]) -> None:
    colours = [key for key in step["equipment"] if key.startswith("band_")]
    assert bool(colours) == (step["entry"]["band_level"] is not None)
    assert not colours or step["entry"]["load_kg"] is None


def test_band_colours_and_levels_agree() -> None:
    levels = shipped.read("vocabulary")["band_levels"]
    steps = [step for step in shipped.steps() if step["entry"]["band_level"]]
    named = {f"band_{levels[str(step['entry']['band_level'])]['en']}": step for step in steps}
    assert all(colour in step["equipment"] for colour, step in named.items())
    assert len(named) == 4


def test_ankle_weights_rise_by_half_a_kilo() -> None:
    steps = [s for s in shipped.steps() if "ankle_weight" in s["equipment"]]
    assert {(s["entry"]["load_kg"], s["bounds"]["load_step_kg"]) for s in steps} == {(0.5, 0.5)}


def test_every_piece_of_equipment_and_muscle_has_a_name() -> None:
    names = shipped.read("vocabulary")
    steps = shipped.steps()
    assert {key for step in steps for key in step["equipment"]} <= set(names["equipment"])
    assert {key for row in SHIPPED.values() for key in row.equipment} <= set(names["equipment"])
    assert {key for row in SHIPPED.values() for key in row.muscles} <= set(names["muscles"])


def test_all_eleven_red_flags_are_there_and_two_are_emergencies() -> None:
    flags = shipped.red_flags("en")
    assert len({flag["key"] for flag in flags}) == 11
    assert [f["key"] for f in flags if f["urgency"] == "emergency"] == ["heart", "calf_breath"]


def test_red_flags_name_no_diagnosis() -> None:
    text = json.dumps([*shipped.red_flags("en"), *shipped.red_flags("es")]).lower()
    assert not re.findall(r"thrombo|embol|infect|tromb|infecc|fractur|cancer|cáncer|clot", text)


def test_the_sorting_question_has_seven_answers_that_lead_somewhere() -> None:
    rows = shipped.read("guide")["sorting"]
    assert [row["key"] for row in rows] == [
        "care", "pain", "reading", "therapy", "flexion", "clinician", "other",
    ]  # fmt: skip
    assert all(row["goes_to"] for row in rows)


def test_no_result_is_promised_and_no_review_is_claimed() -> None:
    text = " ".join(english for name in SHARED for _, english, _ in pairs(shipped.read(name)))
    assert "68" not in text
    assert "Not yet clinically reviewed" in text


def test_every_reference_has_a_doi_and_a_note() -> None:
    for source in shipped.read("references").values():
        assert re.fullmatch(r"10\.\d{4,9}/\S+", source["doi"])
        assert len(source["note"]["en"]) > 40


def test_equal_content_has_an_equal_digest() -> None:
    again = shipped.exercises()["nordic"]
    assert again.digest == SHIPPED["nordic"].digest != SHIPPED["bridge"].digest


def test_faults_are_all_named_with_their_place() -> None:
    content = shipped.exercises()["nordic"]
    content.body["en"]["title"] = ""
    content.body["es"]["phases"] = ["uno"]
    content.body["es"]["steps"][0] = {"kind": "dance", "lead": "a", "text": "b"}
    content.figure["pose"] = "handstand"
    assert services.faults_of(content) == [
        "en.title: empty",
        "es.phases: three are needed",
        "es.steps[0].kind: one of setup, movement, cue, breathing, safety",
        "phases: en and es differ in number",
        "figure.pose: 'handstand' is not drawn",
    ]


def test_each_exercise_names_its_level_and_the_body_s_position() -> None:
    known = shipped.read("vocabulary")
    for slug, content in shipped.exercises().items():
        assert content.level in known["levels"], slug
        assert content.posture in known["postures"], slug
