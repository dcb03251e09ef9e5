"""The app's icons: what stands in static/img is what the numbers draw, and it is small."""

import struct
import zlib

import pytest
from django.conf import settings

from config.icons import ICONS, icon

MOST = 6500


def pixels(png: bytes) -> bytes:
    """The picture without its compression, which may differ between versions of zlib."""
    start = png.index(b"IDAT")
    (length,) = struct.unpack(">I", png[start - 4 : start])
    return png[16:24] + zlib.decompress(png[start + 4 : start + 4 + length])


@pytest.mark.parametrize("name", ["icon-180.png", "icon-192.png"])
def test_the_icons_are_drawn_by_the_command(name: str) -> None:
    kept = (settings.BASE_DIR / "static" / "img" / name).read_bytes()
    assert pixels(kept) == pixels(icon(*ICONS[name]))


def test_all_icons_together_are_small() -> None:
    files = (settings.BASE_DIR / "static" / "img" / name for name in ICONS)
    assert sum(file.stat().st_size for file in files) <= MOST
