"""Rows in Flexion's own columns: all that a revision holds, in every language it has.

In JSON lists and objects are themselves, in CSV they are JSON in a cell. Which revision it was and
in what state stands beside for the reader and is not read back: what comes in is a draft.
"""

import json
from collections.abc import Iterator
from typing import Any

from import_export.fields import Field
from import_export.widgets import Widget
from tablib.core import Dataset

from exercises.importing.rows import LONGEST_SLUG, SLUG, Cells, Row, RowFault, opened, unknown
from exercises.schema import body_faults, figure_faults

FACTS = ("level", "posture", "licence", "origin")
OPENED = ("resisted", "equipment", "muscles", "beside", "figure", "sources", "body")


class AsItIs(Widget):
    """Lists stay lists: what they become is the file's business."""

    def render(self, value: Any, obj: Any = None, **given: Any) -> Any:
        return value


def columns() -> dict[str, Field]:
    """The columns of an export, in order."""
    as_it_is = AsItIs()
    own = {name: name for name in (*FACTS, *OPENED)}
    paths = {"id": "exercise__slug", "revision": "number", "state": "state"} | own
    return {
        name: Field(attribute=path, column_name=name, widget=as_it_is)
        for name, path in paths.items()
    }


def as_json(rows: Dataset) -> str:
    return json.dumps(rows.dict, ensure_ascii=False, indent=1)


def as_csv(rows: Dataset) -> str:
    cells = [[_cell(value) for value in row.values()] for row in rows.dict]
    return str(Dataset(*cells, headers=rows.headers).export("csv"))


WRITERS = {"json": as_json, "csv": as_csv}


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def is_native(cells: Cells) -> bool:
    return "body" in cells


def read_native(cells: Cells) -> Row:
    """Return the row. Raises RowFault with all that is wrong with it."""
    row = opened(cells, OPENED)
    if faults := [*_faults(row)]:
        raise RowFault(faults)
    parts = {
        f"body.{language}.{name}": value
        for language, words in row["body"].items()
        for name, value in words.items()
    }
    parts |= {name: row.get(name) or "" for name in FACTS}
    parts |= {name: row.get(name) or [] for name in ("equipment", "muscles", "beside", "sources")}
    parts |= {"figure": row.get("figure") or {}, "resisted": bool(row.get("resisted"))}
    return Row(row["id"], parts)


def _faults(row: dict[str, Any]) -> Iterator[str]:
    key = row.get("id")
    if not isinstance(key, str) or not _is_slug(key):
        yield f"id: small letters, digits and single -, at most {LONGEST_SLUG}"
    yield from body_faults(row.get("body"), whole=False)
    if row.get("figure"):
        yield from figure_faults(row["figure"])
    yield from _fact_faults(row)
    for name in ("equipment", "muscles", "beside"):
        yield from _list_faults(name, row.get(name) or [])
    yield from _source_faults(row.get("sources") or [])


def _fact_faults(row: dict[str, Any]) -> Iterator[str]:
    for name, most in (("level", 16), ("posture", 16), ("licence", 80), ("origin", 200)):
        value = row.get(name) or ""
        if not isinstance(value, str) or len(value) > most:
            yield f"{name}: a text of at most {most} letters"
        elif value and name in ("level", "posture"):
            yield from unknown(name, f"{name}s", [value])
    if not isinstance(row.get("resisted"), bool | None):
        yield "resisted: true or false"


def _list_faults(name: str, values: Any) -> Iterator[str]:
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        yield f"{name}: a list is needed"
    elif name == "beside":
        yield from (f"beside: {each!r} is no address" for each in values if not _is_slug(each))
    else:
        yield from unknown(name, name, values)


def _is_slug(value: str) -> bool:
    return bool(SLUG.fullmatch(value)) and len(value) <= LONGEST_SLUG


def _source_faults(sources: Any) -> Iterator[str]:
    wanted = {"key": str, "citation": str, "doi": str, "note": dict}
    if not isinstance(sources, list):
        yield "sources: a list is needed"
        return
    for number, source in enumerate(sources, 1):
        fits = isinstance(source, dict) and source.keys() == wanted.keys()
        if not fits or not all(isinstance(source[name], kind) for name, kind in wanted.items()):
            yield f"sources: {number} wants key, citation, doi and note"
