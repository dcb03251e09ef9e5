"""A set that was typed in pounds, as the kilograms it stands for."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from patients.units import kilograms, pounds
from programs.aims import equipment
from programs.logging.entries import SetEntry
from programs.logging.plan import PlannedSide


def in_kilograms(entry: SetEntry, planned: PlannedSide) -> SetEntry:
    """The entry with its loads in kilograms; one that was told in kilograms is as it was.

    A page shows pounds to the tenth: a number that stands for a load of the plan or of the
    equipment is exactly that load, so that "as planned" is never a few grams less.
    """
    if entry.load_lb is None and entry.proposed_lb is None:
        return entry
    known = [each.load_kg for each in planned.aims if each.load_kg is not None]
    return replace(
        entry,
        load_kg=_meant(entry.load_lb, known, planned),
        proposed_kg=_meant(entry.proposed_lb, known, planned),
        load_lb=None,
        proposed_lb=None,
    )


def _meant(typed: Decimal | None, known: Iterable[Decimal], planned: PlannedSide) -> Decimal | None:
    if typed is None:
        return None
    exact = kilograms(typed)
    near = [*known, *equipment(planned.step, exact)]
    return next((load for load in near if pounds(load) == typed), exact)
