"""Rules in words: every rule of every preset, to both readers, in both languages."""

import re
from itertools import product
from typing import Any

import pytest
from django.utils import translation

from programs.decisions.saying import rule_pieces, rule_text
from programs.decisions.saying.facts import NAMES
from programs.decisions.saying.tables import plan_rows, rule_tables
from programs.decisions.saying.titles import NUMBERS, TITLES
from programs.progression import load_preset, preset_names
from programs.progression.facts import FACTS
from programs.progression.types import Audience

AUDIENCES: tuple[Audience, ...] = ("clinician", "patient")
LANGUAGES = ("en", "es")
PRESETS = {name: load_preset(name).raw for name in preset_names()}
RULES = [(name, rule["id"]) for name, raw in PRESETS.items() for rule in raw["rules"]]
ENGLISH = re.compile(
    r"\b(the|and|or|if|is|of|more|than|at|most|you|your|sets?|reps?|sessions?|days?|load|pain)\b",
    re.IGNORECASE,
)


def said(name: str, rule: str, audience: Audience, language: str = "en") -> str:
    with translation.override(language):
        return rule_text(PRESETS[name], rule, audience)


def rule(condition: Any, *actions: Any, tier: str = "hold", **more: Any) -> dict[str, Any]:
    made = {"id": "r", "tier": tier, "if": condition, "then": list(actions or ({"do": "hold"},))}
    return {"rules": [made], **more}


def words(condition: Any, *actions: Any, audience: Audience = "clinician", **more: Any) -> str:
    return rule_text(rule(condition, *actions, **more), "r", audience)


@pytest.mark.parametrize(("name", "rule_id"), RULES)
def test_every_rule_is_said_without_a_gap(name: str, rule_id: str) -> None:
    for audience, language in product(AUDIENCES, LANGUAGES):
        text = said(name, rule_id, audience, language)
        assert text.endswith(".")
        assert text[0].isupper()
        assert not re.search(r"%\(|\{|\}|\x02|\x03|None|_", text), text
        assert not re.search(r"  | [,.;:]|[,;:.]{2}", text), text


@pytest.mark.parametrize(("name", "rule_id"), RULES)
def test_no_english_is_left_in_spanish(name: str, rule_id: str) -> None:
    for audience in AUDIENCES:
        text = said(name, rule_id, audience, "es")
        assert not ENGLISH.findall(text), text
        assert text != said(name, rule_id, audience, "en")


@pytest.mark.parametrize(("name", "rule_id"), RULES)
def test_the_clinician_reads_one_sentence(name: str, rule_id: str) -> None:
    for language in LANGUAGES:
        text = said(name, rule_id, "clinician", language)
        assert not re.search(r"[.!?] ", text)
        assert text.startswith(("If ", "Si "))


SYLLABLE = re.compile(r"[aeiouy]+")


def grade(text: str) -> float:
    """Flesch-Kincaid, a clause between ; : . counted as a sentence: each stands for itself."""
    clauses = [each for each in re.split(r"[.;:](?:\s|$)", text) if each.strip()]
    words = re.findall(r"[a-z'’]+|\d+", text.lower())
    syllables = sum(
        max(1, len(SYLLABLE.findall(w.removesuffix("e")))) if w.isalpha() else 1 for w in words
    )
    return 0.39 * len(words) / len(clauses) + 11.8 * syllables / len(words) - 15.59


@pytest.mark.parametrize("name", PRESETS)
def test_the_patients_words_are_of_grade_six(name: str) -> None:
    grades = {each: grade(said(name, each, "patient")) for n, each in RULES if n == name}
    assert sum(grades.values()) / len(grades) <= 6, grades
    assert max(grades.values()) <= 9, grades


def test_every_number_of_every_preset_has_its_place_and_its_name() -> None:
    for name, raw in PRESETS.items():
        shown = {p.number for r in raw["rules"] for p in rule_pieces(raw, r["id"]) if p.number}
        shown |= {each for grid in rule_tables(raw) for each in grid.numbers}
        assert set(raw["parameters"]) == shown, name
        assert set(raw["parameters"]) <= NUMBERS.keys(), name


def test_every_rule_of_every_preset_has_a_name() -> None:
    assert {rule_id for _, rule_id in RULES} <= TITLES.keys()


def test_every_fact_of_the_language_has_a_name() -> None:
    families = ("dose.", "most.", "least.", "step_of.")
    assert {name for name in FACTS if not name.startswith(families)} <= NAMES.keys()


@pytest.mark.parametrize(
    ("name", "rule_id", "text"),
    [
        (
            "standing_curl_default",
            "pain_down",
            "If pain during or after is 6 or more, or in 3 sessions running pain during or after "
            "is above 3: 2 reps fewer, down to 8; if that can't be done, 1 set fewer, down to 2; "
            "if that can't be done, one step down the ladder; and the clinician is told.",
        ),
        (
            "standing_curl_default",
            "more",
            "If in 2 sessions running, all logged on the day, every planned set is at target or "
            "more, the effort is at most 7, pain during or after is at most 3 and the next "
            "morning is not above usual: 2 more reps, up to 12; if that can't be done, 1 more "
            "set, up to 3, at 8 reps; at most one rise in 5 days.",
        ),
        (
            "standing_curl_default",
            "hold",
            "If pain during or after is above 3 and below 6, or the next morning is above usual: "
            "the dose stays.",
        ),
        (
            "standing_curl_default",
            "red_flag",
            "If a red flag is reported: the program is locked until a clinician opens it; and "
            "the clinician is told at once.",
        ),
        (
            "dapre",
            "heavier",
            "If the session was logged on the day and the load of set 4, changed by the table "
            "for the number of reps of set 4, is above the load of the plan: the load becomes "
            "that value.",
        ),
        (
            "pain_monitoring",
            "worse_week",
            "If the program began 7 days or more ago and pain during or after is higher in the "
            "last week than in the week before (highest values): the dose stays.",
        ),
        (
            "soreness_rules",
            "later",
            "If soreness came later, it is the joint that is sore and (nothing is sore, or the "
            "soreness goes away in the warm-up): the session is repeated at the same dose; and "
            "1 day of rest.",
        ),
        (
            "nordic_10_weeks",
            "week_5",
            "If the week of the program is 5 or more, the plan has 3 sets or more and the plan "
            "has 8 reps or more and fewer than 12 reps, and in the last session every planned "
            "set is at target or more and pain during or after is at most 3: 12 reps from now "
            "on; at most one rise in 5 days.",
        ),
        (
            "oxford",
            "test_due",
            "If the load for ten reps was tested 14 days or more ago, or (the load for ten reps "
            "was never tested and the program began 14 days or more ago): the clinician is asked "
            "for the tested load for ten reps; at most once in 14 days.",
        ),
    ],
)
def test_a_clinicians_sentence(name: str, rule_id: str, text: str) -> None:
    assert said(name, rule_id, "clinician") == text


@pytest.mark.parametrize(
    ("name", "rule_id", "text"),
    [
        (
            "standing_curl_default",
            "more",
            "You get a little more when all of this is so in 2 sessions in a row: you do every "
            "set in full; the effort is 7 or less; your pain is 3 or less; the next morning is "
            "no worse than usual. That means 2 more reps, up to 12; or else 1 more set, up to 3, "
            "at 8 reps. You get more at most once in 5 days.",
        ),
        (
            "soreness_rules",
            "persists",
            "We make it easier when all of this is so: the soreness stays; it is the joint that "
            "is sore. That means one step back. You stop for the day. You rest for 2 days. We "
            "tell your clinician.",
        ),
        (
            "apre6",
            "lighter",
            "We make it easier if your sets show that you need less weight. That means your new "
            "weight comes from those sets. We tell your clinician.",
        ),
    ],
)
def test_a_patients_words(name: str, rule_id: str, text: str) -> None:
    assert said(name, rule_id, "patient") == text


def test_spanish_writes_a_decimal_comma() -> None:
    assert "2,5 por ciento más de carga" in said("two_for_two", "two_for_two", "clinician", "es")


def test_one_is_said_in_the_singular() -> None:
    action = {"do": "add", "field": "sets", "by": 1, "to": 3}
    assert "1 more set, up to 3" in words({"fact": "sets_met"}, action, tier="progress")
    two = action | {"by": 2}
    assert "2 more sets, up to 3" in words({"fact": "sets_met"}, two, tier="progress")


def test_a_proposal_a_lock_and_a_rest_are_said() -> None:
    inner = {"do": "deload", "field": "load_kg", "percent": 10}
    text = words(
        {"fact": "swelling"},
        {"do": "propose", "of": inner},
        {"do": "lock", "days": 1},
        {"do": "stop", "what": "exercise"},
        {"do": "ask", "to": "clinician", "fact": "entry.quality"},
        {"do": "declare", "name": "best", "to": {"fact": "load_last"}},
    )
    assert "10 percent less load, if the clinician agrees" in text
    assert "the program is locked for 1 day" in text
    assert "the exercise stops for the day" in text
    assert "asked for the entered “quality”" in text
    assert "the load of the last set is remembered as “best”" in text


def test_equipment_entries_and_adherence_are_said() -> None:
    text = words(
        {
            "all": [
                {"fact": "owns.machine"},
                {"value": {"adherence": 28}, "ge": 70},
                {"count": {"fact": "pain", "gt": 3}, "over": {"weeks": 1}, "lt": 2},
                {"not": {"known": "entry.quality"}},
                {"every": "set", "is": {"fact": "set.effort", "le": 8}},
            ]
        }
    )
    assert "the patient owns: leg curl machine" in text
    assert "the adherence of the last 28 days is 70 percent or more" in text
    assert "in fewer than 2 sessions of the last week pain during or after is above 3" in text
    assert "the entered “quality” is not known" in text
    assert "in every set the effort of the set is at most 8" in text


def test_what_is_denied_is_said_the_other_way_round() -> None:
    assert words({"not": {"fact": "pain", "ge": 6}}).startswith(
        "If pain during or after is below 6"
    )
    both = {"not": {"any": [{"fact": "swelling"}, {"fact": "stopped"}]}}
    assert "there is no swelling and the session was not stopped early" in words(both)


def test_a_published_table_is_shown_row_by_row() -> None:
    follow, next_time = rule_tables(PRESETS["dapre"])
    assert follow.heads == ("Reps of the set before", "kg", "lb", "checked")
    assert follow.rows[1][:3] == ("3 to 4", "0 to −2.5", "0 to −5")
    assert next_time.rows[-1][0] == "11 or more"
    assert follow.numbers == ("more", "less")


def test_a_plan_says_which_set_follows_which() -> None:
    rows = plan_rows(PRESETS["dapre"], 4)
    assert rows[0] == ("1", "10 reps", "50 percent of the load")
    assert rows[3].load == "set 4 follows set 3, by the table"
    assert rows[2].reps == "as many as possible, aim 6 reps"


def test_a_lock_until_a_day_is_said() -> None:
    lock = {"do": "lock", "until": "2026-05-31"}
    assert "the program is locked until 31 May 2026" in words({"fact": "swelling"}, lock)
    assert "You pause until 31 May 2026" in words({"fact": "swelling"}, lock, audience="patient")
    with translation.override("es"):
        assert "31 de mayo de 2026" in words({"fact": "swelling"}, lock)


def test_the_day_before_which_nothing_resisted_is_trained_is_said() -> None:
    text = words({"fact": "days_until_resisted", "gt": 0})
    assert text.startswith("If resisted exercise is allowed in more than 0 days")
