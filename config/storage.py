"""Static files under hashed names, style sheets without comments, compressed once at build."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

COMMENT, SPACE = re.compile(r"/\*.*?\*/", re.DOTALL), re.compile(r"\s+")
AROUND = re.compile(r"\s*([{};,])\s*")


def lean(css: str) -> str:
    """The same style sheet without comments and needless spaces."""
    return AROUND.sub(r"\1", SPACE.sub(" ", COMMENT.sub("", css))).strip()


class HashedStorage(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """Make our style sheets lean before they get their hashed names."""
        for name in paths:
            if name.startswith("css/") and name.endswith(".css") and not dry_run:
                Path(self.path(name)).write_text(lean(Path(self.path(name)).read_text()))
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)  # type: ignore[no-untyped-call]
