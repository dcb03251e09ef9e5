"""Rules in words, in the language of the page, made from the JSON of the rule alone.

The clinician gets one sentence, the patient a few short ones. There is no other wording of a rule.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from programs.decisions.saying.amounts import number
from programs.decisions.saying.numbers import END, MARK, Numbers, exact
from programs.decisions.saying.sentences import clinician_sentence, patient_sentences
from programs.progression.types import Audience

KEPT = 2048  # sentences kept a process
AROUND = ("parameters", "definitions", "limits")
_PLACE = re.compile(f"{MARK}([^{END}]*){END}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words, or (with `number`) the place of a parameter, `text` its present value."""

    text: str
    number: str = ""


def rule_pieces(
    ruleset: Mapping[str, Any], rule_id: str, audience: Audience = "clinician"
) -> tuple[Piece, ...]:
    """The words of a rule, cut at its numbers. KeyError: there is no such rule."""
    rule = next((each for each in ruleset["rules"] if each["id"] == rule_id), None)
    if rule is None:
        raise KeyError(rule_id)
    return _pieces(json.dumps(rule), _around(ruleset), audience, get_language() or "en")


def all_pieces(ruleset: Mapping[str, Any]) -> dict[str, tuple[Piece, ...]]:
    """The words of every rule for the clinician, by its id."""
    around, language = _around(ruleset), get_language() or "en"
    return {
        rule["id"]: _pieces(json.dumps(rule), around, "clinician", language)
        for rule in ruleset["rules"]
    }


def _around(ruleset: Mapping[str, Any]) -> str:
    """All that a rule's words depend on beside the rule."""
    return json.dumps({key: ruleset.get(key, {}) for key in AROUND})


@lru_cache(maxsize=KEPT)
def _pieces(rule: str, around: str, audience: Audience, _language: str) -> tuple[Piece, ...]:
    """The same rule and numbers in the same language are said the same."""
    ruleset = json.loads(around)
    say = clinician_sentence if audience == "clinician" else patient_sentences
    return cut(ruleset["parameters"], say(ruleset, json.loads(rule)))


def cut(parameters: Mapping[str, Any], words: str) -> tuple[Piece, ...]:
    """Marked words as pieces."""
    parts = _PLACE.split(words)
    made = [
        Piece(number(exact(parameters[part]["value"])), part) if place % 2 else Piece(part)
        for place, part in enumerate(parts)
    ]
    return tuple(piece for piece in made if piece.text)


def rule_text(ruleset: Mapping[str, Any], rule_id: str, audience: Audience = "clinician") -> str:
    """The words of a rule with its numbers in them."""
    return "".join(piece.text for piece in rule_pieces(ruleset, rule_id, audience))


def fact_name(name: str, audience: Audience = "clinician") -> str:
    """What a fact is called."""
    return Numbers({}, audience).fact(name)


__all__ = ["Piece", "all_pieces", "cut", "fact_name", "rule_pieces", "rule_text"]
