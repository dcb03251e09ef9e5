"""What a phone keeps of today's session, so that it can go on without a network.

Ids, numbers and doses only: no name, no clinic, no note, no message. The phone drops it when the
patient's local day ends.
"""

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from patients import units
from programs.decisions.needs import needs_of
from programs.decisions.reading import Told
from programs.limits import green_limit
from programs.logging import following
from programs.logging.cards import Card, Progress
from programs.logging.figures import address
from programs.logging.plan import PlannedExercise, SessionPlan
from programs.models import PainReport, Session, SetLog


def begun_progress(session: Session, plan: SessionPlan, told: Told) -> Progress:
    """How far a session has come, from what the first page has read of it."""
    pains: dict[UUID, PainReport] = {}
    for row in told.pains:
        of = UUID(row["prescription"])
        number = pains[of].revision + 1 if of in pains else 0
        pains[of] = PainReport(pain=row["pain"], place=row["place"], revision=number)
    sets = {
        (UUID(row["prescription"]), row["side"], row["number"]): SetLog(
            skipped=row["skipped"],
            next_kg=None if row["next_kg"] is None else Decimal(str(row["next_kg"])),
        )
        for row in told.sets
    }
    return Progress(session, plan, sets, pains)


def kept(progress: Progress, *, ok: int, stop: int) -> str:
    """Today's session as JSON: what is planned, and what the server has of it.

    `ok` and `stop`: the pain (0 to 10) up to which all is well, and from which a session ends.
    """
    session = progress.session
    told = {
        "session": str(session.id),
        "day": session.local_date.isoformat(),
        "slot": session.slot,
        "begun": not session._state.adding,
        "asks": bool(needs_of(session.program).asks),
        "until": round(_midnight(session.local_date, session.zone).timestamp() * 1000),
        "call": session.program.patient.clinic.emergency_number,
        "ok": ok,
        "stop": stop,
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
    green = green_limit(progress.session.program)
    cards = [progress.set_card(exercise, side, number) for side, number in exercise.slots()]
    return {
        "id": str(exercise.prescription.id),
        "revision": str(exercise.sides[0].step.revision_id),
        "pain": pain.revision + 1 if pain else 0,
        "where": pain.pain if pain and pain.pain > green and not pain.place else 0,
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
        "figure": None if row else address(card.planned),
    }
    return {name: value for name, value in told.items() if value not in (None, False, 0, "")}
