"""Error pages in the product's style: what happened, what was kept, and the way back."""

from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string

BACK_SECONDS = 300
HEALTH = {"/healthz", "/readyz"}


def _page(status: int) -> Callable[..., HttpResponse]:
    def page(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
        return render(request, f"{status}.html", {"request_id": _request_id()}, status=status)

    return page


def _request_id() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


_unreadable, _too_big = _page(400), _page(413)
not_found, permission_denied, too_many = _page(404), _page(403), _page(429)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What can't be read; a body over the limit says that it was too big."""
    page = _too_big if isinstance(exception, RequestDataTooBig) else _unreadable
    return page(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """The last page: rendered without the request's context, which may be what failed."""
    return HttpResponse(render_to_string("500.html", {"request_id": _request_id()}), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that is too old or came from elsewhere; nothing was saved, trying again helps."""
    return render(request, "403_csrf.html", {"request_id": _request_id()}, status=403)


class MethodNotAllowedPage:
    """Give a wrong method a page instead of an empty body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            told = {"request_id": _request_id()}
            response.content = render_to_string("405.html", told, request=request).encode()
        return response


class Maintenance:
    """While MAINTENANCE is on, ask everybody to come back; health alone answers as ever."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.MAINTENANCE or request.path in HEALTH:
            return self.get_response(request)
        told = {"request_id": _request_id()}
        response = render(request, "maintenance.html", told, status=503)
        response["Retry-After"] = str(BACK_SECONDS)
        response["Cache-Control"] = "no-store"
        return response
