"""The API's errors: problem details (RFC 9457) for whatever goes wrong, wherever it does."""

from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from rest_framework import exceptions

CONTENT_TYPE = "application/problem+json"
API = "/api/"
Problem = dict[str, Any]


def problem(status: int, detail: str = "", **more: Any) -> Problem:
    """The members of a problem without a type of its own: its title is the status in words."""
    said: Problem = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
    }
    return said | ({"detail": detail} if detail else {}) | more


def answer(body: Problem) -> HttpResponse:
    return JsonResponse(body, status=body["status"], content_type=CONTENT_TYPE)


def exception_handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Answer what a view of the API raised; what it doesn't know is a fault of ours, a 500."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, RequestDataTooBig):
        return answer(problem(413))
    if isinstance(error, exceptions.ValidationError):
        return answer(problem(422, errors=list(faults(error.detail))))
    if isinstance(error, exceptions.APIException):
        why = {"reason": error.get_codes()} if error.status_code == HTTPStatus.CONFLICT else {}
        return answer(problem(error.status_code, str(error.detail), **why))
    return None


def faults(detail: Any, pointer: str = "#") -> Iterator[dict[str, str]]:
    """One entry a fault, with the JSON pointer of the field it is about."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            below = "/" + str(name).replace("~", "~0").replace("/", "~1")
            yield from faults(inner, pointer + (below if name != "non_field_errors" else ""))
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            below = pointer if isinstance(inner, str) else f"{pointer}/{place}"
            yield from faults(inner, below)
    else:
        yield {"pointer": pointer, "detail": str(detail)}


class ApiProblems:
    """Give an error that no view of the API answered the same shape: 401, 404, 413, 500 ..."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if (
            request.path.startswith(API)
            and isinstance(response, HttpResponse)
            and response.status_code >= 400
            and response.get("Content-Type") != CONTENT_TYPE
        ):
            told = answer(problem(response.status_code))
            response.content, response["Content-Type"] = told.content, CONTENT_TYPE
        return response
