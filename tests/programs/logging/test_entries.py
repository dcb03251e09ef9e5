import uuid
from decimal import Decimal
from typing import Any

import pytest

from programs.logging.entries import Refused, SetEntry, check_set, set_key
from programs.models import DoseVersion

SESSION = uuid.UUID(int=1)
PLAIN = DoseVersion(sets=2, reps=8)
WEIGHTED = DoseVersion(sets=2, reps=8, load_kg=Decimal("1.5"))
BANDED = DoseVersion(sets=2, reps=8, band_level=2)


def entry(**changed: Any) -> SetEntry:
    told: dict[str, Any] = {"side": "left", "number": 1, "reps": 8} | changed
    return SetEntry(prescription=uuid.UUID(int=2), dose=uuid.UUID(int=3), **told)


def test_the_key_is_the_same_for_the_same_place() -> None:
    assert set_key(SESSION, entry(reps=8)) == set_key(SESSION, entry(reps=5))


@pytest.mark.parametrize("other", [{"side": "right"}, {"number": 2}])
def test_the_key_differs_by_place(other: dict[str, Any]) -> None:
    assert set_key(SESSION, entry()) != set_key(SESSION, entry(**other))


def test_a_set_as_planned_passes() -> None:
    check_set(entry(), PLAIN)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reps": 0}, "reps"),
        ({"reps": 101}, "reps"),
        ({"hold_s": 601}, "hold_s"),
        ({"number": 11}, "number"),
        ({"side": "middle"}, "side"),
        ({"skipped": "bored"}, "skipped"),
        ({"skipped": "tired"}, "skipped"),
    ],
)
def test_each_fault_names_its_field(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        check_set(entry(**changed), PLAIN)
    assert list(refused.value.faults) == [field]


@pytest.mark.parametrize("load", [None, Decimal(-1), Decimal(201)])
def test_a_weighted_set_needs_a_possible_load(load: Decimal | None) -> None:
    with pytest.raises(Refused, match="kg"):
        check_set(entry(load_kg=load), WEIGHTED)


def test_a_banded_set_needs_its_band() -> None:
    with pytest.raises(Refused, match="band"):
        check_set(entry(), BANDED)


def test_a_skipped_set_needs_no_numbers() -> None:
    check_set(entry(reps=0, skipped="tired"), WEIGHTED)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        check_set(entry(side="middle", reps=0), PLAIN)
    assert set(refused.value.faults) == {"side", "reps"}
