"""The exercises of a draft: add one from the library, move it, remove it.

What was typed says which exercises its page showed; where the draft has others by now (the same
press came twice, another tab was quicker) nothing is changed.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.roles import Actor
from exercises.searching import Found
from patients.models import Patient
from programs.models import Template
from programs.prescribing.drafting import Told, listed, own_draft, save_draft

MOST = 12
PLACED = re.compile(r"x(\d+)-(.+)")
Plan = dict[str, Any]


def library_plan(found: Found) -> Plan:
    """A plan of these steps, from the first on, with the library's own doses."""
    steps = [step.key for step in found.steps]
    return {
        "ladder": found.ladder,
        "exercise": found.exercise,
        "steps": steps,
        "start": steps[0],
        "sides": "each",
    }


def add_exercise(
    *, patient: Patient, template: Template, found: Found, told: Told, by: Actor, at: datetime
) -> None:
    """Put it last. One that is in the list as it is, or one too many, isn't added."""
    plan = library_plan(found)

    def order(plans: list[Plan]) -> list[int]:
        places = list(range(len(plans)))
        return places if plan in plans or len(plans) >= MOST else [*places, len(plans)]

    _arrange(patient, template, order, told, by, at, new=(plan,))


def move_exercise(
    *,
    patient: Patient,
    template: Template,
    place: int,
    to: int,
    told: Told,
    by: Actor,
    at: datetime,
) -> None:
    """Take it from one place and put it at another; a place that isn't there changes nothing."""

    def order(plans: list[Plan]) -> list[int]:
        places = list(range(len(plans)))
        if max(place, to) < len(places):
            places.insert(to, places.pop(place))
        return places

    _arrange(patient, template, order, told, by, at)


def remove_exercise(
    *, patient: Patient, template: Template, place: int, told: Told, by: Actor, at: datetime
) -> None:
    """Leave it out, with what was typed for it."""

    def order(plans: list[Plan]) -> list[int]:
        return [each for each in range(len(plans)) if each != place]

    _arrange(patient, template, order, told, by, at)


@transaction.atomic
def _arrange(
    patient: Patient,
    template: Template,
    order: Callable[[list[Plan]], list[int]],
    told: Told,
    by: Actor,
    at: datetime,
    new: tuple[Plan, ...] = (),
) -> None:
    """Write the exercises in this order of their old places; a new one's place is the next."""
    draft = own_draft(patient=patient, template=template, by=by, at=at)
    body = draft.body or template.body
    if told.get("listed") != [listed(body)]:
        return
    plans = body["prescriptions"]
    places, known = order(plans), [*plans, *new]
    draft.body = body | {"prescriptions": [known[each] for each in places]}
    draft.told = _moved_along(told, places) | {"listed": [listed(draft.body)]}
    save_draft(draft, by=by, at=at)


def _moved_along(told: Told, places: list[int]) -> Told:
    """What was typed, by the new places; of an exercise that was left out nothing stays."""
    new = {old: place for place, old in enumerate(places)}
    kept: Told = {}
    for name, values in told.items():
        found = PLACED.fullmatch(name)
        if not found:
            kept[name] = values
        elif (place := new.get(int(found[1]))) is not None:
            kept[f"x{place}-{found[2]}"] = values
    return kept
