"""Where to get help now: for anyone, without a person, so that a phone may hold it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe

from accounts.emergencies import NAMES, number_of
from exercises.shipped import red_flags
from programs.wording import language


@require_safe
def get_help(request: HttpRequest) -> HttpResponse:
    """The signs that stop everything, and whom to call; `?lang=` chooses the words."""
    asked = request.GET.get("lang", "")
    known = asked if asked in dict(settings.LANGUAGES) else translation.get_language()
    with translation.override(known):
        response = HttpResponse(render_to_string("programs/logging/help.html", _context()))
        response["Content-Language"] = language()
    return response


def _context() -> dict[str, object]:
    listed = red_flags(language())
    return {
        "now": [flag["text"] for flag in listed if flag["urgency"] == "emergency"],
        "soon": [flag["text"] for flag in listed if flag["urgency"] != "emergency"],
        "places": [
            {"code": code, "name": name, "number": number_of(code)} for code, name in NAMES.items()
        ],
    }
