"""What differs between two texts, in words: what went and what came, each marked as such."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

PARTS = {  # of schema.Text, as people call them
    "name": _("Name"),
    "variant": _("Short name"),
    "hint": _("Hint beside the short name"),
    "title": _("Title"),
    "summary": _("Summary"),
    "position": _("Position"),
    "what": _("What it is"),
    "muscles": _("Muscles"),
    "suits": _("Whom it suits"),
    "benefits": _("Benefits"),
    "benefits_note": _("On the benefits"),
    "steps": _("Steps"),
    "easier_how": _("To make it easier"),
    "harder_how": _("To make it harder"),
    "start_caption": _("At the start"),
    "end_caption": _("At the end"),
    "phases": _("Parts of the tempo"),
    "movement": _("Movement"),
    "cautions": _("Cautions"),
    "disclaimers": _("Notes"),
}
LINE = " \n "  # between the lines of a part: a word of its own, so that lines stay lines


@dataclass(frozen=True, slots=True)
class Difference:
    """A part that changed; in its words what went and what came is marked."""

    label: str
    words: SafeString


@dataclass(frozen=True, slots=True)
class Beside:
    """A part that changed, before and after: here what went is marked, there what came."""

    label: str
    before: SafeString
    now: SafeString


def marked(before: str, now: str) -> SafeString:
    """The words of both, in the order of now, with what went and what came marked as such."""
    said: list[str] = []
    for went, came in _runs(before, now):
        if went == came:
            said.append(escape(went))
            continue
        said += [format_html("<del>{}</del>", went)] if went else []
        said += [format_html("<ins>{}</ins>", came)] if came else []
    return _joined(said)


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Difference]:
    """The parts that differ between two texts of one language, as a revision's body has them."""
    return [Difference(label, marked(*both)) for label, both in _changed(before, now, " ")]


def beside(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Beside]:
    """The same, for two columns; a text may lack parts."""
    return [side_by_side(label, *both) for label, both in _changed(before, now, LINE)]


def side_by_side(label: str, before: str, now: str) -> Beside:
    """One part for two columns."""
    runs = _runs(before, now)
    went = [escape(a) if a == b else format_html("<del>{}</del>", a) for a, b in runs if a]
    came = [escape(b) if a == b else format_html("<ins>{}</ins>", b) for a, b in runs if b]
    return Beside(label, _joined(went), _joined(came))


def part_words(words: Mapping[str, Any], part: str, between: str = " ") -> str:
    """One part as running words; empty where it isn't there."""
    told = words.get(part) or ""
    if isinstance(told, str):
        return told
    if part == "steps":
        return between.join(f"{step['lead']} {step['text']}".strip() for step in told)
    return between.join(told)


def _changed(
    before: Mapping[str, Any], now: Mapping[str, Any], between: str
) -> Iterator[tuple[str, tuple[str, str]]]:
    for part, label in PARTS.items():
        both = part_words(before, part, between), part_words(now, part, between)
        if both[0] != both[1]:
            yield str(label), both


def _runs(before: str, now: str) -> list[tuple[str, str]]:
    """Words that stayed, as an equal pair; else what went and what came in their place."""
    old, new = before.split(" "), now.split(" ")
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [(" ".join(old[a:b]), " ".join(new[c:d])) for _kind, a, b, c, d in matcher.get_opcodes()]


def _joined(said: Iterable[str]) -> SafeString:
    return format_html_join(" ", "{}", ((each,) for each in said))
