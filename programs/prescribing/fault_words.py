"""Faults of a ruleset in words for those who fill in a form; the engine's hints are for authors."""

import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.shapes import Fault

RANGE = re.compile(r"from (-?[\d./]+) to (-?[\d./]+)")
EXERCISE = re.compile(r"exercises\[(\d+)\]\.")
MOST = re.compile(r"at most (\d+)")
WORDS: dict[str, Any] = {
    "not_json": gettext_lazy("This can't be read as rules."),
    "too_large": gettext_lazy("This is too long."),
    "too_deep": gettext_lazy("This is nested too deeply."),
    "not_finite": gettext_lazy("Give a finite number."),
    "duplicate_key": gettext_lazy("This was given twice."),
    "wrong_type": gettext_lazy("Something of another kind is needed here."),
    "unknown_key": gettext_lazy("This is not known here."),
    "missing_key": gettext_lazy("Something is missing here."),
    "unknown_word": gettext_lazy("Choose one of the words."),
    "unknown_fact": gettext_lazy("There is no such fact."),
    "wrong_level": gettext_lazy("This fact belongs to a set, or to a session; use it there."),
    "unknown_parameter": gettext_lazy("These rules have no such number."),
    "unit_mismatch": gettext_lazy("The units don't agree."),
    "out_of_range": gettext_lazy("This number is out of range."),
    "overlap": gettext_lazy("Rows of the table overlap."),
    "gap": gettext_lazy("The table has a gap; say that it is unknown there."),
    "unknown_definition": gettext_lazy("These rules have no such definition."),
    "recursion": gettext_lazy("A definition can't use itself."),
    "unreachable": gettext_lazy("This can never be so, or is always so."),
    "unknown_action": gettext_lazy("There is no such action."),
    "unknown_field": gettext_lazy("A dose has no such part."),
    "missing_bound": gettext_lazy("A rise needs an end: how far?"),
    "two_dimensions": gettext_lazy(
        "A rule changes one thing; put the changes in a row of choices."
    ),
    "raises_and_lowers": gettext_lazy("A rule raises or lowers, not both."),
    "wrong_direction": gettext_lazy("This goes the wrong way for a rule of this kind."),
    "duplicate_id": gettext_lazy("Another one has this name."),
    "missing_stop_rule": gettext_lazy("A rule that stops on a red flag is missing."),
    "missing_pain_rule": gettext_lazy("A rule that lowers, holds or stops on pain is missing."),
    "resisted_date": gettext_lazy("Enter first from when resisted steps are allowed."),
    "wrong_equipment": gettext_lazy("A ticked step lacks the equipment that these rules are for."),
}


def fault_words(fault: Fault) -> str:
    """What is wrong, in the page's language; a range with its numbers."""
    if fault.code == "pain_limit" and (most := MOST.fullmatch(fault.hint)):
        return pain_limit_words(int(most[1]))
    found = RANGE.search(fault.hint) if fault.code == "out_of_range" else None
    if found:
        return _("From %(low)s to %(high)s.") % {"low": found[1], "high": found[2]}
    return str(WORDS.get(fault.code, fault.hint))


def all_words(faults: Iterable[Fault]) -> tuple[str, ...]:
    """What is wrong, each thing once."""
    return tuple(dict.fromkeys(map(fault_words, faults)))


def placed_words(faults: Iterable[Fault]) -> dict[int | None, tuple[str, ...]]:
    """What is wrong, each thing once, by the place of the exercise; None: with the whole."""
    found: dict[int | None, dict[str, None]] = {}
    for fault in faults:
        at = EXERCISE.match(fault.path)
        found.setdefault(int(at[1]) if at else None, {})[fault_words(fault)] = None
    return {place: tuple(words) for place, words in found.items()}


def pain_limit_words(most: int) -> str:
    """That a rule's number for pain is above the clinic's limit."""
    return _("At most %(most)s: your clinic’s limit for pain.") % {"most": most}
