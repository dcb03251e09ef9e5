"""The log's line of a request: by its route, since an address may hold what is secret or typed."""

from django.http import Http404, HttpRequest
from django.urls import resolve
from django_structlog.middlewares import RequestMiddleware


class RouteMiddleware(RequestMiddleware):
    """Bind a request's id to its log lines; name the route, never the address."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        try:
            return f"{request.method} {resolve(request.path_info).route}"
        except Http404:
            return f"{request.method} unknown"
