"""The service worker and the public shell: what a phone holds to open a session offline.

Nothing here knows a person; both answer alike whoever asks.
"""

import hashlib
import json
import re
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from exercises.models import Revision
from programs.logging.blanks import blank_cards, blank_words
from programs.logging.figures import drawn
from programs.logging.forms import PictureForm

MINUTES, DAY = 5 * 60, 24 * 3600
ELSEWHERE = {"desk.js", "push.js", "queue.js"}
LINKED = re.compile(r'<(?:link|script|use|img)\b[^>]*?(?:href|src)="([^"#]+)')


@require_safe
def shell(request: HttpRequest, language: str) -> HttpResponse:
    """The page without a person, in one language."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    response = HttpResponse(_shell(language))
    response["Cache-Control"] = f"public, max-age={MINUTES}"
    response["Content-Language"] = language
    return response


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The worker; its text changes with any file that it holds, so that a phone renews it."""
    language = request.GET.get("lang", "")
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGES[0][0]
    page = _shell(language)
    files = _files(page)
    context = {
        "version": _version(page, files),
        "shell": reverse("programs:shell", args=[language]),
        "static": settings.STATIC_URL,
        "icon": static("img/icon-192.png"),
        "files": json.dumps(files),
    }
    kind = "text/javascript; charset=utf-8"
    response = render(request, "programs/logging/sw.js", context, content_type=kind)
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def picture(request: HttpRequest, language: str, revision_id: UUID) -> HttpResponse:
    """One movement of the shipped library, for a phone to keep; of another there is no content."""
    form = PictureForm(request.GET)
    found = Revision.objects.shown().filter(id=revision_id).first()
    if language not in dict(settings.LANGUAGES) or not form.is_valid():
        raise Http404
    if found is None:
        return HttpResponse(status=204)
    with translation.override(language):
        response = HttpResponse(
            drawn(found, **form.seen()), content_type="text/html; charset=utf-8"
        )
    response["Cache-Control"] = f"public, max-age={DAY}"
    return response


def _shell(language: str) -> str:
    """The shell's HTML, made anew every few minutes: the library's names may change."""

    def make() -> str:
        with translation.override(language):
            told = {"cards": blank_cards(), "words": blank_words()}
            return render_to_string("programs/logging/shell.html", told)

    return str(cache.get_or_set(f"shell:{language}", make, MINUTES))


def _files(page: str) -> list[str]:
    """What the shell links to, and every script of the patient's pages."""
    scripts = {path.name for path in (settings.BASE_DIR / "static" / "js").glob("*.js")}
    own = {static(f"js/{name}") for name in scripts - ELSEWHERE}
    linked = set(LINKED.findall(page))
    return sorted(own | {each for each in linked if each.startswith(settings.STATIC_URL)})


def _version(page: str, files: list[str]) -> str:
    """A name for exactly these files. Where names carry no hash, the contents are looked at."""
    made = hashlib.sha256("\n".join([page, *files]).encode())
    for name in files if settings.PLAIN_STATIC else ():
        found = finders.find(name.removeprefix(settings.STATIC_URL))
        made.update(Path(str(found)).read_bytes() if found else b"")
    return made.hexdigest()[:16]
