"""Every request: who acts, in which clinic's rows, under which rule, and on record."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import urlencode

from accounts import audit
from accounts.access import ANYONE, CHOOSES, SIGNED_IN, allowed
from accounts.audit import Kind, Trail
from accounts.models import User
from accounts.requests import AnyRequest
from accounts.scope import clinic_scope, widen
from patients import units
from patients.acting import SEVERAL, actor_of


class ActingMiddleware:
    """Open the clinic scope around the view and write the request's audit event inside it.

    An exception becomes a response before it gets here, so an error rolls back by hand; a refusal
    is recorded afterwards, in a transaction of its own.
    """

    def __init__(self, get_response: Callable[[AnyRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: AnyRequest) -> HttpResponse:
        request.actor = None
        units.speak(units.KG)
        user = request.user
        if not isinstance(user, User):
            return self._answer(request, Trail(route=""))
        with audit.trail(
            "", structlog.contextvars.get_contextvars().get("request_id", "")
        ) as trail:
            with clinic_scope(user=user.id):
                self._find_actor(request, user)
                response = self._answer(request, trail)
            self._record_denial(request, response, trail)
        return response

    def _find_actor(self, request: AnyRequest, user: User) -> None:
        request.actor = actor = actor_of(user, request.session)
        if actor:
            widen(actor.clinic_id)
        translation.activate(user.language)
        request.LANGUAGE_CODE = translation.get_language()

    def _answer(self, request: AnyRequest, trail: Trail) -> HttpResponse:
        response = self.get_response(request)
        trail.route = _route(request)
        if getattr(request, "failed", False) or response.status_code >= 400:
            if transaction.get_connection().in_atomic_block:
                transaction.set_rollback(True)
        elif request.actor and trail.worth_writing(request.actor):
            trail.write(request.actor)
        if request.user.is_authenticated:
            response.setdefault("Cache-Control", "no-store")
        return response

    def _record_denial(self, request: AnyRequest, response: HttpResponse, trail: Trail) -> None:
        if response.status_code in (403, 404) and trail.route:
            trail.verbs.clear()
            trail.write(request.actor, Kind.DENIAL)

    def process_exception(self, request: AnyRequest, exception: Exception) -> None:
        request.failed = True

    def process_view(
        self, request: AnyRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Decide by the policy's table, before the view runs."""
        who = allowed(_route(request))
        if who == ANYONE:
            return None
        if not request.user.is_authenticated or not _is_sender(request):
            return _to_sign_in(request)
        if who == SIGNED_IN or (request.actor and request.actor.role in who):
            return None
        if request.actor is None and request.session.get(SEVERAL) and not request.htmx:
            chosen = _route(request) in CHOOSES
            return None if chosen else redirect(_with_next("/acting/", request))
        raise PermissionDenied


def _route(request: AnyRequest) -> str:
    """The name of the view that was found; none has no row in the policy, and is nobody's."""
    return request.resolver_match.view_name if request.resolver_match else ""


def _is_sender(request: AnyRequest) -> bool:
    """Whether what a phone kept is sent by the person it is of; a page's own form doesn't say."""
    sender = request.headers.get("X-Who")
    return sender is None or (request.actor is not None and request.actor.who == sender)


def _to_sign_in(request: AnyRequest) -> HttpResponse:
    """Send a person to sign in; an htmx request gets 401, which its page can show in place."""
    if request.path.startswith("/api/"):
        return HttpResponse(status=401)
    if request.htmx:
        context = {"next": urlsplit(request.htmx.current_url or "/").path}
        return render(request, "account/_again.html", context, status=401)
    return redirect(_with_next("/sign-in/", request))


def _with_next(page: str, request: AnyRequest) -> str:
    return f"{page}?{urlencode({'next': request.get_full_path()})}"
