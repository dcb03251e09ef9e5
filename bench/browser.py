"""A browser in this process: it keeps cookies, reads forms, and times what the server does."""

import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.client import ClientHandler
from django.urls import resolve

from accounts.models import User
from bench.counting import Tally, counted

FORM = "application/x-www-form-urlencoded"


class _Handler(ClientHandler):
    """The whole stack of middleware, timed and counted from request to response."""

    tally: Tally
    seconds: float = 0

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        with counted() as self.tally:
            start = time.perf_counter()
            try:
                return super().get_response(request)
            finally:
                self.seconds = time.perf_counter() - start


@dataclass
class Form:
    """A form as it stands in a page."""

    action: str
    method: str = "get"
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def leads_to(self) -> str:
        """The name of the view that takes it."""
        return resolve(self.action.partition("?")[0]).view_name


@dataclass(frozen=True)
class Visit:
    """One answer with what it cost the server."""

    response: HttpResponse
    seconds: float
    tally: Tally

    @property
    def forms(self) -> list[Form]:
        reader = _Forms()
        reader.feed(self.response.content.decode())
        return reader.forms

    def form(self, view: str) -> Form | None:
        """The first form that leads to the named view."""
        return next((form for form in self.forms if form.leads_to == view), None)


class Browser:
    """One person's browser, signed in; forgery checks are on."""

    def __init__(self, user: User | None = None) -> None:
        self.client = Client(enforce_csrf_checks=True, SERVER_NAME="127.0.0.1")
        self.client.handler = self.handler = _Handler(enforce_csrf_checks=True)
        if user:
            self.client.force_login(user)

    def get(self, address: str) -> Visit:
        return self._visit(self.client.get(address))

    def submit(self, form: Form, *, htmx: bool = False, **values: Any) -> Visit:
        """Send a form with these values in place of (or beside) its own."""
        kept = [(name, value) for name, value in form.fields if name not in values]
        body = urlencode([*kept, *values.items()])
        headers = {"HX-Request": "true"} if htmx else {}
        return self._visit(self.client.post(form.action, body, content_type=FORM, headers=headers))

    def _visit(self, response: Any) -> Visit:
        return Visit(response, self.handler.seconds, self.handler.tally)


class _Forms(HTMLParser):
    """The forms of a page with the values a browser would send."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""
        self._chosen: str | None = None
        self._first: str | None = None
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(told.get("action", ""), told.get("method", "get")))
        elif self.forms and (take := getattr(self, f"_{tag}_begins", None)):
            take(told)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select:
            chosen = self._chosen if self._chosen is not None else self._first
            self.forms[-1].fields.append((self._select, chosen or ""))
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].fields.append((self._area, data.strip()))

    def _input_begins(self, told: dict[str, str]) -> None:
        kind = told.get("type", "text")
        if "name" not in told or kind in ("submit", "image", "button"):
            return
        if kind not in ("checkbox", "radio") or "checked" in told:
            value = told.get("value", "on" if kind in ("checkbox", "radio") else "")
            self.forms[-1].fields.append((told["name"], value))

    def _button_begins(self, told: dict[str, str]) -> None:
        if "name" in told:
            self.forms[-1].buttons.append((told["name"], told.get("value", "")))

    def _textarea_begins(self, told: dict[str, str]) -> None:
        self._area = told.get("name", "")

    def _select_begins(self, told: dict[str, str]) -> None:
        self._select, self._chosen, self._first = told.get("name", ""), None, None

    def _option_begins(self, told: dict[str, str]) -> None:
        value = told.get("value", "")
        if self._first is None:
            self._first = value
        if "selected" in told:
            self._chosen = value
