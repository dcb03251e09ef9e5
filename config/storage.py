"""Static files under hashed names, style sheets whole and without comments, compressed at build."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

COMMENT, SPACE = re.compile(r"/\*.*?\*/", re.DOTALL), re.compile(r"\s+")
AROUND = re.compile(r"\s*([{};,])\s*")
IMPORT = re.compile(r'@import "([\w-]+\.css)";')


def lean(css: str) -> str:
    """The same style sheet without comments and needless spaces."""
    short = AROUND.sub(r"\1", SPACE.sub(" ", COMMENT.sub("", css))).strip()
    return short.replace(": ", ":").replace(";}", "}")


def whole(sheet: Path) -> str:
    """A lean style sheet with those it imports in their place: a page asks for one file."""
    return IMPORT.sub(lambda found: whole(sheet.parent / found[1]), lean(sheet.read_text()))


class HashedStorage(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """Make our style sheets lean and whole before they get their hashed names."""
        for name in paths:
            if name.startswith("css/") and name.endswith(".css") and not dry_run:
                Path(self.path(name)).write_text(whole(Path(self.path(name))))
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)  # type: ignore[no-untyped-call]  # Django has no types here
