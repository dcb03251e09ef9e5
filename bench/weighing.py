"""Weighs a first visit: the page and whatever it makes a browser fetch, each by gzip -9."""

import gzip
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urljoin

from django.conf import settings

_IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*["']([./][^"']+)["']""")
_IN_CSS = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])([^"')]+)""")
type Read = Callable[[str], bytes]


class _Links(HTMLParser):
    """The addresses a browser fetches for a page; icons and the manifest weigh apart.

    What stands in a template, is imported in the middle of a script or loads lazily comes when it
    is wanted.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, None] = {}
        self.aside = False

    def handle_endtag(self, tag: str) -> None:
        self.aside = self.aside and tag != "template"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.aside = self.aside or tag == "template"
        if self.aside or told.get("loading") == "lazy":
            return
        if tag == "link" and told.get("rel") not in ("stylesheet", "modulepreload"):
            return
        names = {"link": "href", "script": "src", "img": "src", "use": "href"}
        if (address := told.get(names.get(tag, ""))) and not address.startswith(("#", "data:")):
            self.found[urldefrag(address).url] = None


@dataclass
class Weight:
    """Gzipped bytes: the page itself, and each file by its address."""

    page: int
    files: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.page + sum(self.files.values())

    def of(self, ending: str, *, without: str = "/vendor/") -> int:
        """The files of one kind that are our own."""
        return sum(
            size
            for name, size in self.files.items()
            if name.endswith(ending) and without not in name
        )


def zipped(content: bytes) -> int:
    return len(gzip.compress(content, compresslevel=9, mtime=0))


def from_disk(address: str) -> bytes:
    """Read a collected static file by its address. A missing one is an error."""
    place = urljoin("/", address).removeprefix(posixpath.join("/", settings.STATIC_URL))
    return (Path(settings.STATIC_ROOT) / place).read_bytes()


def weigh(page: bytes, read: Read = from_disk) -> Weight:
    """Weigh a page with its files and theirs."""
    links = _Links()
    links.feed(page.decode())
    weight, waiting = Weight(zipped(page)), [*links.found]
    while waiting:
        address = waiting.pop()
        if address not in weight.files:
            content = read(address)
            weight.files[address] = zipped(content)
            waiting += [urljoin(address, link) for link in _links_of(address, content)]
    return weight


def _links_of(address: str, content: bytes) -> list[str]:
    pattern = {".js": _IMPORT, ".css": _IN_CSS}.get(posixpath.splitext(address)[1])
    if pattern is None or "/vendor/" in address:
        return []
    found: list[str] = pattern.findall(content.decode())
    return [link for link in found if not link.startswith(("data:", "#"))]
