"""Extract every marked string, update the Spanish catalogue, and compile both, with Babel alone.

English has a compiled catalogue too, each string its own translation: a string that is in none is
looked for in that of every library, twice, and a page holds hundreds.
"""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation.template import templatize

SOURCES = ("accounts", "config", "desk", "exercises", "patients", "programs", "reminders")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
CALL = re.compile(rf"\b(?:_|n?p?gettext)\(\s*{LITERAL}(?:\s*,\s*{LITERAL})*(?:\s*,\s*count)?\s*\)")


def extract_template(
    fileobj: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Any]:
    """Read a Django template the way Django's own extraction does, as if it were Python."""
    text = templatize(fileobj.read().decode(), origin=getattr(fileobj, "name", None))
    code = "\n".join(call.group() for call in CALL.finditer(text))
    yield from extract_python(io.BytesIO(code.encode()), keywords, comment_tags, options)


def extracted(root: Path) -> Catalog:
    """Return every marked string of code and templates."""
    catalog = Catalog(project="Flexion", charset="utf-8")
    here = f"{__name__}:extract_template"
    for folder in (*SOURCES, "templates"):
        methods = [("**.html", here), ("**.txt", here), ("**.py", "python")]
        found = extract_from_dir(
            root / folder, methods, keywords=KEYWORDS, directory_filter=_wanted
        )
        for name, line, message, comments, context in sorted(
            found, key=lambda row: (row[0], row[1])
        ):
            place = [(f"{folder}/{name}", line)]
            catalog.add(message, None, place, auto_comments=comments, context=context)
    return catalog


def _wanted(folder: str | PathLike[str]) -> bool:
    """Take templates/_components too, which Babel would leave out for its first letter."""
    return Path(folder).name != "__pycache__"


def in_english(found: Catalog) -> Catalog:
    """Return the strings as their own translation."""
    catalog = Catalog(locale="en", project="Flexion", charset="utf-8", fuzzy=False)
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    for message in found:
        if message.id:
            catalog.add(message.id, message.id, context=message.context)
    return catalog


def catalogue(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str) -> Catalog:
    """Return the catalogue as it stands, or an empty one."""
    if not path.exists():
        return Catalog(locale=language, project="Flexion", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def untranslated(catalog: Catalog) -> list[str]:
    """Name the entries that are empty or fuzzy."""
    return [
        str(message.id)
        for message in catalog
        if message.id and (message.fuzzy or not all(_texts(message.string)))
    ]


def _texts(string: Any) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, (tuple, list)) else (string,)


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail if behind")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        root, language = Path(settings.BASE_DIR), "es"
        path = catalogue(root, language)
        catalog, found = read(path, language), extracted(root)
        catalog.update(found, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        missing = untranslated(catalog)
        if not check:
            _write(catalog, path)
            compiled(in_english(found), catalogue(root, "en"))
        elif missing:
            raise CommandError("\n".join(["Not translated:", *missing]))
        self.stdout.write(f"{len(catalog)} strings, {len(missing)} not translated")


def _write(catalog: Catalog, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, sort_output=True, include_lineno=False)
    compiled(catalog, path)


def compiled(catalog: Catalog, path: Path) -> Path:
    """Write the catalogue as it is read at run time, beside this path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)
    return path.with_suffix(".mo")
