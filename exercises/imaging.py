"""A picture that somebody sends, made anew: by what it is, not by what it is called."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from struct import error as StructError
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

LARGEST_MB = 8
LARGEST = LARGEST_MB * 1_000_000  # bytes
MOST_MP = 30
MOST_PIXELS = MOST_MP * 1_000_000
LONGEST_SIDE = 1600  # pixels of what is kept
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 82
Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # Pillow's own check, before anything is decoded


class PictureFault(Exception):
    """Why a picture is not taken."""


@dataclass(frozen=True, slots=True)
class Made:
    """The picture as WebP, without whatever else was in the file."""

    data: bytes
    width: int
    height: int


def made_of(file: Any) -> Made:
    """The picture of an uploaded file, upright and small enough. Raises PictureFault."""
    if file.size > LARGEST:
        raise PictureFault(_("The picture is larger than %(n)s MB.") % {"n": LARGEST_MB})
    with _told(), Image.open(BytesIO(file.read()), formats=FORMATS) as found:
        if found.width * found.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        if getattr(found, "is_animated", False):
            raise PictureFault(_("A picture that moves is not taken."))
        found.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # decodes no more than it needs
        return _bare(ImageOps.exif_transpose(found))


@contextmanager
def _told() -> Iterator[None]:
    """Say what Pillow finds wrong."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        told = _("The picture has more than %(n)s million pixels.") % {"n": MOST_MP}
        raise PictureFault(told) from bomb
    except (OSError, SyntaxError, ValueError, EOFError, StructError) as broken:
        raise PictureFault(_("It is no JPEG, PNG or WebP picture that can be read.")) from broken


def _bare(picture: Image.Image) -> Made:
    """Its pixels alone: a new picture has no place, camera, profile or comment in it."""
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    bare = Image.new(mode, picture.size)
    bare.paste(picture.convert(mode))
    out = BytesIO()
    bare.save(out, "WEBP", quality=QUALITY)
    return Made(out.getvalue(), *bare.size)
