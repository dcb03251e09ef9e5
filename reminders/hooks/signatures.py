"""Whether a provider itself speaks: its signature over what it sent. Nobody else is let in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from standardwebhooks import Webhook, WebhookVerificationError
from twilio.request_validator import RequestValidator

from accounts import texts

LONGEST = 64 * 1024

type View = Callable[..., HttpResponse]


def signed(genuine: Callable[[HttpRequest], bool]) -> Callable[[View], View]:
    """Refuse what is too long (413) or not genuine (403) before the view looks at it."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if len(request.body) > LONGEST:
                return HttpResponse(status=413)
            if not genuine(request):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return decorate


def of_texts(request: HttpRequest) -> bool:
    """Whether this came from the provider of text messages. Raises Http404 where there is none."""
    if not (token := texts.token()):
        raise Http404
    seen = settings.SITE_URL + request.get_full_path()  # as the provider called it
    signature = request.headers.get("X-Twilio-Signature", "")
    return bool(RequestValidator(token).validate(seen, request.POST, signature))


def of_mail(request: HttpRequest) -> bool:
    """Whether this came, in the last 5 minutes, from whom we share MAIL_EVENTS_SECRET with.

    By https://www.standardwebhooks.com. Raises Http404 where there is no secret.
    """
    if not settings.MAIL_EVENTS_SECRET:
        raise Http404
    shared = Webhook(settings.MAIL_EVENTS_SECRET)
    try:
        shared.verify(request.body, dict(request.headers), json_parse=False)
    except (WebhookVerificationError, ValueError):  # a header that is none is the latter
        return False
    return True
