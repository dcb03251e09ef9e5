"""A file's bytes as rows with one set of columns, and what came of them in four numbers."""

import json
from collections.abc import Iterator
from typing import Any

from django.utils.text import Truncator
from import_export.formats.base_formats import CSV
from import_export.results import Result, RowResult
from tablib.core import Dataset

LARGEST_MB = 20
LARGEST = LARGEST_MB * 1_000_000  # bytes


class FileFault(ValueError):
    """The file as a whole can't be read."""


def read_file(data: bytes) -> Dataset:
    """The rows of a JSON array of objects, or of a CSV. Raises FileFault.

    Objects may lack columns and have them in any order; what is no object becomes an empty row.
    """
    if len(data) > LARGEST:
        raise FileFault(f"larger than {LARGEST_MB} MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise FileFault("not text in UTF-8") from fault
    if text.lstrip()[:1] in ("[", "{"):
        return _dataset(_objects(text))
    return _of_csv(text)


def counts(result: Result) -> dict[str, int]:
    """How many rows were created, updated, unchanged and reported."""
    totals = result.totals
    return {
        "created": totals[RowResult.IMPORT_TYPE_NEW],
        "updated": totals[RowResult.IMPORT_TYPE_UPDATE],
        "unchanged": totals[RowResult.IMPORT_TYPE_SKIP],
        "reported": totals[RowResult.IMPORT_TYPE_INVALID] + totals[RowResult.IMPORT_TYPE_ERROR],
    }


def faults_of(result: Result, rows: list[tuple[int, Any]]) -> list[tuple[int, str, str]]:
    """The number and id of each row that was left out, with what is wrong; `rows` has both."""
    wrong = [(row.number, row.error.messages) for row in result.invalid_rows]
    wrong += [(row.number, [repr(each.error) for each in row.errors]) for row in result.error_rows]
    return [
        (rows[place - 1][0], str(rows[place - 1][1]), message)
        for place, messages in sorted(wrong)
        for message in messages
    ]


def changes_of(result: Result) -> Iterator[tuple[str, str, str, str]]:
    """What the rows would change: id, path, old, new; no path for a new exercise."""
    for row in result.valid_rows():
        if row.is_new():
            yield row.object_repr, "", "", ""
            continue
        for each in row.diff:
            yield row.object_repr, each.path, _short(each.old), _short(each.new)


def _short(value: Any) -> str:
    """A value as a line to compare by."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return Truncator(text).chars(120)


def _of_csv(text: str) -> Dataset:
    try:
        found: Dataset = CSV().create_dataset(text)
    except Exception as fault:  # what tablib raises depends on what is wrong
        raise FileFault(f"neither JSON nor CSV: {fault}") from fault
    if "id" not in (found.headers or ()):
        raise FileFault("no column is named id")
    return found


def _objects(text: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise FileFault(f"not JSON: {fault}") from fault
    if not isinstance(found, list):
        raise FileFault("a list of exercises is needed")
    return [each if isinstance(each, dict) else {} for each in found]


def _dataset(rows: list[dict[str, Any]]) -> Dataset:
    columns = [*dict.fromkeys(name for row in rows for name in ("id", *row))] or ["id"]
    return Dataset(*([row.get(name) for name in columns] for row in rows), headers=columns)
