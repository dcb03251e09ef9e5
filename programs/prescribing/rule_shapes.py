"""The rule language as lists to pick from: its JSON Schema, read as shapes of form fields.

A shape turns a JSON node into flat values by name, makes the fields for them, and builds the
same node again. Names follow the JSON path: `$.rules[3].if.all[0].ge` is `rule-if-all-0-ge`.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from programs.prescribing.rule_choices import choice_words, fact_choices, number_choices
from programs.progression.facts import fact_named
from programs.progression.schema import shape as schema

Node = Any
Flat = dict[str, Any]
Read = Callable[[str], Any]
MOST = 50  # items of one list
FACT_KEYS = {"fact", "known", "max", "min", "sum", "mean", "last"}


class NumberField(forms.CharField):
    """A JSON number: what is written is what it becomes, whole or not."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            number = json.loads(text, parse_constant=lambda _: None)
        except ValueError:
            number = None
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise forms.ValidationError(_("Give a number."), code="invalid")
        return number


class FactField(forms.CharField):
    """The name of a fact: one of the list, or of a family such as entry.NAME."""

    def __init__(self, present: Any) -> None:
        super().__init__(widget=forms.Select(choices=fact_choices(str(present or ""))))

    def clean(self, value: Any) -> Any:
        name = super().clean(value)
        if fact_named(name) is None:
            raise forms.ValidationError(_("There is no such fact."), code="unknown_fact")
        return name


@dataclass(frozen=True)
class Names:
    """What a ruleset offers to pick from."""

    parameters: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()


def _choice(values: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=[(each, choice_words(each)) for each in map(str, values)])


class Shape:
    """A leaf: one field. `key` is the name of the property that it is the value of."""

    def __init__(self, rule: Mapping[str, Any], key: str) -> None:
        self.rule, self.key = rule, key

    def flat(self, node: Node, name: str) -> Flat:
        return {name: json.dumps(node) if self.rule["type"] != "string" else node}

    def fields(self, name: str, read: Read, names: Names) -> Iterator[tuple[str, forms.Field]]:
        yield name, self.field(names, read(name))

    def field(self, names: Names, present: Any) -> forms.Field:
        """The field of a leaf; `present` is what it holds."""
        if self.rule["type"] == "boolean":
            return _choice(("true", "false"))
        if self.rule["type"] in ("number", "integer"):
            return NumberField()
        if self.key == "param":
            return forms.ChoiceField(choices=number_choices(names.parameters))
        if self.key == "use":
            return _choice(names.definitions)
        if self.key in FACT_KEYS:
            return FactField(present)
        return forms.CharField(strip=False, required="minLength" in self.rule)

    def build(self, name: str, data: Mapping[str, Any]) -> Node:
        value = data[name]
        return value == "true" if self.rule["type"] == "boolean" else value


class Word(Shape):
    """One of a list of words (or of whole numbers)."""

    def flat(self, node: Node, name: str) -> Flat:
        return {name: str(node)}

    def field(self, names: Names, present: Any) -> forms.Field:
        field = _choice(self.rule["enum"])
        field.required = "" not in self.rule["enum"]
        return field

    def build(self, name: str, data: Mapping[str, Any]) -> Node:
        return next(each for each in self.rule["enum"] if str(each) == data[name])


class Fixed(Shape):
    """A value that says nothing new: no field."""

    def flat(self, node: Node, name: str) -> Flat:
        return {}

    def fields(self, name: str, read: Read, names: Names) -> Iterator[tuple[str, forms.Field]]:
        return iter(())

    def build(self, name: str, data: Mapping[str, Any]) -> Node:
        return self.rule.get("const")


class Items(Shape):
    """A list: how many, then each."""

    def flat(self, node: Node, name: str) -> Flat:
        found: Flat = {f"{name}-n": str(len(node))}
        for place, each in enumerate(node):
            found |= self.item.flat(each, f"{name}-{place}")
        return found

    @property
    def item(self) -> Shape:
        return shape_of(self.rule["items"], self.key)

    def fields(self, name: str, read: Read, names: Names) -> Iterator[tuple[str, forms.Field]]:
        low, high = self.rule.get("minItems", 0), self.rule.get("maxItems", MOST)
        yield f"{name}-n", forms.IntegerField(min_value=low, max_value=high)
        for place in range(_count(read(f"{name}-n"), high)):
            yield from self.item.fields(f"{name}-{place}", read, names)

    def build(self, name: str, data: Mapping[str, Any]) -> Node:
        return [self.item.build(f"{name}-{place}", data) for place in range(data[f"{name}-n"])]


def _count(value: Any, high: int) -> int:
    return min(int(value), high) if str(value or "").isdecimal() and len(str(value)) < 4 else 0


class Record(Shape):
    """An object: what it must have, and which of the rest it has."""

    @property
    def parts(self) -> dict[str, Shape]:
        return {key: shape_of(rule, key) for key, rule in self.rule["properties"].items()}

    @property
    def optional(self) -> list[str]:
        return [key for key in self.rule["properties"] if key not in self.rule.get("required", ())]

    def flat(self, node: Node, name: str) -> Flat:
        found: Flat = {f"{name}-has": [key for key in self.optional if key in node]}
        for key, part in self.parts.items():
            if key in node:
                found |= part.flat(node[key], f"{name}-{key}")
        return found

    def fields(self, name: str, read: Read, names: Names) -> Iterator[tuple[str, forms.Field]]:
        if self.optional:
            yield f"{name}-has", _several(self.optional)
        chosen = {*self.rule.get("required", ()), *_listed(read(f"{name}-has"))}
        for key, part in self.parts.items():
            if key in chosen:
                yield from part.fields(f"{name}-{key}", read, names)

    def build(self, name: str, data: Mapping[str, Any]) -> Node:
        chosen = {*self.rule.get("required", ()), *data.get(f"{name}-has", ())}
        parts = self.parts.items()
        return {key: part.build(f"{name}-{key}", data) for key, part in parts if key in chosen}


def _several(values: list[str]) -> forms.Field:
    return forms.MultipleChoiceField(
        choices=[(each, choice_words(each)) for each in values],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def _listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else []


class ByField(Record):
    """An object whose keys are parts of a dose."""

    @property
    def parts(self) -> dict[str, Shape]:
        keys = schema()["$defs"]["field"]["enum"]
        return {key: shape_of(self.rule["additionalProperties"], key) for key in keys}

    @property
    def optional(self) -> list[str]:
        return list(self.parts)


class ByName(Shape):
    """An object whose keys are the author's own names: parameters, definitions."""

    @property
    def item(self) -> Shape:
        return shape_of(self.rule["additionalProperties"])

    def flat(self, node: Node, name: str) -> Flat:
        found: Flat = {f"{name}-n": str(len(node))}
        for place, (key, each) in enumerate(node.items()):
            found |= {f"{name}-{place}-key": key, **self.item.flat(each, f"{name}-{place}")}
        return found

    def fields(self, name: str, read: Read, names: Names) -> Iterator[tuple[str, forms.Field]]:
        yield f"{name}-n", forms.IntegerField(min_value=0, max_value=MOST)
        for place in range(_count(read(f"{name}-n"), MOST)):
            yield f"{name}-{place}-key", forms.CharField(strip=False)
            yield from self.item.fields(f"{name}-{place}", read, names)

    def build(self, name: str, data: Mapping[str, Any]) -> Node:
        places = [f"{name}-{place}" for place in range(data[f"{name}-n"])]
        return {data[f"{each}-key"]: self.item.build(each, data) for each in places}


class OneOf(Shape):
    """Which kind it is, then what belongs to that kind."""

    @property
    def kinds(self) -> dict[str, Shape]:
        if "oneOf" in self.rule:
            return {kind_of(each): shape_of(each, self.key) for each in self.rule["oneOf"]}
        return {each: shape_of({**self.rule, "type": each}, self.key) for each in self.rule["type"]}

    def kind(self, node: Node) -> str:
        for name, shape in self.kinds.items():
            if _fits(shape.rule, node):
                return name
        raise ValueError(node)

    def fits(self, node: Node) -> bool:
        return any(_fits(each.rule, node) for each in self.kinds.values())

    def flat(self, node: Node, name: str) -> Flat:
        kind = self.kind(node)
        return {f"{name}-pick": kind, **self.kinds[kind].flat(node, name)}

    def fields(self, name: str, read: Read, names: Names) -> Iterator[tuple[str, forms.Field]]:
        kinds = self.kinds
        yield f"{name}-pick", _choice(kinds)
        if chosen := kinds.get(str(read(f"{name}-pick"))):
            yield from chosen.fields(name, read, names)

    def build(self, name: str, data: Mapping[str, Any]) -> Node:
        return self.kinds[data[f"{name}-pick"]].build(name, data)


class AnyOf(OneOf):
    """One of several parts of the schema by their names: a condition or a number."""

    @property
    def kinds(self) -> dict[str, Shape]:
        return {each["$ref"].rpartition("/")[2]: shape_of(each) for each in self.rule["anyOf"]}

    def kind(self, node: Node) -> str:
        """The first that the node fits; what fits both is the same in both."""
        parts = self.kinds.items()
        return next(name for name, part in parts if isinstance(part, OneOf) and part.fits(node))

    def flat(self, node: Node, name: str) -> Flat:
        kind = self.kind(node)
        return {f"{name}-part": kind, **self.kinds[kind].flat(node, name)}

    def fields(self, name: str, read: Read, names: Names) -> Iterator[tuple[str, forms.Field]]:
        kinds = self.kinds
        yield f"{name}-part", _choice(kinds)
        if chosen := kinds.get(str(read(f"{name}-part"))):
            yield from chosen.fields(name, read, names)

    def build(self, name: str, data: Mapping[str, Any]) -> Node:
        return self.kinds[data[f"{name}-part"]].build(name, data)


TYPES: dict[str, Any] = {
    "object": Mapping,
    "array": list,
    "string": str,
    "boolean": bool,
    "number": int | float,
    "integer": int,
    "null": type(None),
}


def _fits(rule: Mapping[str, Any], node: Node) -> bool:
    if isinstance(node, bool) is not (rule["type"] == "boolean"):
        return False
    if rule["type"] != "object":
        return isinstance(node, TYPES[rule["type"]])
    if not isinstance(node, Mapping):
        return False
    key = rule["required"][0]
    return key in node and rule["properties"][key].get("const", node[key]) == node[key]


def kind_of(rule: Mapping[str, Any]) -> str:
    """The word by which a branch is picked: what is done, or its first key."""
    if rule["type"] != "object":
        return str(rule["type"])
    key = rule["required"][0]
    return str(rule["properties"][key].get("const", key)) if key == "do" else str(key)


def shape_of(rule: Mapping[str, Any], key: str = "") -> Shape:
    """The shape of a part of the schema."""
    if "$ref" in rule:
        rule = schema()["$defs"][rule["$ref"].rpartition("/")[2]]
    if "anyOf" in rule:
        return AnyOf(rule, key)
    if "oneOf" in rule or isinstance(rule.get("type"), list):
        return OneOf(rule, key)
    if "enum" in rule:
        return Word(rule, key)
    if "const" in rule or rule["type"] == "null":
        return Fixed(rule, key)
    if rule["type"] == "array":
        return Items(rule, key)
    if rule["type"] == "object":
        open_ended = ByField if "propertyNames" in rule else ByName
        return Record(rule, key) if "properties" in rule else open_ended(rule, key)
    return Shape(rule, key)


__all__ = ["FactField", "Flat", "Names", "NumberField", "Shape", "shape_of"]
