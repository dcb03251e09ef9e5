"""A stored decision holds all that it was made of."""

from datetime import datetime

import pytest

from programs.decisions.record import compiled
from programs.models import Decision
from programs.progression import Snapshot, from_json, to_json
from programs.progression.engine import replay
from programs.progression.types import Dose, SideDecision
from tests.programs.people import Person, make_person

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
        again = replay(compiled(maya.program), from_json(Snapshot, row.snapshot))
        assert to_json(again.side(row.side), slim=True) == row.trace["side"]


def test_a_changed_fact_in_the_snapshot_is_noticed(now: datetime) -> None:
    maya, rows = decided(now)
    row = next(each for each in rows if each.kind == "progress")
    row.snapshot["history"]["sessions"][-1]["morning"] = "worse"
    again = replay(compiled(maya.program), from_json(Snapshot, row.snapshot))
    assert to_json(again.side(row.side), slim=True) != row.trace["side"]


def test_a_decision_names_its_rule_and_its_logs(now: datetime) -> None:
    _maya, rows = decided(now)
    side = from_json(SideDecision, rows[-1].trace["side"])
    assert side.rule == "pain_down"
    assert {each.session for each in side.fired[0].evidence if each.session} >= {side.last_session}


def test_a_slim_text_leaves_out_what_has_its_default() -> None:
    assert to_json(Dose(sets=2, reps=8), slim=True) == {"sets": 2, "reps": 8}
    assert from_json(Dose, to_json(Dose(sets=2, reps=8, load_g=500), slim=True)).load_g == 500
