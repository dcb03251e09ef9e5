"""Row ids: UUID version 7 (RFC 9562), so that keys sort by time and never tell a count."""

import os
import time
import uuid


def uuid7() -> uuid.UUID:
    """Return a new time-ordered UUID: 48 bits of milliseconds, then 74 random bits."""
    value = int.from_bytes(os.urandom(10)) | (time.time_ns() // 1_000_000) << 80
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)
