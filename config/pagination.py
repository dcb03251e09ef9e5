from rest_framework.pagination import CursorPagination


class ByKey(CursorPagination):
    """Keyset pages, newest first: ids are time-ordered."""

    ordering = "-id"
    page_size = 50
