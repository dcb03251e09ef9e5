"""Shapes of JSON: each checks a value, naming every fault by its path, and says its JSON Schema."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from math import isfinite
from typing import Any, NamedTuple

from programs.shapes import Fault, read_text, tree_faults

MAX_CHARACTERS = 2_000_000
MAX_LEVELS = 22
Node = Any
Check = Callable[[Node, str], Iterator[Fault]]


class FileError(ValueError):
    """Everything that is wrong with a file, in one error: `faults`, a line each."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


class Shape(NamedTuple):
    """What a JSON value may be. `named`: in words, for hints."""

    check: Check
    schema: dict[str, Any]
    named: str


def read_json(text: str) -> Node:
    """The value of a JSON text, read strictly. Raises FileError."""
    node, faults = read_text(text, MAX_CHARACTERS, MAX_LEVELS)
    if faults := faults or list(tree_faults(node, MAX_LEVELS)):
        raise FileError(faults)
    return node


def _plain(test: Callable[[Node], bool], named: str, **schema: Any) -> Shape:
    def check(node: Node, path: str) -> Iterator[Fault]:
        if not test(node):
            yield Fault("wrong_type", path, f"{named} expected")

    return Shape(check, schema, named)


def whole(low: int, high: int) -> Shape:
    """A whole number within a range."""
    return _ranged(int, low, high, "integer", "a whole number")


def number(low: int, high: int) -> Shape:
    """A number within a range."""
    return _ranged((int, float), low, high, "number", "a number")


def _ranged(kind: Any, low: int, high: int, name: str, named: str) -> Shape:
    def check(node: Node, path: str) -> Iterator[Fault]:
        if not isinstance(node, kind) or isinstance(node, bool) or not isfinite(node):
            yield Fault("wrong_type", path, f"{named} expected")
        elif not low <= node <= high:
            yield Fault("out_of_range", path, f"from {low} to {high}")

    return Shape(check, {"type": name, "minimum": low, "maximum": high}, named)


def words(*names: str) -> Shape:
    """One of some words."""

    def check(node: Node, path: str) -> Iterator[Fault]:
        if node not in names:
            yield Fault("unknown_word", path, f"one of {', '.join(names)}")

    return Shape(check, {"type": "string", "enum": list(names)}, " or ".join(map(repr, names)))


def rows(shape: Shape, least: int = 0, most: int = 10_000) -> Shape:
    """A list."""

    def check(node: Node, path: str) -> Iterator[Fault]:
        if not isinstance(node, list):
            yield Fault("wrong_type", path, "a list expected")
        elif not least <= len(node) <= most:
            yield Fault("wrong_type", path, f"a list of {least} to {most} expected")
        else:
            for index, each in enumerate(node):
                yield from shape.check(each, f"{path}[{index}]")

    sizes = {"minItems": least, "maxItems": most}
    return Shape(check, {"type": "array", "items": shape.schema, **sizes}, "a list")


def fields(
    known: Mapping[str, Shape], required: tuple[str, ...] = (), one: tuple[str, ...] = ()
) -> Shape:
    """An object; `one`: exactly one of these keys is there."""

    def check(node: Node, path: str) -> Iterator[Fault]:
        if not isinstance(node, dict):
            yield Fault("wrong_type", path, "an object expected")
            return
        yield from (
            Fault("missing_key", f"{path}.{k}", "missing") for k in required if k not in node
        )
        if one and len(node.keys() & set(one)) != 1:
            yield Fault("missing_key", path, f"exactly one of {', '.join(one)}")
        for key, each in node.items():
            if key in known:
                yield from known[key].check(each, f"{path}.{key}")
            else:
                yield Fault("unknown_key", f"{path}.{key}", f"known are {', '.join(known)}")

    schema: dict[str, Any] = {
        "type": "object",
        "properties": {key: each.schema for key, each in known.items()},
        "required": list(required),
        "additionalProperties": False,
    }
    if one:
        schema["oneOf"] = [{"required": [key]} for key in one]
    return Shape(check, schema, "an object")


def named(shape: Shape) -> Shape:
    """An object with any keys, each value of this shape."""

    def check(node: Node, path: str) -> Iterator[Fault]:
        if not isinstance(node, dict):
            yield Fault("wrong_type", path, "an object expected")
            return
        for key, each in node.items():
            yield from shape.check(each, f"{path}.{key}")

    return Shape(check, {"type": "object", "additionalProperties": shape.schema}, "an object")


def either(*shapes: Shape) -> Shape:
    """Any of several shapes of different types; faults are those of the one whose type fits."""
    hint = " or ".join(each.named for each in shapes)

    def check(node: Node, path: str) -> Iterator[Fault]:
        found = [list(each.check(node, path)) for each in shapes]
        if [] in found:
            return
        own = [f for f in found if not (f[0].path == path and f[0].code in _OTHER)]
        yield from own[0] if own else [Fault("wrong_type", path, f"{hint} expected")]

    return Shape(check, {"anyOf": [each.schema for each in shapes]}, hint)


_OTHER = ("wrong_type", "unknown_word")


def _is_day(node: Node) -> bool:
    try:
        return isinstance(node, str) and date.fromisoformat(node).isoformat() == node
    except ValueError:
        return False


FLAG = _plain(lambda node: isinstance(node, bool), "true or false", type="boolean")
TEXT = _plain(
    lambda node: isinstance(node, str) and node != "", "a word", type="string", minLength=1
)
NULL = _plain(lambda node: node is None, "null", type="null")
DAY = _plain(_is_day, 'a day as "2026-03-02"', type="string", pattern=r"^\d{4}-\d{2}-\d{2}$")
YES = _plain(lambda node: node is True, "true", const=True)


def as_schema(shape: Shape, title: str, **parts: Shape) -> dict[str, Any]:
    """The JSON Schema of a shape; `parts`: those that are told once and referred to."""

    def referred(node: Node, within: str = "") -> Node:
        for name, part in parts.items():
            if node == part.schema and name != within:
                return {"$ref": f"#/$defs/{name}"}
        if isinstance(node, dict):
            return {key: referred(each) for key, each in node.items()}
        return [referred(each) for each in node] if isinstance(node, list) else node

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **referred(shape.schema),
        "$defs": {name: referred(part.schema, name) for name, part in parts.items()},
    }
