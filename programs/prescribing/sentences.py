"""What the desk says about a template's rules: their words, and where they come from."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from programs.decisions.saying import Piece, all_pieces, rule_pieces
from programs.decisions.saying import rule_text as rule_words
from programs.decisions.saying.tables import STATUS
from programs.decisions.saying.titles import number_words, rule_title

DOTS = {
    "stop": "stop",
    "regress": "down",
    "deload": "gap",
    "hold": "hold",
    "progress": "more",
    "info": "",
}
PAIN = ("pain", "morning")


def source_words(ruleset: Mapping[str, Any]) -> str:
    """Where the rules come from, and how well that was checked."""
    source = ruleset.get("source", {})
    if source.get("status") == "default":
        return gettext("Flexion default, not validated")
    status = str(STATUS.get(source.get("status", ""), ""))
    title = source.get("title", "")
    return ", ".join(filter(None, [title and gettext(title), status]))


def source_where(ruleset: Mapping[str, Any]) -> str:
    """Where it was read: an abstract, a table."""
    where = ruleset.get("source", {}).get("where", "")
    return gettext(where) if where else ""


def note_words(ruleset: Mapping[str, Any]) -> str:
    """What is the source's and what is Flexion's own; a note of nobody's translating as it is."""
    note = ruleset.get("note", "")
    return gettext(note) if note else ""


def patient_words(ruleset: Mapping[str, Any]) -> list[str]:
    """What the patient reads first about the rules: when it gets more, and when it gets easier."""
    rules = ruleset["rules"]
    more = next((each["id"] for each in rules if each["tier"] == "progress"), None)
    less = next((each["id"] for each in rules if _eases(each)), None)
    return [rule_words(ruleset, each, "patient") for each in (more, less) if each]


def _eases(rule: Mapping[str, Any]) -> bool:
    """A rule that lowers the dose for pain."""
    return rule["tier"] == "regress" and any(f'"{each}' in _json(rule["if"]) for each in PAIN)


def _json(node: Any) -> str:
    return str(node).replace("'", '"')


__all__ = [
    "DOTS",
    "Piece",
    "all_pieces",
    "note_words",
    "number_words",
    "patient_words",
    "rule_pieces",
    "rule_title",
    "rule_words",
    "source_where",
    "source_words",
]
