"""What the patient's pages answer with, beside a page: a status, a way on."""

from typing import Any

from django.http import HttpResponse

WRONG = 422
Context = dict[str, Any]


def htmx_away(url: str) -> HttpResponse:
    """Tell htmx to leave the page for another."""
    response = HttpResponse(status=200)
    response["HX-Redirect"] = url
    return response
