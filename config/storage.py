"""Static files under hashed names, lean and compressed, style sheets whole."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from threading import get_ident
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from rcssmin import cssmin
from rjsmin import jsmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

OURS = re.compile(r"(css/.+\.css|js/.+\.js)")
NESTED = re.compile(r"`[^`]*\$\{[^`}]*`")
IMPORT = re.compile(r'@import "([\w-]+\.css)";')


def whole(sheet: Path) -> str:
    """A style sheet with those it imports in their place: a page asks for one file."""
    return IMPORT.sub(lambda found: whole(sheet.parent / found[1]), sheet.read_text())


def lean(file: Path) -> str:
    """A script or style sheet of ours without comments and needless space.

    ValueError where a template literal stands in another one: the minifier would take the inner
    one's words for code.
    """
    if file.suffix == ".css":
        return str(cssmin(whole(file)))
    text = file.read_text()
    if NESTED.search(text):
        raise ValueError(f"{file.name}: a template literal within a template literal")
    return str(jsmin(text))


class WholeSheets(BaseFinder):
    """Whole style sheets, kept up to date in var/, where files are served without a build."""

    def find(self, path: str, find_all: bool = False) -> Any:
        source, made = settings.BASE_DIR / "static" / path, settings.BASE_DIR / "var" / path
        if not path.startswith("css/") or ".." in path or not source.is_file():
            return []
        if not made.is_file() or made.read_text() != whole(source):
            made.parent.mkdir(parents=True, exist_ok=True)
            draft = made.with_suffix(f".{os.getpid()}-{get_ident()}")
            draft.write_text(whole(source))
            draft.replace(made)
        return [str(made)] if find_all else str(made)

    def list(self, ignore_patterns: Any) -> Iterator[Any]:
        """Nothing to collect: the sheets in static/ are, and the storage makes them whole."""
        return iter(())


class HashedStorage(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True

    def url(self, name: str | None, force: bool = False) -> str:
        """The hashed address; worked out once a process, where a page asks for it ten times."""
        if force or name is None:
            return str(super().url(name, force))  # type: ignore[arg-type]  # as Storage has it
        kept: dict[str, str] = self.__dict__.setdefault("addresses", {})
        if name not in kept:
            kept[name] = str(super().url(name))
        return kept[name]

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """Make our scripts and style sheets lean and whole before they get their hashed names."""
        self.__dict__.pop("addresses", None)
        for name in paths:
            if OURS.fullmatch(name) and not dry_run:
                Path(self.path(name)).write_text(lean(Path(self.path(name))))
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)  # type: ignore[no-untyped-call]  # Django has no types here
