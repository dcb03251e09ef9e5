"""What is stored comes back the same; what doesn't fit is refused."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from programs.codec import from_json, to_json
from programs.progression import decide, load_preset
from programs.progression.types import (
    Decision,
    Dose,
    Epoch,
    Evidence,
    Firing,
    History,
    Notice,
    Pain,
    RedFlag,
    SessionFact,
    SideState,
    Snapshot,
    Span,
    State,
)
from tests.programs.progression.story import NOON, START, Story, log, state_of

CURL = load_preset("standing_curl_default")
SESSION = log(
    state_of(), 0, pains=(Pain("left", 1, 2, 3), Pain()), red_flags=("calf",), stop_reason="tired",
    answers=(("soreness", "none"), ("soreness_later", False), ("days", 3), ("other", None)),
)  # fmt: skip
SNAPSHOT = Snapshot(
    state_of(sides=("left", "right"), cleared_at=NOON, equipment=("band",), locked_until=START),
    History((SESSION,), START, (RedFlag("fever", NOON),), (("phase", 2),), (START,)),
    NOON, "correction", ("s0",),
)  # fmt: skip


@pytest.mark.parametrize("slim", [False, True])
def test_a_snapshot_survives_the_way_through_text(slim: bool) -> None:
    text = json.dumps(to_json(SNAPSHOT, slim=slim))
    back = from_json(Snapshot, json.loads(text))
    assert back == SNAPSHOT
    assert type(back.history.sessions[0]) is SessionFact
    assert type(back.state.sides[0].epoch) is Epoch


@pytest.mark.parametrize("slim", [False, True])
def test_a_decision_survives_the_way_through_text(slim: bool) -> None:
    story = Story(state_of(sides=("left", "right"))).train(0, 2, red_flags=("calf",))
    made = decide(CURL, story.state, History(story.sessions, START), NOON)
    assert from_json(Decision, json.loads(json.dumps(to_json(made, slim=slim)))) == made


def test_what_has_its_default_is_left_out_only_where_it_is_asked() -> None:
    dose = Dose(2, 8, hold_s=5)
    assert to_json(dose, slim=True) == {"sets": 2, "reps": 8, "hold_s": 5}
    assert to_json(dose).keys() == set(Dose._fields)
    firing = Firing("more", START, NOON)
    assert to_json((firing,)) == [
        {"rule": "more", "on": "2026-03-02", "at": "2026-03-02T12:00:00+00:00"}
    ]
    assert to_json(state_of(), slim=True)["sides"][0].keys() == {
        "side", "step", "dose", "dose_version", "epoch",
    }  # fmt: skip


def test_an_instant_is_written_and_read_in_utc() -> None:
    east = datetime(2026, 3, 2, 14, tzinfo=timezone(timedelta(hours=2)))
    assert to_json(Epoch(east))["at"] == "2026-03-02T12:00:00+00:00"
    found = from_json(Epoch, {"at": "2026-03-02T14:00:00+02:00"})
    assert found.at == datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert found.at.tzinfo is UTC


def test_a_named_value_may_be_a_number_a_word_or_yes_and_no() -> None:
    values = (("a", 1), ("b", "x"), ("c", True), ("d", None))
    assert from_json(Evidence, to_json(Evidence(None, values))).values == values


@pytest.mark.parametrize(
    ("cls", "data"),
    [
        (Dose, {"sets": 2}), (Dose, {"sets": 2, "reps": "8"}), (Dose, {"sets": 2, "reps": True}),
        (Dose, {"sets": 2, "reps": 8, "mood": 1}), (Dose, {"sets": 2, "reps": None}),
        (Span, {"low": 1, "high": 2, "pounds": 1}), (Epoch, {"at": 3}), (Epoch, {"at": "noon"}),
        (Pain, {"side": "middle"}), (Notice, {"to": "x", "kind": "a", "rule": "b"}),
        (RedFlag, {"key": 3, "at": "2026-03-02T12:00:00+00:00"}),
        (History, {"due": ["2026-02-30"]}), (Evidence, {"session": None, "values": [["a"]]}),
        (Evidence, {"session": None, "values": [["a", 1, 2]]}),
        (State, {"ladder": [], "sides": [], "unit": "stone"}),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(cls: Any, data: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        from_json(cls, data)


def test_what_may_be_absent_may_be_none() -> None:
    assert from_json(Dose, {"sets": 2, "reps": 8, "load_g": None, "band": 3}) == Dose(2, 8, band=3)
    assert from_json(History, {"today": None, "due": ["2026-03-02"]}).due == (date(2026, 3, 2),)
    assert from_json(Pain, {}) == Pain()


def test_a_side_state_keeps_each_of_its_parts() -> None:
    own = (
        state_of()
        .sides[0]
        ._replace(
            raised_on=START,
            declared=(("best", 3),),
            spent=("s1",),
            firings=(Firing("a", START, NOON),),
        )
    )
    assert from_json(SideState, to_json(own, slim=True)) == own
