"""The shipped rules as sentences for the clinician; each number stands where it can be changed.

A rule of another ruleset is put together from the engine's own parts.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.decisions.sentences import rule_text
from programs.progression import load_ruleset

_PLACE = re.compile(r"\{(\w+)\}")

TITLES = {
    "red_flag": _("Stop"),
    "pain_down": _("Step down"),
    "hold": _("Hold"),
    "gap": _("After a gap"),
    "long_gap": _("After a long gap"),
    "more": _("More"),
    "next_step": _("Next step"),
    "two_for_two": _("More load"),
}
TIERS = {
    "stop": _("Stop"),
    "regress": _("Step down"),
    "deload": _("Lighter"),
    "hold": _("Hold"),
    "progress": _("More"),
    "info": _("Note"),
}
DOTS = {
    "stop": "stop",
    "regress": "down",
    "deload": "gap",
    "hold": "hold",
    "progress": "more",
    "info": "",
}
NUMBERS = {
    "pain_down": _("Pain that steps down"),
    "pain_ok": _("Pain that is fine"),
    "sore_sessions": _("Sore sessions running"),
    "effort_ok": _("Highest effort"),
    "good_sessions": _("Good sessions running"),
    "sessions": _("Sessions running"),
    "reps_bottom": _("Lowest reps"),
    "reps_top": _("Most reps"),
    "reps_step": _("Reps a step"),
    "reps_over": _("Reps over the goal"),
    "sets_bottom": _("Fewest sets"),
    "sets_top": _("Most sets"),
    "gap_days": _("Days of a gap"),
    "long_gap_days": _("Days of a long gap"),
    "progress_every_days": _("Days between rises"),
    "percent": _("Percent more load"),
    "less_percent": _("Percent less load"),
}
CHECKED = {
    "default": _("Flexion default, not validated"),
    "secondary": _("known from texts that cite it"),
    "derived": _("derived, not published as such"),
    "unverified": _("not verified"),
    "read": _("read in the source"),
}
STOP = _("A red flag → the program locks, and you are told at once.")
SENTENCES: dict[str, dict[str, Any]] = {
    "standing_curl_default": {
        "red_flag": STOP,
        "pain_down": _(
            "Pain {pain_down} or more, during or after, or above {pain_ok} in {sore_sessions} "
            "sessions running → {reps_step} reps fewer; at {reps_bottom} reps one set fewer; at "
            "{sets_bottom} sets of {reps_bottom} one step down."
        ),
        "hold": _(
            "Pain above {pain_ok} but under {pain_down}, or a morning above usual or unknown → "
            "the same dose."
        ),
        "gap": _("{gap_days} days without a session → back to {reps_bottom} reps."),
        "long_gap": _("{long_gap_days} days without a session → one step down."),
        "more": _(
            "After {good_sessions} live sessions in a row with every set at target, effort at "
            "most {effort_ok}, pain at most {pain_ok} and a usual morning → {reps_step} more "
            "reps up to {reps_top}, then one set more up to {sets_top}; at most once in "
            "{progress_every_days} days."
        ),
        "next_step": _(
            "The same at {sets_top} sets of {reps_top} → the next step of the ladder, at its "
            "entry dose."
        ),
    },
    "two_for_two": {
        "red_flag": STOP,
        "pain_down": _(
            "Pain {pain_down} or more → {less_percent} percent less load, or one step down."
        ),
        "hold": _("Pain above {pain_ok} → the same dose."),
        "two_for_two": _(
            "{reps_over} reps or more over the goal in the last set of {sessions} sessions "
            "running → {percent} percent more load. Where the weight's own step is larger, reps "
            "rise first, from {reps_bottom} to {reps_top}."
        ),
    },
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words, or (with `number`) the place of a parameter."""

    text: str
    number: str = ""


def rule_pieces(ruleset: Mapping[str, Any], rule_id: str) -> list[Piece]:
    """The sentence of a rule, cut at its numbers; each number's text is its present value."""
    known = SENTENCES.get(str(ruleset.get("id")), {}).get(rule_id)
    parameters = ruleset.get("parameters", {})
    if known is None:
        return [Piece(rule_text(load_ruleset(ruleset), rule_id))]
    return list(_pieces(str(known), parameters))


def _pieces(sentence: str, parameters: Mapping[str, Any]) -> Iterator[Piece]:
    for place, part in enumerate(_PLACE.split(sentence)):
        if place % 2:
            yield Piece(str(parameters[part]["value"]), part)
        elif part:
            yield Piece(part)


def number_words(name: str) -> str:
    """The name of a rule's number."""
    return str(NUMBERS.get(name, name.replace("_", " ")))


def rule_words(ruleset: Mapping[str, Any], rule_id: str) -> str:
    """The sentence of a rule with its numbers in it."""
    return "".join(piece.text for piece in rule_pieces(ruleset, rule_id))


def rule_title(ruleset: Mapping[str, Any], rule_id: str) -> str:
    """The short name of a rule."""
    if rule_id in TITLES:
        return str(TITLES[rule_id])
    tier = next((rule["tier"] for rule in ruleset["rules"] if rule["id"] == rule_id), "info")
    return f"{TIERS[tier]}: {rule_id.replace('_', ' ')}"


def source_words(ruleset: Mapping[str, Any]) -> str:
    """Where the rules come from, and how well that was checked."""
    source = ruleset.get("source", {})
    status = str(CHECKED.get(source.get("status", ""), ""))
    if source.get("status") == "default":
        return status
    return ", ".join(filter(None, [source.get("title", ""), status]))


def patient_words(ruleset: Mapping[str, Any]) -> str:
    """What the patient reads about the rules, in plain words."""
    numbers = {name: each["value"] for name, each in ruleset.get("parameters", {}).items()}
    easy = numbers.get("good_sessions") or numbers.get("sessions") or 2
    return gettext(
        "When a leg feels easy %(easy)s times in a row, it gets a little more. "
        "If it hurts %(pain)s or more, we make it easier."
    ) % {"easy": easy, "pain": numbers.get("pain_down", 6)}
