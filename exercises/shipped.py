"""The content that Flexion ships, read from content/*.json: own words, no clinic, no reviewer."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from exercises.schema import LANGUAGES

FOLDER = Path(__file__).parent / "content"
SHARED = ("benefits", "cautions", "disclaimers")


@dataclass(frozen=True)
class Content:
    """What a revision holds; the same shape for shipped files, imports and the admin's drafts."""

    body: dict[str, Any]
    figure: dict[str, Any]
    resisted: bool
    equipment: list[str]
    muscles: list[str]
    beside: list[str]
    sources: list[dict[str, Any]]
    level: str = ""
    posture: str = ""
    licence: str = ""
    origin: str = ""

    @property
    def digest(self) -> str:
        """A hash that is equal for equal content, to tell whether it was loaded before."""
        text = json.dumps(self.__dict__, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@cache
def read(name: str) -> Any:
    """Return a shared content file: guide, red_flags, phrases, vocabulary, references."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def exercises() -> dict[str, Content]:
    """Return every shipped exercise by its slug, shared phrases put in."""
    files = sorted((FOLDER / "exercises").glob("*.json"))
    raw = (json.loads(file.read_text(encoding="utf-8")) for file in files)
    return {entry["slug"]: _content(entry) for entry in raw}


def ladders() -> list[dict[str, Any]]:
    """Return every shipped ladder: slug, title, note and its steps, easier to harder."""
    files = sorted((FOLDER / "ladders").glob("*.json"))
    return [read(f"ladders/{file.stem}") for file in files]


def steps() -> list[dict[str, Any]]:
    """Return the steps of all shipped ladders, one ladder after the other."""
    return [step for ladder in ladders() for step in ladder["steps"]]


def red_flags(language: str) -> list[dict[str, str]]:
    """Return the stop signs in patient words: key, urgency (emergency | same_day), text."""
    return [
        {"key": flag["key"], "urgency": flag["urgency"], "text": flag[_known(language)]}
        for flag in read("red_flags")
    ]


def choices(group: str, language: str) -> list[tuple[str, str]]:
    """The keys of a group of the vocabulary with their names, in the order of the vocabulary."""
    return [(key, told[language]) for key, told in read("vocabulary")[group].items()]


def words(group: str, key: str, language: str) -> str:
    """Return the name of a piece of equipment, a muscle, a level ...; the key if unknown."""
    return str(read("vocabulary")[group].get(key, {}).get(_known(language), key))


def sources(keys: list[str]) -> list[dict[str, Any]]:
    """Return references as a revision keeps them: a copy, so that it never changes."""
    return [{"key": key} | read("references")[key] for key in keys]


def _content(entry: dict[str, Any]) -> Content:
    return Content(
        body={language: _text(entry, language) for language in LANGUAGES},
        figure=entry["figure"],
        resisted=entry["resisted"],
        equipment=entry["equipment"],
        muscles=entry["muscles"],
        beside=entry["beside"],
        sources=sources(entry["references"]),
        level=entry.get("level", ""),
        posture=entry.get("posture", ""),
    )


def _text(entry: dict[str, Any], language: str) -> dict[str, Any]:
    phrases = read("phrases")
    shared = {name: [phrases[name][key][language] for key in entry[name]] for name in SHARED}
    own: dict[str, Any] = entry["text"][language]
    return own | shared | {"benefits_note": phrases["benefits_note"][language]}


def _known(language: str) -> str:
    short = language[:2]
    return short if short in LANGUAGES else LANGUAGES[0]
