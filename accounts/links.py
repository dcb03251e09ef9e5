"""Secret links into a clinic: the token that stands in the address, and the hash that is kept.

The clinic's id travels in the signed token, so that the look-up is scoped to that clinic.
"""

import base64
import hashlib
import secrets
from uuid import UUID

from django.core import signing

BYTES = 18


class Unreadable(ValueError):
    """No token of ours, or not the whole of it."""


class Links:
    """The links of one kind; `salt` keeps them from opening what another kind opens."""

    def __init__(self, salt: str) -> None:
        self._signer = signing.Signer(salt=salt)

    def new(self, clinic: UUID) -> tuple[str, str]:
        """A token and its hash."""
        secret = secrets.token_bytes(BYTES)
        return self._signer.sign(_encode(clinic.bytes + secret)).replace(":", "."), _hash(secret)

    def read(self, token: str) -> tuple[UUID, str]:
        """The clinic that a token names, and the hash to look for there. Raises Unreadable."""
        try:
            raw = _decode(self._signer.unsign(token.replace(".", ":")))
            return UUID(bytes=raw[:16]), _hash(raw[16:])
        except (signing.BadSignature, ValueError) as error:
            raise Unreadable from error


def _hash(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
