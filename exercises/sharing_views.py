"""What search engines and links to public pages ask for: pictures, the sitemap, robots.txt."""

from django.conf import settings
from django.contrib.sitemaps.views import sitemap as of_pages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from exercises.addresses import index_path
from exercises.cards import card_of_guide, card_of_library
from exercises.guide import guide_of
from exercises.models import Ladder, Revision
from exercises.pictures import tile_alone
from exercises.rungs import rungs
from exercises.schema import LANGUAGES
from exercises.sitemap import PublicPages

DAY, YEAR = 24 * 3600, 365 * 24 * 3600


@require_safe
@cache_control(public=True, max_age=YEAR, immutable=True)
def exercise_picture(request: HttpRequest, slug: str, number: int, language: str) -> HttpResponse:
    """The picture of a revision, which never changes; of one that stands no more, the newest."""
    revision = Revision.objects.public().filter(exercise__slug=slug).first()
    if revision is None or language not in LANGUAGES:
        raise Http404
    if revision.number != number:
        return redirect("exercises:exercise-picture", slug, revision.number, language)
    return HttpResponse(card_of_guide(guide_of(revision, language)), content_type="image/png")


@require_safe
@cache_control(public=True, max_age=DAY)
def exercise_tile(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The small figure of the revision that stands; its number renews the address."""
    revision = Revision.objects.public().filter(exercise__slug=slug).first()
    if revision is None:
        raise Http404
    return HttpResponse(tile_alone(revision=revision), content_type="image/svg+xml")


@require_safe
@cache_control(public=True, max_age=DAY)
def library_picture(request: HttpRequest, language: str) -> HttpResponse:
    """The picture of the index."""
    ladder = Ladder.objects.filter(clinic=None).prefetch_related("steps__exercise").first()
    if ladder is None or language not in LANGUAGES:
        raise Http404
    with translation.override(language):
        picture = card_of_library(rungs(ladder, Revision.objects.public()), language)
    return HttpResponse(picture, content_type="image/png")


@require_safe
@cache_control(public=True, max_age=DAY)
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """Every public page in every language."""
    return of_pages(request, {"pages": PublicPages})


@require_safe
@cache_control(public=True, max_age=DAY)
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines read the public library and nothing else."""
    open_paths = ["/$", index_path(), settings.STATIC_URL]
    pages = request.build_absolute_uri(reverse("sitemap"))
    lines = ["User-agent: *", *(f"Allow: {path}" for path in open_paths), "Disallow: /"]
    lines += ["", f"Sitemap: {pages}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
