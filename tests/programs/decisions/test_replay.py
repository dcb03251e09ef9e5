"""A stored decision holds all that it was made of; `progression replay` derives it again."""

import io
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.ids import uuid7
from programs.codec import from_json, to_json
from programs.commands import replaying
from programs.decisions import services
from programs.limits import compiled
from programs.models import CheckIn, Decision, Session
from programs.progression.engine import replay
from programs.progression.types import Dose, SideDecision, Snapshot
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db


def decided(now: datetime) -> tuple[Person, list[Decision]]:
    maya = make_person(now)
    later = maya.train_for(now, 3)
    maya.train(later, pain=7)
    return maya, maya.all(Decision)


def test_every_stored_decision_replays_to_itself(now: datetime) -> None:
    maya, rows = decided(now)
    assert {row.kind for row in rows} >= {"progress", "regress"}
    for row in rows:
        again = replay(compiled(maya.program.ruleset), from_json(Snapshot, row.snapshot))
        assert to_json(again.side(row.side), slim=True) == row.trace["side"]


def test_a_changed_fact_in_the_snapshot_is_noticed(now: datetime) -> None:
    maya, rows = decided(now)
    row = next(each for each in rows if each.kind == "progress")
    row.snapshot["history"]["sessions"][-1]["morning"] = "worse"
    again = replay(compiled(maya.program.ruleset), from_json(Snapshot, row.snapshot))
    assert to_json(again.side(row.side), slim=True) != row.trace["side"]


def test_a_decision_names_its_rule_and_its_logs(now: datetime) -> None:
    _maya, rows = decided(now)
    side = from_json(SideDecision, rows[-1].trace["side"])
    assert side.rule == "pain_down"
    assert {each.session for each in side.fired[0].evidence if each.session} >= {side.last_session}


def test_a_slim_text_leaves_out_what_has_its_default() -> None:
    assert to_json(Dose(sets=2, reps=8), slim=True) == {"sets": 2, "reps": 8}
    assert from_json(Dose, to_json(Dose(sets=2, reps=8, load_g=500), slim=True)).load_g == 500


# manage.py progression replay


def replayed(*program: str, fails: bool = False) -> list[str]:
    """What the command prints; the exit code must be 1 if it `fails`."""
    out = io.StringIO()
    if fails:
        with pytest.raises(SystemExit, match=r"^1$"):
            call_command("progression", "replay", *program, stdout=out)
    else:
        call_command("progression", "replay", *program, stdout=out)
    return out.getvalue().splitlines()


def forged(maya: Person, **changed: Any) -> Decision:
    """A decision like her last rise, stored with these columns as if it had been made so."""
    row: Decision = next(each for each in maya.all(Decision) if each.kind == "progress")
    row.id, row.number = uuid7(), 999
    for name, value in changed.items():
        setattr(row, name, value)
    with maya.scope():
        row.save(force_insert=True)
    return row


def trace_of(maya: Person) -> dict[str, Any]:
    row: Decision = next(each for each in maya.all(Decision) if each.kind == "progress")
    return deepcopy(row.trace)


def test_a_life_of_rises_and_pain_replays_without_a_difference(now: datetime) -> None:
    _maya, rows = decided(now)
    count = len(rows)
    assert replayed() == [
        f"1 clinics, 1 programs, {count} decisions: {count} derived again, 0 by hand, 0 different"
    ]


def test_every_clinic_is_gone_through_and_a_program_alone_if_named(now: datetime) -> None:
    (maya, rows), (_omar, others) = decided(now), decided(now)
    assert replayed()[-1].startswith(f"2 clinics, 2 programs, {len(rows + others)} decisions: ")
    assert f" 1 programs, {len(rows)} decisions: " in replayed(str(maya.program.id))[-1]


@pytest.mark.parametrize("name", ["0198c0de-0000-7000-8000-000000000000", "mine"])
def test_a_program_that_is_not_there_is_an_error(now: datetime, name: str) -> None:
    make_person(now)
    with pytest.raises(CommandError):
        replayed(name)


def test_small_pages_give_the_same_answer(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    decided(now), decided(now)
    whole = replayed()
    monkeypatch.setattr(replaying, "PROGRAMS", 1)
    monkeypatch.setattr(replaying, "DECISIONS", 2)
    assert replayed() == whole


def test_another_dose_in_the_trace_is_named_with_what_the_rules_give(now: datetime) -> None:
    maya, _rows = decided(now)
    trace = trace_of(maya)
    trace["side"]["after"]["dose"]["reps"] = 12
    row = forged(maya, trace=trace)
    lines = replayed(fails=True)
    assert lines[-1].endswith(" 1 different")
    assert all(str(row.id) in line for line in lines[:-1])
    assert "the rules give changed by more: step 0, 2 x 10, stored is" in lines[0]
    assert "step 0, 2 x 12" in lines[0]


def test_other_evidence_for_the_same_dose_is_named(now: datetime) -> None:
    maya, _rows = decided(now)
    trace = trace_of(maya)
    del trace["side"]["fired"][0]["evidence"]
    forged(maya, trace=trace)
    assert "the same dose, but other fired" in replayed(fails=True)[0]


def test_a_snapshot_that_the_logs_deny_is_named(now: datetime) -> None:
    """Its pain was forged together with what follows from it: only the logs tell."""
    maya, rows = decided(now)
    row = next(each for each in rows if each.kind == "progress")
    snapshot = deepcopy(row.snapshot)
    snapshot["history"]["sessions"][-1]["morning"] = "worse"
    made = replay(compiled(maya.program.ruleset), from_json(Snapshot, snapshot)).side(row.side)
    trace = {**row.trace, "side": to_json(made, slim=True)}
    forged(maya, snapshot=snapshot, trace=trace, after=None, kind="hold")
    lines = replayed(fails=True)
    assert len(lines) == 2
    assert "the logs give changed by more" in lines[0]


def test_a_dose_version_that_holds_something_else_is_named(now: datetime) -> None:
    maya, rows = decided(now)
    worse = next(each for each in rows if each.kind == "regress")
    forged(maya, after_id=worse.after_id)
    assert any("the dose after has reps" in line for line in replayed(fails=True))


def test_rules_that_the_program_does_not_have_are_named(now: datetime) -> None:
    maya, _rows = decided(now)
    forged(maya, ruleset_hash="0" * 64)
    assert "it names rules 000000000000, which" in replayed(fails=True)[0]


def test_a_log_that_came_later_changes_no_decision_made_before(now: datetime) -> None:
    maya, rows = decided(now)
    session = next(each for each in maya.all(Session) if each.id == rows[0].session_id)
    with maya.scope():
        CheckIn.objects.create(
            clinic=maya.clinic, session=session, revision=7, feel="worse", at=now + 30 * DAY
        )
    assert replayed()[-1].endswith(" 0 different")


def test_a_log_with_an_earlier_instant_than_a_decision_that_missed_it_is_noticed(
    now: datetime,
) -> None:
    maya, rows = decided(now)
    row = next(each for each in rows if each.kind == "progress")
    session = next(each for each in maya.all(Session) if each.id == row.session_id)
    with maya.scope():
        CheckIn.objects.create(
            clinic=maya.clinic, session=session, revision=7, feel="worse", at=row.at
        )
    assert "the logs give kept by hold" in replayed(fails=True)[0]


def test_a_dose_by_hand_and_what_was_taken_back_are_named_and_no_difference(now: datetime) -> None:
    maya, rows = decided(now)
    last = next(each for each in rows if each.kind == "regress" and each.side == "left")
    later = now + 20 * DAY
    with maya.scope():
        services.undo_decision(decision=last, by=maya.clinician, at=later, reason="by mistake")
        services.override_dose(
            prescription=maya.prescription,
            sides=("left",),
            step=0,
            dose=Dose(sets=3, reps=8),
            reason="calm",
            by=maya.clinician,
            at=later + timedelta(hours=1),
        )
    lines = replayed()
    assert [line for line in lines if "by hand (undo), step 0, 2 x 8 to step 0, 2 x 10" in line]
    assert [
        line
        for line in lines
        if line.endswith("by hand (override), step 0, 2 x 10 to step 0, 3 x 8")
    ]
    assert lines[-1].endswith(" 2 by hand, 0 different")
