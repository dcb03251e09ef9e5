"""Pictures as people send them, good and bad."""

import struct
import zlib
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
TURNED, CAMERA, GPS = 0x0112, 0x010F, 0x8825


def sent(data: bytes, name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


def drawn(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **more: Any) -> bytes:
    out = BytesIO()
    mode = "RGB" if kind == "JPEG" else "RGBA"
    Image.new(mode, size, "teal").save(out, kind, **more)
    return out.getvalue()


def photographed() -> bytes:
    """As a phone keeps it: lying on its side, with the camera's name, the place and a profile."""
    exif = Image.Exif()
    exif[TURNED], exif[CAMERA] = 6, "SecretCam"
    exif.get_ifd(GPS)[1] = "N"
    return drawn(exif=exif, comment=b"SecretPlace", icc_profile=b"SecretProfile", xmp=b"SecretXmp")


def bomb(side: int = 60_000) -> bytes:
    """A PNG of a few bytes that says it has very many pixels."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    whole = b"\x89PNG\r\n\x1a\n"
    for name, data in parts:
        whole += struct.pack(">I", len(data)) + name + data
        whole += struct.pack(">I", zlib.crc32(name + data))
    return whole


def moving() -> bytes:
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    out = BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    return out.getvalue()
