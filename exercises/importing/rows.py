"""One exercise of a file, as the parts that it gives, and what is wrong with it."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from exercises.shipped import read

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 60

type Cells = Mapping[str, Any]


class RowFault(ValueError):
    """Everything that is wrong with a row, each with its column."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = [*faults]
        super().__init__("; ".join(self.faults))


@dataclass(frozen=True)
class Row:
    """What a file says of one exercise: `parts` by path in Content, as `body.en.name`."""

    slug: str
    parts: dict[str, Any]


def opened(cells: Cells, columns: Iterable[str]) -> dict[str, Any]:
    """The row with these columns as lists and objects; in CSV they are written as JSON.

    Raises RowFault.
    """
    found, faults = dict(cells), []
    for column in columns:
        if not isinstance(found.get(column), str):
            continue
        try:
            found[column] = json.loads(found[column]) if found[column].strip() else None
        except ValueError:
            faults.append(f"{column}: JSON is needed")
    if faults:
        raise RowFault(faults)
    return found


def unknown(column: str, group: str, values: Iterable[Any]) -> list[str]:
    """A fault for each value that is no key of this group of the vocabulary."""
    known = read("vocabulary")[group]
    return [f"{column}: {value!r} is unknown" for value in values if value not in known]
