"""JSON texts: read strictly, and checked by a JSON Schema, each fault with the path of its place.

Standard library only. Covers what the schema of a ruleset uses of JSON Schema; among the branches
of a oneOf, the one that the node's own keys point to is checked, so that a fault is named at its
place.
"""

import json
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any, NamedTuple

Node = Any
TYPES: dict[str, tuple[type, ...]] = {
    "object": (Mapping,), "array": (list, tuple), "string": (str,), "boolean": (bool,),
    "number": (int, float), "integer": (int,), "null": (type(None),),
}  # fmt: skip


class Fault(NamedTuple):
    """One thing that is wrong: a code, the JSON path of the place, and what to do about it."""

    code: str
    path: str
    hint: str

    def __str__(self) -> str:
        return f"{self.path}: {self.hint} [{self.code}]"


class _Object(dict[str, Any]):
    """A JSON object that remembers which of its keys came twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = [name for name, _ in pairs]
        self.twice = [name for name in self if names.count(name) > 1]


def read_text(text: str, most: int, levels: int) -> tuple[Node, list[Fault]]:
    """The value of a JSON text (None where it can't be read), and the faults of reading it."""
    if len(text) > most:
        return None, [Fault("too_large", "$", f"at most {most} characters")]
    try:
        return json.loads(text, object_pairs_hook=_Object), []
    except json.JSONDecodeError as error:
        return None, [Fault("not_json", "$", f"line {error.lineno}: {error.msg}")]
    except RecursionError:
        return None, [Fault("too_deep", "$", f"at most {levels} levels")]


def tree_faults(raw: Node, levels: int) -> Iterator[Fault]:
    """Faults of the tree itself: too deep, a number that isn't finite, a key twice."""
    waiting = [("$", raw, 0)]
    while waiting:
        path, node, level = waiting.pop()
        if level > levels:
            yield Fault("too_deep", path, f"at most {levels} levels")
            return
        if isinstance(node, float) and not isfinite(node):
            yield Fault("not_finite", path, "a number is finite")
        for key in getattr(node, "twice", ()):
            yield Fault("duplicate_key", f"{path}.{key}", "given twice")
        waiting += [(place, child, level + 1) for place, child in children(node, path)]


def children(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    """What an object or a list holds, each with its path."""
    if isinstance(node, Mapping):
        yield from ((f"{path}.{key}", child) for key, child in node.items())
    elif isinstance(node, list | tuple):
        yield from ((f"{path}[{index}]", child) for index, child in enumerate(node))


class Checker:
    """Checks values by one JSON Schema."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.root = schema

    def faults(self, node: Node) -> list[Fault]:
        """Everything that is wrong with the shape of a value."""
        return list(self._check(self.root, node, "$"))

    def _check(self, rule: Mapping[str, Any], node: Node, path: str) -> Iterator[Fault]:
        rule = self._resolved(rule)
        if "anyOf" in rule:
            yield from min((list(self._check(each, node, path)) for each in rule["anyOf"]), key=len)
        elif "oneOf" in rule:
            yield from self._check_branch(rule["oneOf"], node, path)
        elif "const" in rule or "enum" in rule:
            words = rule.get("enum", [rule.get("const")])
            if node not in words:
                yield Fault("unknown_word", path, f"one of {', '.join(map(str, words))}")
        elif not _is_type(node, rule["type"]):
            yield Fault("wrong_type", path, f"{_names(rule['type'])} expected")
        elif isinstance(node, Mapping):
            yield from self._check_keys(rule, node, path)
        else:
            yield from _check_size(rule, node, path)
            for place, each in children(node, path):
                yield from self._check(rule["items"], each, place)

    def _resolved(self, rule: Mapping[str, Any]) -> Mapping[str, Any]:
        name = rule.get("$ref", "").rpartition("/")[2]
        return dict(self.root["$defs"][name]) if name else rule

    def _check_keys(
        self, rule: Mapping[str, Any], node: Mapping[str, Any], path: str
    ) -> Iterator[Fault]:
        known, others = rule.get("properties", {}), rule.get("additionalProperties", {})
        for key in rule.get("required", ()):
            if key not in node:
                yield Fault("missing_key", f"{path}.{key}", "missing")
        for key, child in node.items():
            place = f"{path}.{key}"
            if key in known:
                yield from self._check(known[key], child, place)
            elif others is False:
                yield Fault("unknown_key", place, f"not known here; known: {_names(known)}")
            else:
                yield from self._check(rule.get("propertyNames", {"type": "string"}), key, place)
                if others:
                    yield from self._check(others, child, place)

    def _check_branch(
        self, branches: list[Mapping[str, Any]], node: Node, path: str
    ) -> Iterator[Fault]:
        """The branch whose first key the node has (for actions: the word that "do" says)."""
        for branch in branches:
            if _fits(branch, node):
                yield from self._check(branch, node, path)
                return
        first = [each["required"][0] for each in branches if "required" in each]
        if "do" in first:
            words = [each["properties"]["do"]["const"] for each in branches]
            yield Fault("unknown_action", path, f"do is one of {_names(words)}")
        elif not isinstance(node, Mapping):
            yield Fault("wrong_type", path, f"an object with one of {_names(first)}")
        else:
            yield Fault("missing_key", path, f"one of {_names(first)}")


def _is_type(node: Node, types: str | list[str]) -> bool:
    names = [types] if isinstance(types, str) else types
    if isinstance(node, bool):
        return "boolean" in names
    return any(isinstance(node, TYPES[name]) for name in names)


def _check_size(rule: Mapping[str, Any], node: Node, path: str) -> Iterator[Fault]:
    size = len(node) if isinstance(node, str | list | tuple) else None
    least, most = rule.get("minItems", rule.get("minLength", 0)), rule.get("maxItems", size)
    if size is not None and not least <= size <= most:
        count = f"{least} or more" if "maxItems" not in rule else f"exactly {least}"
        yield Fault("wrong_type", path, f"{count} of them expected")
    if size is None and "minimum" in rule and not rule["minimum"] <= node <= rule["maximum"]:
        yield Fault("out_of_range", path, f"from {rule['minimum']} to {rule['maximum']}")


def _fits(branch: Mapping[str, Any], node: Node) -> bool:
    if not isinstance(node, Mapping) or branch["type"] != "object":
        return branch["type"] != "object" and _is_type(node, branch["type"])
    key = branch["required"][0]
    return key in node and branch["properties"][key].get("const", node[key]) == node[key]


def _names(names: Any) -> str:
    return names if isinstance(names, str) else ", ".join(sorted(names))
