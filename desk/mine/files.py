"""The same tables as files: comma-separated in one archive, and JSON."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from desk.mine.tables import Table

FORMAT, VERSION = "flexion-export", 1
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_json(tables: Iterable[Table], at: datetime) -> str:
    """One object: what it is, and each table as a list of objects. See docs/my-data.md."""
    told: dict[str, Any] = {"format": FORMAT, "version": VERSION, "made_at": at, "load_unit": "kg"}
    for table in tables:
        told[table.name] = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def as_archive(tables: Iterable[Table]) -> bytes:
    """A ZIP with one CSV a table."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in tables:
            archive.writestr(f"{table.name}.csv", as_csv(table))
    return made.getvalue()


def as_csv(table: Table) -> str:
    """With a byte order mark, so that a spreadsheet reads the accents."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(table.columns)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return "\ufeff" + text.getvalue()


def _cell(value: Any) -> str:
    """As JSON writes it; text that a spreadsheet would run as a formula is only text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    if isinstance(value, list):
        return " ".join("-" if each is None else str(each) for each in value)
    return json.dumps(value, cls=DjangoJSONEncoder).strip('"')
