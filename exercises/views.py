"""The public library: an index of the ladder, and a guide page an exercise."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from exercises.addresses import exercise_path, place_of
from exercises.cards import about_library
from exercises.finding import find_revisions
from exercises.guide import guide_of
from exercises.models import Ladder, Revision, page_language
from exercises.rungs import found_rungs, rungs
from exercises.schema import LANGUAGES
from exercises.search_form import SearchForm
from exercises.sorting import readers
from exercises.structured import as_json, data_of_guide, data_of_library

MOST = 24  # exercises found, on one page

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
    """Every exercise on its ladder, easier to harder; or those that were asked for."""
    form = SearchForm(request.GET)
    context: dict[str, Any] = {"form": form, "about": about_library()}
    if asked := form.asked:
        ids, every = find_revisions(asked, scope="public", most=MOST)
        context |= {"found": found_rungs(ids), "left": every - len(ids)}
        return render(request, "exercises/list.html", context)
    ladders = Ladder.objects.filter(clinic=None).prefetch_related("steps__exercise")
    standing = Revision.objects.public()
    shown = [(ladder, rungs(ladder, standing)) for ladder in ladders]
    place = place_of(request, reverse("exercises:library-picture", args=[page_language()]))
    ways = [way for _, way in shown]
    data = as_json(data_of_library(ways, place, gettext("Exercises"), about_library()))
    context |= {"ladders": shown, "place": place, "data": data}
    first = next((rung.revision.exercise.slug for way in ways for rung in way), None)
    context["sorting"] = readers(page_language(), exercise_path(first)) if first else []
    return render(request, "exercises/list.html", context)


@require_safe
@in_language
def exercise_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The guide of one exercise."""
    revision = Revision.objects.public().filter(exercise__slug=slug).first()
    if revision is None:
        raise Http404
    guide = guide_of(revision, page_language())
    picture = [slug, revision.number, guide.language]
    place = place_of(request, reverse("exercises:exercise-picture", args=picture))
    context = {"guide": guide, "place": place, "data": as_json(data_of_guide(guide, place))}
    return render(request, "exercises/detail.html", context)
