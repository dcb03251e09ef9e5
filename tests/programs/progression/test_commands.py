"""`manage.py progression check` and `run`: what a stranger with a file sees."""

import io
import json
import os
import re
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from unittest.mock import patch

import jsonschema
import pytest
from django.conf import settings
from django.core.management import call_command

from programs.commands.histories import history_schema
from programs.progression import load_preset

ROOT = Path(settings.BASE_DIR)
EXAMPLES = ROOT / "docs" / "examples"
DOSE = {"sets": 2, "reps": 8}
GOOD: list[Any] = [{"on": f"2026-03-{day:02}", "session": "as planned"} for day in (2, 4)]


def said(*arguments: str, fails: bool = False, comes_in: str = "") -> list[str]:
    """The lines of a command; those of its faults if it `fails`."""
    out, err = io.StringIO(), io.StringIO()
    ended: Any = pytest.raises(SystemExit, match=r"^1$") if fails else nullcontext()
    with patch("sys.stdin", io.StringIO(comes_in)), ended:
        call_command("progression", *arguments, stdout=out, stderr=err)
    return (err if fails else out).getvalue().splitlines()


def run(events: list[Any], *more: str, rules: str = "standing_curl_default", **start: Any) -> Any:
    """The lines of a history that starts at 2 x 8."""
    text = json.dumps({"start": {"dose": DOSE, **start}, "events": events})
    return [json.loads(line) for line in said("run", rules, "-", *more, comes_in=text)]


def faults(history: Any, rules: str = "standing_curl_default") -> list[str]:
    text = history if isinstance(history, str) else json.dumps(history)
    return said("run", rules, "-", fails=True, comes_in=text)


def doses(lines: Any) -> list[tuple[int, int]]:
    return [(line["after"]["sets"], line["after"]["reps"]) for line in lines]


# check


def test_a_ruleset_without_a_fault_is_ok_and_counted() -> None:
    assert said("check", "standing_curl_default") == ["ok: standing_curl_default, 7 rules"]


def test_a_ruleset_with_derived_rows_is_ok_with_a_warning() -> None:
    lines = said("check", "dapre")
    assert lines[0].startswith("ok: dapre, ")
    assert lines[1].startswith("warning: ")


def test_every_fault_of_a_ruleset_is_a_line_with_path_hint_and_code(tmp_path: Path) -> None:
    raw = json.loads(json.dumps(load_preset("standing_curl_default").raw))
    raw["rules"][1]["if"] = {"fact": "pian", "ge": 6}
    raw["limits"]["progress_every_days"] = -1
    (tmp_path / "rules.json").write_text(json.dumps(raw))
    lines = said("check", str(tmp_path / "rules.json"), fails=True)
    assert any(
        re.fullmatch(r"\$\.rules\[1\]\.if\.fact: .*pian.* \[unknown_fact\]", each) for each in lines
    )
    assert any("[out_of_range]" in line for line in lines)


def test_a_ruleset_may_come_in() -> None:
    text = json.dumps(load_preset("two_for_two").raw)
    assert said("check", "-", comes_in=text)[0].startswith("ok: two_for_two, ")
    assert said("check", "-", comes_in="{", fails=True)[0].endswith("[not_json]")


def test_check_and_run_start_no_database(tmp_path: Path) -> None:
    """In a copy of manage.py's folder without any server: nothing is made under var/."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("DATABASE")}
    code = (
        "import sys; from config import embedded; embedded.servers = lambda *a: sys.exit(9);"
        "sys.argv = ['manage.py', *sys.argv[1:]]; import manage; manage.main()"
    )
    for arguments in (["check", "dapre"], ["run", "dapre", "docs/examples/dapre-history.json"]):
        command = [sys.executable, "-c", code, "progression", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()


# run


def test_the_documented_example_gives_the_published_loads_of_dapre() -> None:
    lines = [
        json.loads(line) for line in said("run", "dapre", str(EXAMPLES / "dapre-history.json"))
    ]
    assert [(line["rule"], line["after"]["load_kg"]) for line in lines] == [
        ("heavier", 45),
        ("heavier", 50),
        ("lighter", 40),
        ("hold", 40),
    ]
    assert lines[0]["why"][0]["facts"][0] == {
        "log": "2026-03-02",
        "live": True,
        "set_load_kg.4": 42.5,
        "set_reps.4": 7,
    }


def test_the_history_on_the_page_about_rules_runs() -> None:
    page = (ROOT / "docs" / "progression.md").read_text()
    text = next(t for t in re.findall(r"```json\n(.*?)```", page, re.DOTALL) if '"events"' in t)
    history = json.loads(text)
    del history["events"][2]
    lines = said("run", "dapre", "-", comes_in=json.dumps(history))
    assert json.loads(lines[0])["after"]["load_kg"] == 45


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*-history.json")), ids=lambda p: p.stem)
def test_an_example_fits_the_schema_that_ships(path: Path) -> None:
    schema = json.loads((EXAMPLES / "history.schema.json").read_text())
    assert schema == history_schema()
    jsonschema.Draft202012Validator(schema).validate(json.loads(path.read_text()))


def test_the_second_example_goes_through_a_side_a_gap_and_a_lock() -> None:
    told = said("run", "standing_curl_default", str(EXAMPLES / "curl-history.json"))
    lines = [json.loads(line) for line in told]
    rules = [(line["side"], line["rule"]) for line in lines]
    assert ("right", "pain_down") in rules
    assert ("left", "pain_down") not in rules
    assert {("left", "gap"), ("left", "red_flag"), ("right", "red_flag")} <= set(rules)
    assert lines[-1]["outcome"] == "changed"


def test_a_line_says_all_of_a_decision() -> None:
    line = run(GOOD)[-1]
    assert line.keys() == {
        "at", "trigger", "side", "outcome", "before", "after", "rule", "why", "suppressed",
        "clamped", "missing", "approval", "notices",
    }  # fmt: skip
    assert (line["at"], line["trigger"], line["rule"]) == (
        "2026-03-05T08:00:00Z",
        "decision",
        "more",
    )
    assert line["before"] == {"step": "step", "sets": 2, "reps": 8}
    assert line["after"] == {"step": "step", "sets": 2, "reps": 10}
    assert [each["log"] for each in line["why"][0]["facts"]] == ["2026-03-04", "2026-03-02"]


def test_quiet_decisions_are_told_only_when_asked_for() -> None:
    assert len(run(GOOD)) == 1
    assert len(run(GOOD, "--all")) == 6


def test_what_nobody_answered_is_named_as_missing() -> None:
    later = {"on": "2026-03-06", "session": "as planned"}
    lines = run([*GOOD[:1], {"on": "2026-03-04", "session": {"morning": None}}, later])
    missing = next(line["missing"] for line in lines if line["missing"])
    assert {"rule": "hold", "fact": "morning_rise", "log": "2026-03-04"} in missing


def test_a_late_morning_decides_on_the_day_it_comes() -> None:
    events = [*GOOD[:1], {"on": "2026-03-04", "session": {"morning": None}}]
    lines = run([*events, {"on": "2026-03-08", "morning": "same"}])
    assert [(line["at"][:10], line["rule"]) for line in lines] == [("2026-03-08", "more")]


LADDER = [{"key": key, "dose": DOSE, "bounds": {"sets": [2, 2], "reps": [8, 8]}} for key in "ab"]


def test_a_proposal_waits_for_its_event_or_is_accepted_at_once() -> None:
    assert [line["outcome"] for line in run(GOOD, ladder=LADDER)] == ["proposed"]
    yes = run([*GOOD, {"on": "2026-03-06", "accept": True}], ladder=LADDER)
    assert (yes[-1]["outcome"], yes[-1]["after"]["step"]) == ("accepted", "b")
    at_once = run(GOOD, "--accept", ladder=LADDER)
    assert (at_once[-1]["outcome"], at_once[-1]["at"]) == ("accepted", "2026-03-05T08:00:00Z")


def test_a_proposal_that_something_newer_overtook_is_a_fault() -> None:
    events = [*GOOD, {"on": "2026-03-06", "session": "as planned"}]
    events.append({"on": "2026-03-06", "accept": True})
    told = faults({"start": {"dose": DOSE, "ladder": LADDER}, "events": events})
    assert re.fullmatch(r"\$\.events\[3\]\.accept: .*new_fact.* \[not_possible\]", told[0])


def test_a_corrected_session_gives_a_new_decision() -> None:
    correct = {"on": "2026-03-06", "correct": {"session": "2026-03-04", "pain": 7}}
    lines = run([*GOOD, correct])
    assert [(line["trigger"], line["rule"]) for line in lines[1:]] == [("correction", "pain_down")]
    assert doses(lines) == [(2, 10), (2, 8)]


def test_a_dose_by_hand_and_an_undo_are_decisions_of_their_own() -> None:
    by_hand = {"on": "2026-03-06", "dose": {"reps": 12, "side": "left"}}
    lines = run([*GOOD, {"on": "2026-03-05", "undo": "left"}, by_hand])
    assert [line["trigger"] for line in lines] == ["decision", "undo", "override"]
    assert doses(lines) == [(2, 10), (2, 8), (2, 12)]


def test_an_entered_maximum_gives_the_load_of_delorme() -> None:
    events = [{"on": "2026-03-02", "entry": {"ten_rm_kg": 45}}, *GOOD]
    dose = {"sets": 3, "reps": 10, "load_kg": 40}
    lines = run(events, rules="delorme", dose=dose, limits={"largest_step_percent": 100})
    assert 45 in [line["after"]["load_kg"] for line in lines]


def test_pounds_are_shown_beside_kilograms() -> None:
    dose = {"sets": 4, "reps": 6, "load_lb": 90}
    limits = {"largest_step_percent": 100}
    session = {"on": "2026-03-02", "session": {"reps": [10, 6, 6, 11]}}
    lines = run([session], rules="dapre", unit="lb", dose=dose, limits=limits)
    assert lines[-1]["after"]["load_lb"] == 100
    assert lines[-1]["after"]["load_kg"] == 45.359


def test_a_gap_is_judged_on_a_day_on_which_only_time_passes() -> None:
    lines = run([GOOD[0], {"on": "2026-03-16", "day": True}], dose={"sets": 3, "reps": 12})
    assert (lines[-1]["rule"], doses(lines)[-1]) == ("gap", (3, 8))


def test_nothing_changes_while_paused() -> None:
    paused = {"on": "2026-03-03", "pause": True}
    assert {line["outcome"] for line in run([GOOD[0], paused, GOOD[1]])} == {"paused"}
    again = run([GOOD[0], paused, GOOD[1], {"on": "2026-03-06", "resume": True}, *_more(8, 10)])
    assert again[-1]["outcome"] == "changed"


def _more(*days: int) -> list[Any]:
    return [{"on": f"2026-03-{day:02}", "session": "as planned"} for day in days]


# faults of a history


def history(**changed: Any) -> dict[str, Any]:
    return {"start": {"dose": DOSE}, "events": GOOD, **changed}


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ({"start": {"dose": {"sets": 2}}}, r"\$\.start\.dose\.reps: missing \[missing_key\]"),
        ({"start": {}}, r"\$\.start\.dose: .* \[missing_key\]"),
        ({"start": {"dose": DOSE, "sides": ["both"]}}, r"\$\.start\.sides\[0\]: .*unknown_word\]"),
        ({"start": {"dose": DOSE, "step": "b"}}, r"\$\.start\.step: .* \[unknown_word\]"),
        ({"start": {"dose": DOSE, "on": "2 March"}}, r"\$\.start\.on: a day .* \[wrong_type\]"),
        ({"start": {"dose": DOSE, "on": "2026-04-01"}}, r"\$\.events\[0\]\.on: .*out_of_order\]"),
        ({"start": {"dose": {**DOSE, "load_kg": 1, "load_lb": 2}}}, r"\$\.start\.dose: .*unit_m.*"),
        ({"events": []}, r"\$\.events: .* \[wrong_type\]"),
        ({"evnets": []}, r"\$\.evnets: known are .* \[unknown_key\]"),
        ({"events": [{"on": "2026-03-02"}]}, r"\$\.events\[0\]: exactly one of .*missing_key\]"),
        ({"events": [*GOOD[::-1]]}, r"\$\.events\[1\]\.on: .* \[out_of_order\]"),
    ],
)
def test_a_fault_of_the_frame_is_named_at_its_path(wrong: dict[str, Any], line: str) -> None:
    assert any(re.fullmatch(line, told) for told in faults(history(**wrong)))


@pytest.mark.parametrize(
    ("event", "line"),
    [
        ({"session": {"pain": 11}}, r"\$\.events\[0\]\.session\.pain: from 0 to 10 .*"),
        ({"session": {"pain": "none"}}, r"\$\.events\[0\]\.session\.pain: .* \[wrong_type\]"),
        ({"session": {"pain": {"left": 1, "after": 2}}}, r".*\.session\.pain: either .*"),
        ({"session": {"pain": {"left": {"after": 12}}}}, r".*\.pain\.left\.after: from 0 to 10 .*"),
        ({"session": {"sets": [8, {"rep": 8}]}}, r".*\.session\.sets\[1\]\.rep: .*unknown_key\]"),
        ({"session": {"reps": {"right": [8]}}}, r".*\.sets\.right: that side isn't .*"),
        ({"session": "as usual"}, r"\$\.events\[0\]\.session: .*'as planned'.*"),
        ({"morning": "fine"}, r"\$\.events\[0\]\.morning: .* \[wrong_type\]"),
        ({"morning": "same"}, r"\$\.events\[0\]\.morning: no session .* \[not_possible\]"),
        ({"accept": True}, r"\$\.events\[0\]\.accept: nothing is proposed \[not_possible\]"),
        ({"accept": False}, r"\$\.events\[0\]\.accept: true expected \[wrong_type\]"),
        ({"undo": "left"}, r"\$\.events\[0\]\.undo: .* \[not_possible\]"),
        (
            {"correct": {"session": "x", "pain": 1}},
            r".*\.correct\.session: .* none yet.*",
        ),
        ({"entry": {"ten_rm_kg": []}}, r"\$\.events\[0\]\.entry\.ten_rm_kg: .* \[wrong_type\]"),
    ],
)
def test_a_fault_of_an_event_is_named_at_its_path(event: dict[str, Any], line: str) -> None:
    told = faults(history(events=[{"on": "2026-03-02", **event}]))
    assert len(told) == 1
    assert re.fullmatch(line, told[0])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "not_json"),
        ("[]", "wrong_type"),
        ("[" * 100_000, "too_deep"),
        ('{"start": NaN}', "not_finite"),
        ('{"start": 1, "start": 2}', "duplicate_key"),
        (" " * 2_000_001, "too_large"),
    ],
)
def test_a_text_that_is_no_history_is_one_fault(text: str, code: str) -> None:
    told = faults(text)
    assert len(told) == 1
    assert told[0].endswith(f"[{code}]")


def test_all_faults_are_told_at_once() -> None:
    events = [{"on": "x", "session": {"pain": 12}}, {"on": "2026-03-02", "session": 1}]
    assert len(faults({"start": {"dose": {"reps": 0}}, "events": events})) == 5


def test_the_schema_refuses_what_the_command_refuses() -> None:
    schema = jsonschema.Draft202012Validator(history_schema())
    assert schema.is_valid(history())
    for event in ({"session": {"pain": 11}}, {"accept": False}, {}, {"day": True, "clear": True}):
        assert not schema.is_valid(history(events=[{"on": "2026-03-02", **event}]))


def test_equipment_that_the_rules_ask_for_must_be_on_the_step() -> None:
    rung = {"key": "a", "dose": {**DOSE, "load_kg": 20}, "equipment": ["band"]}
    told = faults({"start": {"ladder": [rung]}, "events": GOOD}, "dapre")
    assert re.fullmatch(r"\$\.start\.ladder\[0\]: .* \[wrong_equipment\]", told[0])


def test_a_dose_outside_its_bounds_is_a_fault() -> None:
    rung = {"key": "a", "bounds": {"reps": [8, 12]}}
    told = faults({"start": {"dose": {"sets": 2, "reps": 20}, "ladder": [rung]}, "events": GOOD})
    assert any("reps" in line and line.endswith("[out_of_range]") for line in told)
