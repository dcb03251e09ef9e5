"""Two revisions of an exercise side by side, in words: what a reviewer reads before publishing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from exercises.differences import LINE, Beside, beside, side_by_side
from exercises.models import Revision, page_language
from exercises.pictures import thumbnail
from exercises.schema import LANGUAGES, read_picture, without_picture
from exercises.shipped import words

NAMES = dict(settings.LANGUAGES)
FACTS = {
    "figure": _("Figure"),
    "resisted": _("Works against a resistance"),
    "equipment": _("Equipment"),
    "muscles": _("Muscles"),
    "level": _("Level"),
    "posture": _("Position"),
    "beside": _("Shown beside"),
    "sources": _("References"),
    "licence": _("License"),
    "origin": _("Comes from"),
}
GROUPS = {"equipment": "equipment", "muscles": "muscles", "level": "levels", "posture": "postures"}


@dataclass(frozen=True, slots=True)
class Group:
    """The words of one language, or the facts, as far as they differ."""

    name: str
    language: str
    parts: list[Beside]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs between two revisions; pictures only where the figure does."""

    old: Revision
    new: Revision
    groups: list[Group]
    pictures: list[SafeString]


def compared(old: Revision, new: Revision) -> Comparison:
    """Both revisions of the same exercise; a draft may lack words and its figure."""
    groups = [*_languages(old, new), Group(str(_("Facts")), page_language(), [*_facts(old, new)])]
    moved = old.figure != new.figure and old.figure and new.figure
    pictures = [thumbnail(revision=each) for each in (old, new)] if moved else []
    return Comparison(old, new, [group for group in groups if group.parts], pictures)


def _languages(old: Revision, new: Revision) -> Iterator[Group]:
    for language in LANGUAGES:
        parts = beside(old.body.get(language) or {}, new.body.get(language) or {})
        yield Group(str(NAMES[language]), language, parts)


def _facts(old: Revision, new: Revision) -> Iterator[Beside]:
    for name, label in FACTS.items():
        before, now = (fact_words(name, getattr(each, name)) for each in (old, new))
        if before != now:
            yield side_by_side(str(label), before, now)


def facts_of(revision: Revision) -> list[tuple[str, str]]:
    """Every fact with its name, as a person reads it."""
    return [
        (str(label), fact_words(name, getattr(revision, name))) for name, label in FACTS.items()
    ]


def fact_words(name: str, value: Any) -> str:
    """A fact of a revision as a person reads it; a list has a line for each."""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if name == "figure":
        drawn = [f"{key} {part}" for key, part in without_picture(value).items() if part]
        shown = read_picture(value)
        return LINE.join([*drawn, *(shown.alt.values() if shown else ())])
    if name == "sources":
        return LINE.join(str(source["citation"]) for source in value)
    told = value if isinstance(value, list) else [value] if value else []
    group = GROUPS.get(name)
    return LINE.join(words(group, each, page_language()) if group else each for each in told)
