"""What a phone keeps of today's session, so that it can go on without a network.

Ids, numbers and doses only: no name, no clinic, no note, no message. The phone drops it when the
patient's local day ends.
"""

import json
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from patients import units
from programs.logging import following
from programs.logging.cards import Card, Progress
from programs.logging.plan import PlannedExercise


def kept(progress: Progress, *, stop_from: int) -> str:
    """Today's session as JSON: what is planned, and what the server has of it.

    `stop_from`: the pain (0 to 10) that ends a session.
    """
    session = progress.session
    told = {
        "session": str(session.id),
        "until": round(_midnight(session.local_date, session.zone).timestamp() * 1000),
        "call": session.program.patient.clinic.emergency_number,
        "stop": stop_from,
        "unit": units.spoken(),
        "exercises": [_exercise(each, progress) for each in progress.plan.exercises],
    }
    return json.dumps(told, separators=(",", ":"))


def _midnight(day: date, zone: str) -> datetime:
    """The end of a local day."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))


def _exercise(exercise: PlannedExercise, progress: Progress) -> dict[str, Any]:
    """One exercise: its sets in the order they are done, and how often its pain was told."""
    pain = progress.pains.get(exercise.prescription.id)
    cards = [progress.set_card(exercise, side, number) for side, number in exercise.slots()]
    return {
        "id": str(exercise.prescription.id),
        "revision": str(exercise.sides[0].step.revision_id),
        "pain": pain.revision + 1 if pain else 0,
        "sets": [_set(card, progress) for card in cards],
    }


def _set(card: Card, progress: Progress) -> dict[str, Any]:
    """One set as it is to be; what is nothing is left out."""
    dose, aim = card.planned.dose, card.aim
    row = progress.sets.get((card.prescription, card.side, card.number))
    told = {
        "side": card.side,
        "number": card.number,
        "of": dose.sets,
        "dose": str(dose.id),
        "reps": aim.reps,
        "load": None if aim.load_kg is None else following.plain_load(aim.load_kg),
        "by": None if aim.load_kg is None else following.plain_step(card.planned.step),
        "band": dose.band_level,
        "tempo": [dose.up_s, dose.hold_s or dose.top_s, dose.down_s],
        "hold": dose.hold_s,
        "rest": dose.rest_s,
        "most": aim.max_reps,
        "asks": aim.asks,
        "follows": aim.follows,
        "done": row and (row.skipped or "done"),
        "table": None if row else following.bare_table(card, progress),
    }
    return {name: value for name, value in told.items() if value not in (None, False, 0, "")}
