"""The set that follows another: its load and the reason, in one sentence.

The server says it of the logged set; the phone says the same from the table that came with the
page, with or without a network.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from patients import units
from programs.aims import load_step, steered, table_of
from programs.logging.cards import Card, Progress
from programs.models import PrescriptionStep, Program, SetLog
from programs.wording import NBSP, load_words

LOAD_STEP = Decimal("0.5")


def sentences(fact: str) -> dict[str, str]:
    """What came of a set: by its repetitions against the aim, or by its effort."""
    if fact == "effort":
        return {
            "more": _("It felt %(done)s of 10 hard: %(kg)s more."),
            "less": _("It felt %(done)s of 10 hard: %(kg)s less."),
            "same": _("It felt %(done)s of 10 hard: the same load."),
            "kept": _("It felt %(done)s of 10 hard. The load stays as it is."),
        }
    return {
        "more": _("You did %(done)s of %(aim)s: %(kg)s more."),
        "less": _("You did %(done)s of %(aim)s: %(kg)s less."),
        "same": _("You did %(done)s of %(aim)s: the same load."),
        "kept": _("You did %(done)s of %(aim)s. The load stays as it is."),
    }


def fact_of(program: Program) -> str:
    """What the program's table looks at: reps or effort."""
    return str(program.ruleset.get("follow", {}).get("fact", "reps"))


def why(card: Card, progress: Progress) -> dict[str, Any] | None:
    """Why this set weighs what it weighs; `look`: a clinician is told. None where nothing says."""
    before = _before(card, progress)
    if before is None or before.next_kg is None or before.load_kg is None:
        return None
    fact = fact_of(progress.session.program)
    done = before.effort if fact == "effort" else before.reps
    if done is None or not card.exercise:
        return None
    aim = card.planned.aim(before.number).reps
    text = _said(fact, before, before.next_kg - before.load_kg, done=done, aim=aim)
    return {"text": text, "look": before.unpublished}


def _before(card: Card, progress: Progress) -> SetLog | None:
    if card.exercise is None or card.aim.follows is None:
        return None
    row = progress.log(card.exercise, card.side, card.aim.follows)
    return None if row is None or row.skipped else row


def _said(fact: str, row: SetLog, change: Decimal, **words: int) -> str:
    which = "more" if change > 0 else "less" if change < 0 else "same"
    sentence = sentences(fact)["kept" if row.unpublished else which]
    return sentence % {**words, "kg": load_words(abs(change))}


def next_words(row: SetLog) -> str:
    """What this set leads to, in few words; empty where nothing follows it."""
    return "" if row.next_kg is None else _("Next: %(kg)s.") % {"kg": load_words(row.next_kg)}


def bare_table(card: Card, progress: Progress) -> dict[str, Any] | None:
    """The table of what follows this set, numbers alone, in the unit of the page; else None."""
    program, planned = progress.session.program, card.planned
    load = card.aim.load_kg
    found = steered(program, planned.dose, planned.step, planned.aims, card.number)
    made = table_of(found, load) if found and load is not None else None
    return made._asdict() | {"loads": _in_unit(made.loads)} if made else None


def _in_unit(loads: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The table's loads as the page shows them."""
    return {plain_load(kg): [plain_load(each) for each in row] for kg, row in loads.items()}


def plain_load(load_kg: Decimal | str) -> str:
    """A load in the unit of the page as an input of numbers takes it: 11, 2.5."""
    return f"{units.shown(Decimal(load_kg)).normalize():f}"


def plain_step(step: PrescriptionStep) -> str:
    """The equipment's step in the unit of the page, for an input's buttons."""
    return f"{units.exact(load_step(step) or LOAD_STEP).normalize():f}"


def table(card: Card, progress: Progress) -> str:
    """The table of what follows this set, and its words, as JSON; empty where nothing does."""
    made = bare_table(card, progress)
    if made is None:
        return ""
    words = slotted(str(made["fact"]), card.aim.reps, units.spoken())
    return json.dumps(made | {"words": words}, separators=(",", ":"), ensure_ascii=False)


def slotted(fact: str, aim: int | str, unit: str) -> dict[str, str]:
    """The words of a table, with {done} and {kg} where the phone puts its numbers."""
    slots = {"done": "{done}", "aim": aim, "kg": f"{{kg}}{NBSP}{unit}"}
    words = {name: each % slots for name, each in sentences(fact).items()}
    return words | {"next": _("Next: %(kg)s.") % slots, "look": look()}


def look() -> str:
    return _("Your clinician will look at this.")
