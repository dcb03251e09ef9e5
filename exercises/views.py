"""The public library: an index of the ladder, and a guide page an exercise."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from exercises.guide import Guide
from exercises.models import Ladder, LadderStep, Revision, page_language
from exercises.rungs import rungs
from exercises.schema import LANGUAGES

type View = Callable[..., HttpResponse]


def in_language(view: View) -> View:
    """Honour `?lang=en` or `es`, so that each language of a public page has an address."""

    @wraps(view)
    def inner(request: HttpRequest, **kwargs: str) -> HttpResponse:
        asked = request.GET.get("lang")
        if asked not in LANGUAGES:
            return view(request, **kwargs)
        with translation.override(asked):
            request.LANGUAGE_CODE = asked
            return view(request, **kwargs)

    return inner


@require_safe
@in_language
def exercise_list(request: HttpRequest) -> HttpResponse:
    """Every exercise on its ladder, easier to harder."""
    ladders = Ladder.objects.filter(clinic=None).prefetch_related("steps__exercise")
    standing = Revision.objects.public()
    context = {"ladders": [(ladder, rungs(ladder, standing)) for ladder in ladders]}
    return render(request, "exercises/list.html", context)


@require_safe
@in_language
def exercise_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The guide of one exercise."""
    revision = Revision.objects.public().filter(exercise__slug=slug).first()
    if revision is None:
        raise Http404
    steps = LadderStep.objects.filter(exercise=revision.exercise_id, clinic=None)
    guide = Guide(
        revision=revision,
        beside=Revision.objects.for_page(revision.beside),
        step=steps.order_by("position").first(),
        language=page_language(),
    )
    return render(request, "exercises/detail.html", {"guide": guide})
