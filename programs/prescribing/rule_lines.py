"""A rule's form as lines of a sentence: what belongs together is one line, its parts below."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BoundField

from programs.prescribing.rule_choices import choice_words
from programs.prescribing.rule_forms import RuleForm

FEWEST = 2  # parts of the name of a field in the rule's own line: rule-id
PLAIN = ("fact", "param", "use", "field", "known", "go")  # read without a word before them
REDRAWS = ("-pick", "-n", "-has")


@dataclass(frozen=True)
class Place:
    """One field in its line: the word before it, and whether the line changes with it."""

    word: str
    field: BoundField
    chosen: str = ""


@dataclass
class RuleLine:
    """A run of fields; `level` is how deep it stands, 0 for the parts of the rule itself."""

    key: str
    level: int
    places: list[Place] = field(default_factory=list)


def rule_lines(form: RuleForm) -> list[RuleLine]:
    """The fields of a rule's form in the order in which they are read."""
    lines: dict[tuple[str, ...], RuleLine] = {}
    picked = {each.name: each.value() for each in form if each.name.endswith("-pick")}
    for bound in _in_order(list(form)):
        key = _line_of(bound.name)
        line = lines.setdefault(key, RuleLine(_head(key), max(0, len(key) - FEWEST)))
        _dress(bound)
        line.places.append(Place(_word(bound.name, key, picked), bound, _chosen(bound)))
    return list(lines.values())


def _in_order(fields: list[BoundField]) -> Iterable[BoundField]:
    """How a fact compares is read after the fact, though it is asked before it."""
    for place in range(len(fields) - 1):
        this, after = fields[place], fields[place + 1]
        if this.name.endswith("-has") and after.name == f"{this.name.removesuffix('has')}fact":
            fields[place], fields[place + 1] = after, this
    return fields


def _line_of(name: str) -> tuple[str, ...]:
    """`rule`, the part of the rule, then each place in a list: what has these alike is one line."""
    parts = name.split("-")[1:]
    if parts[0] == "has":
        return ("has",)
    ends = [place for place, part in enumerate(parts) if part.isdecimal()]
    return tuple(parts[: ends[-1] + 1]) if ends and parts[0] != "when" else (parts[0],)


def _head(key: tuple[str, ...]) -> str:
    return choice_words(key[0]) if len(key) == 1 and key[0] != "has" else ""


def _word(name: str, key: tuple[str, ...], picked: Mapping[str, Any]) -> str:
    """The word that stands before a field: what it is the value of, unless that was just said."""
    if name.endswith("-n") or f"{name}-pick" in picked:
        return ""
    parts = re.sub("-(pick|has)$", "", name).split("-")[1:]
    last = parts[-1] if parts else ""
    above = picked.get("-".join(["rule", *parts[:-1], "pick"]))
    if last.isdecimal() or last in key or last in PLAIN or above in (last, "notify"):
        return ""
    return choice_words(last)


def _dress(bound: BoundField) -> None:
    """Name the field for those who can't see the line; mark those that change what follows."""
    attrs = bound.field.widget.attrs
    named = re.sub(r"^rule-|-(pick|has)$", "", bound.name).split("-")
    bound.label = attrs["aria-label"] = " ".join(_said(named))
    if bound.name.endswith(REDRAWS):
        attrs["class"] = "redraws"


def _said(parts: list[str]) -> Iterator[str]:
    for part in parts:
        yield str(int(part) + 1) if part.isdecimal() else choice_words(part)


def _chosen(bound: BoundField) -> str:
    """What is ticked, in words, where several may be; the list itself is folded."""
    if not isinstance(bound.field, forms.MultipleChoiceField):
        return ""
    return ", ".join(choice_words(each) for each in bound.value() or ()) or "…"
