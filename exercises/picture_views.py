"""Pictures of exercises: those beside links, small figures, and a clinic's own."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.requests import AnyRequest
from exercises.cards import card_of_guide, card_of_library
from exercises.guide import guide_of
from exercises.models import Ladder, Picture, Revision
from exercises.pictures import tile_alone
from exercises.rungs import rungs
from exercises.schema import LANGUAGES

DAY, YEAR = 24 * 3600, 365 * 24 * 3600
FOR_A_YEAR = f"max-age={YEAR}, immutable"  # it never changes


@require_safe
def exercise_picture(request: HttpRequest, slug: str, number: int, language: str) -> HttpResponse:
    """The picture of a revision, which never changes; of one that stands no more, the newest."""
    revision = Revision.objects.public().filter(exercise__slug=slug).first()
    if revision is None or language not in LANGUAGES:
        raise Http404
    if revision.number != number:
        return redirect("exercises:exercise-picture", slug, revision.number, language)
    picture = card_of_guide(guide_of(revision, language))
    headers = {"Cache-Control": f"public, {FOR_A_YEAR}"}
    return HttpResponse(picture, content_type="image/png", headers=headers)


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
def own_picture(request: AnyRequest, picture_id: UUID) -> HttpResponse:
    """A clinic's own picture, to that clinic's people alone. It never changes."""
    clinic = request.actor.clinic_id if request.actor else None
    row = get_object_or_404(Picture, pk=picture_id, clinic_id=clinic)
    headers = {"Cache-Control": f"private, {FOR_A_YEAR}"}
    try:
        with row.file.open() as file:
            return HttpResponse(file.read(), content_type="image/webp", headers=headers)
    except FileNotFoundError as gone:
        raise Http404 from gone
