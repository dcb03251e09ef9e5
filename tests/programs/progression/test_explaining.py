"""Decisions and rules as ids and numbers, and each id has its words."""

import re
from pathlib import Path

from programs.decisions.reasons import because
from programs.decisions.sentences import decision_sentences
from programs.progression import explain
from programs.progression.types import Pain
from tests.programs.progression.story import at

SOURCE = Path(__file__).parents[3] / "programs" / "progression"


def test_a_rise_is_told_first_and_then_its_reason() -> None:
    told = explain(at(2, 8).train(0, 2).decide(), "patient")
    assert [each.id for each in told] == ["changed.reps_up", "because.good"]
    assert dict(told[1].numbers)["sessions"] == 2


def test_a_step_down_names_the_pain() -> None:
    told = explain(at(2, 12).train(0, pains=(Pain.one_tap(7),)).decide(), "patient")
    assert ("because.pain", 7) in [(each.id, dict(each.numbers).get("pain")) for each in told]


def test_a_proposal_tells_the_patient_who_decides() -> None:
    told = explain(at(3, 12).train(0, 2).decide(), "patient")
    assert [each.id for each in told] == ["proposed.step_up", "because.good", "asks_clinician"]


def test_only_the_clinician_hears_what_was_suppressed() -> None:
    story = at(2, 8).train(0, 2)
    story.decide(3)
    decision = story.train(4, 5).decide(6)
    ids = {each.id for each in explain(decision, "clinician")}
    assert "suppressed.too_soon" in ids
    assert "suppressed.too_soon" not in {each.id for each in explain(decision, "patient")}


def test_every_reason_has_words() -> None:
    text = "".join(path.read_text("utf-8") for path in SOURCE.glob("*.py"))
    causes = set(re.findall(r'"(because\.\w+)"', text))
    told = {"pain": 7, "soreness": "gone", "days_since_session": 14, "sessions": 1}
    assert len(causes) > 5
    for cause in causes:
        assert because(cause, told, "patient").endswith(".")
        assert because(cause, told, "clinician").endswith(".")


def test_an_unknown_morning_is_told_in_plain_words() -> None:
    told = decision_sentences(at(2, 8).train(0, 2, morning=None).decide(), "patient")
    assert told == ["Left: stays at 2 × 8.", "We don't know yet how the next morning was."]
