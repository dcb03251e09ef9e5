"""The shape of a ruleset: its JSON text read strictly, and checked by the schema that ships."""

import json
from collections.abc import Mapping
from functools import cache
from os import path as files
from typing import Any

from programs.shapes import Checker, Fault, read_text, tree_faults

MAX_CHARACTERS = 200_000
MAX_LEVELS = 22
FOLDER = files.dirname(__file__)


def parse(source: str | Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """The object of a JSON text (or as given), and everything that is wrong with its shape."""
    node: Any = source
    if isinstance(source, str):
        node, faults = read_text(source, MAX_CHARACTERS, MAX_LEVELS)
        if faults:
            return {}, faults
    faults = list(tree_faults(node, MAX_LEVELS)) or Checker(shape()).faults(node)
    return (dict(node), faults) if isinstance(node, Mapping) else ({}, faults)


@cache
def shape() -> dict[str, Any]:
    """The schema that ships with the engine."""
    return dict(json.loads(read_file("ruleset.schema.json")))


def read_file(name: str) -> str:
    """A text that ships with the engine. (pathlib takes long to import.)"""
    with open(files.join(FOLDER, name), encoding="utf-8") as file:
        return file.read()
