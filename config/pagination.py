from contextlib import suppress
from uuid import UUID

from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request


class ByKey(CursorPagination):
    """Keyset pages, newest first: ids are time-ordered."""

    ordering = "-id"
    page_size = 50

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Read the place to go on from; a made-up one is not found."""
        cursor = super().decode_cursor(request)
        with suppress(ValueError):
            if cursor and cursor.position is not None:
                UUID(str(cursor.position))
            return cursor
        raise NotFound(self.invalid_cursor_message)
