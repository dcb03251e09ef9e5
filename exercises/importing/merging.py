"""What a row changes in what stands here, and whether that undoes a person's work.

Each part carries a mark of the value that the last import gave it. A part whose source has not
changed since then is left as it stands; one that nobody changed here follows its source; one that
changed on both sides is a clash.
"""

import hashlib
import json
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from exercises.shipped import Content

NOTHING = Content(
    body={}, figure={}, resisted=False, equipment=[], muscles=[], beside=[], sources=[]
)


@dataclass(frozen=True)
class Difference:
    """One part as it stands and as the row has it."""

    path: str
    old: Any
    new: Any


def marks_of(parts: dict[str, Any]) -> dict[str, str]:
    """A short mark of each value, equal for equal values."""
    return {path: _mark(value) for path, value in parts.items()}


def differences(held: Content, parts: dict[str, Any], marks: dict[str, str]) -> list[Difference]:
    """What the row would change: parts that differ, and whose source changed since it was read."""
    found = [Difference(path, part_of(held, path), value) for path, value in parts.items()]
    return [
        each for each in found if each.old != each.new and marks.get(each.path) != _mark(each.new)
    ]


def clashes(changes: list[Difference], marks: dict[str, str]) -> list[str]:
    """The parts that a person changed here while their source changed too."""
    return [each.path for each in changes if each.old and marks.get(each.path) != _mark(each.old)]


def changed(held: Content, changes: list[Difference]) -> Content:
    """The content with these parts as the row has them."""
    values = deepcopy(held.__dict__)
    for each in changes:
        name, *keys = each.path.split(".")
        if not keys:
            values[name] = each.new
            continue
        language, word = keys
        values[name].setdefault(language, {})[word] = each.new
    return Content(**values)


def part_of(content: Content, path: str) -> Any:
    """The value at a path, or None."""
    name, *keys = path.split(".")
    value = getattr(content, name)
    for key in keys:
        value = (value or {}).get(key)
    return value


def _mark(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
