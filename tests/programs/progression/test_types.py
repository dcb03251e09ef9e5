"""How a log counts, and what survives a round trip."""

from datetime import UTC, datetime, timedelta

import pytest

from programs.codec import from_json, to_json
from programs.progression.types import Dose, source_of

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("late", "entered", "source"),
    [
        (timedelta(hours=72), "player", "live"),
        (timedelta(hours=72, seconds=1), "player", "backfilled"),
        (timedelta(minutes=-5), "player", "live"),
        (timedelta(minutes=-6), "player", "backfilled"),
        (timedelta(0), "form", "backfilled"),
        (timedelta(0), "staff", "staff"),
    ],
)
def test_only_what_the_player_sent_in_time_is_live(
    late: timedelta, entered: str, source: str
) -> None:
    assert source_of(made_at=NOW - late, received_at=NOW, entered=entered) == source  # type: ignore[arg-type]  # words


@pytest.mark.parametrize(
    "data", [{"sets": 2}, {"sets": 2.5, "reps": 8}, {"sets": 2, "reps": 8, "x": 1}]
)
def test_a_dose_that_does_not_fit_is_refused(data: dict[str, object]) -> None:
    with pytest.raises((TypeError, ValueError)):
        from_json(Dose, data)


def test_a_dose_survives_the_round_trip() -> None:
    dose = Dose(sets=3, reps=8, load_g=2500)
    assert from_json(Dose, to_json(dose)) == dose
    assert str(dose.load_kg) == "2.5"
