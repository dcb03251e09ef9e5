"""The patient's page of outcome scores, ready to print."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format

from patients.scoring import MOST, Score, activities_in
from programs.logging.presenters import scale
from programs.models import Program
from programs.outcomes.forms import CHANGE
from programs.rounds import is_told, rated, round_of

Context = dict[str, Any]


def outcomes_context(
    program: Program, scores: Sequence[Score], usual: int | None, today: date
) -> Context:
    """The questions, each with the answer that was given since they were asked last.

    `usual`: the usual pain, if it was told for this round.
    """
    asked, named = round_of(program, today), activities_in(scores)
    given = rated(asked, scores)
    return {
        "told": is_told(asked, scores),
        "next": date_format(asked.next, "LONG_DAY") if asked.next else "",
        "pain": scale(program, "pain", "pain-legend", zones=True) if usual is None else None,
        "usual": usual,
        "activities": [
            {
                "words": words,
                "legend": f"activity-{number}",
                "scale": _scale("ability", f"activity-{number}", 0, 10, given.get(number)),
            }
            for number, words in sorted(named.items())
        ],
        "another": _scale("ability", "another", 0, 10, None) if len(named) < MOST else None,
        "change": _scale("change", "change", -CHANGE, CHANGE, given.get(0))
        if asked.number
        else None,
        "since": date_format(program.start_on, "LONG_DAY"),
    }


def _scale(name: str, legend: str, low: int, high: int, chosen: int | None) -> Context:
    """Buttons from low to high. The ends are named beside them."""
    options = [
        {"value": value, "zone": "", "word": "", "chosen": value == chosen}
        for value in range(low, high + 1)
    ]
    return {"name": name, "legend": legend, "zones": False, "error": "", "options": options}
