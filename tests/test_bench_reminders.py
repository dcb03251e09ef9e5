"""The bench of reminders: each of its targets fails the run by itself."""

import json
from typing import Any

import pytest

from bench import reminders
from bench.reminders import Idle

FINE = {
    "ratio": 1.1,
    "idle": [Idle(1_000, 5.0, 3, 0), Idle(1_000_000, 5.5, 3, 0)],
    "seconds": 59.0,
    "smtp": 0.6,
}


@pytest.mark.parametrize(
    "missed",
    [
        {},
        {"ratio": 1.0},
        {"seconds": 60.0},
        {"smtp": 0.5},
        {"idle": [Idle(1_000, 5.0, 3, 0), Idle(1_000_000, 8.0, 3, 0)]},
        {"idle": [Idle(1_000, 5.0, 5, 0), Idle(1_000_000, 5.0, 3, 0)]},
        {"idle": [Idle(1_000, 5.0, 3, 0), Idle(1_000_000, 5.0, 3, 0.5)]},
    ],
)
def test_one_missed_target_fails(
    missed: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert reminders._report(**FINE | missed) == bool(missed)
    assert list(json.loads(capsys.readouterr().out.splitlines()[-1])) == [
        "ratio_to_empty_tasks",
        "idle_tick_ms",
        "plan_300k_seconds",
        "smtp_ratio",
    ]
