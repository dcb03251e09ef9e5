"""Editing and reviewing a revision: each step is a service, and only a draft changes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.requests import AnyRequest
from exercises import services
from exercises.admin_search import (
    EquipmentFilter,
    FoundByWords,
    LevelFilter,
    MuscleFilter,
    PostureFilter,
)
from exercises.admin_site import LibraryModelAdmin, acting, is_editor
from exercises.comparing import compared, facts_of
from exercises.editing import fieldsets_of
from exercises.forms import FigureForm, RevisionForm
from exercises.guide import guide_of
from exercises.models import Exercise, Revision, page_language
from exercises.pairs import pairs
from exercises.pictures import photo, sketch
from exercises.review_form import ReturnForm, ReviewForm
from exercises.reviewing import Panel, history
from exercises.schema import LANGUAGES, BodyFault, FigureSpec
from exercises.showing import patient_screen

State = Revision.State
SOON = timedelta(days=60)
STEPS: dict[str, Callable[..., Revision]] = {  # by the value of the button
    "draft": services.start_draft,
    "submit": services.submit_revision,
    "review": services.review_revision,
    "return": services.return_revision,
    "publish": services.publish_revision,
    "retire": services.retire_revision,
}
FORMS: dict[str, type[ReviewForm | ReturnForm]] = {"review": ReviewForm, "return": ReturnForm}


class ReviewDue(admin.SimpleListFilter):
    """What stands and waits to be looked at again."""

    title = _("next review")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("now", _("due now")),
            ("soon", _("due in 60 days")),
            ("never", _("never reviewed")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return None
        if self.value() == "never":
            return queryset.never_reviewed()
        today = timezone.localdate()
        return queryset.due_by(today + SOON if self.value() == "soon" else today)


def _for_each(step: str, words: Any) -> Any:
    """An action: this step with each revision that is chosen, the rest where one can't take it."""

    @admin.action(description=words, permissions=["add"])
    def take(editor: "RevisionAdmin", request: HttpRequest, rows: QuerySet[Revision]) -> None:
        for row in rows.select_related("exercise"):
            editor.take(request, row, step)

    take.__name__ = step
    return take


class RevisionAdmin(FoundByWords, LibraryModelAdmin):
    """A draft is edited; each revision has its steps, difference, preview and history."""

    form = RevisionForm
    list_display = (
        "exercise", "number", "state", "reviewer_name", "review_due_on", "published_at",
    )  # fmt: skip
    list_filter = ("state", ReviewDue, MuscleFilter, EquipmentFilter, LevelFilter, PostureFilter)
    list_select_related = ("exercise",)
    way = "exercise__revisions"
    actions = (
        _for_each("draft", _("Draft the next revision from the chosen ones")),
        _for_each("submit", _("Ask for review of the chosen drafts")),
        _for_each("publish", _("Publish the chosen, reviewed revisions")),
        _for_each("retire", _("Retire the chosen published revisions")),
    )
    readonly_fields = ("preview", "drawn", "words", "facts", "photo_shown")

    class Media:
        css = {"all": ("css/figure.css", "css/review.css", "css/editor.css")}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_editor(request) and (obj is None or obj.state == State.DRAFT)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **given: Any) -> Any:
        if db_field.name == "exercise":
            given["queryset"] = Exercise.objects.filter(clinic=acting(request).library)
        return super().formfield_for_foreignkey(db_field, request, **given)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if self.has_change_permission(request, obj):
            return fieldsets_of(acting(request).library)
        return ((None, {"fields": ("exercise", "drawn", "photo_shown", "words", "facts")}),)

    def get_urls(self) -> Any:
        views = {"step": self.step, "difference": self.difference, "look": self.look}
        own = [
            path(f"<path:object_id>/{name}/", self.admin_site.admin_view(view), name=_name(name))
            for name, view in views.items()
        ]
        figure = path("figure/", self.admin_site.admin_view(self.figure), name=_name("figure"))
        return [figure, *own, *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by, at = acting(request), timezone.now()
        made = form.cleaned_data["photo"]
        added = services.add_picture(made=made, by=by, at=at) if made else None
        saved = services.draft_revision(
            exercise=form.cleaned_data["exercise"], content=form.content(added), by=by, at=at
        )
        obj.__dict__.update(saved.__dict__)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        context["panel"] = Panel(obj, acting(request), timezone.localdate()) if obj else None
        return super().render_change_form(request, context, add, change, form_url, obj)

    def step(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One step on the way: what the button's value names. Without one, back to the revision."""
        row = self._row(request, object_id)
        if request.method != "POST":
            return redirect("admin:exercises_revision_change", row.pk)
        name = request.POST.get("step", "")
        if name not in STEPS:
            raise Http404
        done = self.take(request, row, name)
        return redirect("admin:exercises_revision_change", (done or row).pk)

    def difference(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """This revision beside another of the exercise: the one named, or what stands."""
        row = self._row(request, object_id)
        others = list(row.exercise.revisions.exclude(pk=row.pk).order_by("-number"))
        found = _beside(row, others, request.GET.get("with", ""))
        context = {
            "revision": row,
            "others": others,
            "comparison": compared(found, row) if found else None,
        }
        return self._page(request, "difference", gettext("What differs"), context)

    def look(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page as the public will read it, or its patient; or what a draft lacks for that."""
        row = self._row(request, object_id)
        asked = request.GET.get("lang")
        language = asked if asked in LANGUAGES else LANGUAGES[0]
        if lacks := services.faults_of(services.content_of(row)):
            context = {"revision": row, "lacks": lacks}
            return self._page(request, "lacking", gettext("Not whole yet"), context)
        with translation.override(language):
            if request.GET.get("as") == "patient":
                return patient_screen(request, row)
            guide = guide_of(row, language)
            return TemplateResponse(request, "exercises/detail.html", {"guide": guide}).render()

    def figure(self, request: AnyRequest) -> HttpResponse:
        """The figure as the fields of a form say it, saved or not; nothing of it is kept."""
        form = FigureForm(request.POST or None)
        spec = form.spec() if form.is_valid() else {}
        context = {"picture": sketch(FigureSpec(**spec)) if spec else None}
        if request.htmx:
            return render(request, "admin/exercises/revision/figure.html#drawn", context)
        return self._page(request, "figure", gettext("Figure"), context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self._row(request, object_id)
        context = {"revision": row, "history": history(row)}
        return self._page(request, "history", gettext("History"), context)

    @admin.display(description=_("figure"))
    def preview(self, row: Revision) -> SafeString:
        """The figure as it is kept, and the way to see it as the fields say."""
        return _figure(row, figure_url=reverse("admin:exercises_revision_figure"))

    @admin.display(description=_("figure"))
    def drawn(self, row: Revision) -> SafeString:
        return _figure(row)

    @admin.display(description=_("your own picture"))
    def photo_shown(self, row: Revision) -> SafeString | str:
        shown = photo(figure=row.figure, language=page_language())
        return render_to_string("exercises/_photo.html", {"photo": shown}) if shown else "-"

    @admin.display(description=_("words by language"))
    def words(self, row: Revision) -> SafeString:
        context = {"pairs": pairs(row), "languages": settings.LANGUAGES}
        return render_to_string("admin/exercises/revision/_words.html", context)

    @admin.display(description=_("facts"))
    def facts(self, row: Revision) -> SafeString:
        context = {"facts": facts_of(row)}
        return render_to_string("admin/exercises/revision/_facts.html", context)

    def _row(self, request: HttpRequest, object_id: str) -> Revision:
        row: Revision | None = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return row

    def take(self, request: HttpRequest, row: Revision, step: str) -> Revision | None:
        """Take this step, and say what came of it; None where it can't be taken."""
        who = {"revision": row, "by": acting(request), "at": timezone.now()}
        try:
            done = STEPS[step](**who, **_given(step, request))
        except (services.NotPossible, BodyFault) as fault:
            self.message_user(request, f"{row}: {fault}", messages.ERROR)
            return None
        self.message_user(request, f"{done}: {done.get_state_display()}", messages.SUCCESS)
        return done

    def _page(
        self, request: HttpRequest, name: str, title: str, context: dict[str, Any]
    ) -> HttpResponse:
        shared = self.admin_site.each_context(request) | {"title": title, "opts": self.opts}
        template = f"admin/exercises/revision/{name}.html"
        return TemplateResponse(request, template, shared | {"media": self.media} | context)


def _figure(row: Revision, **more: str) -> SafeString:
    context = {"picture": sketch(row.figure_spec) if row.figure else None, **more}
    return render_to_string("admin/exercises/revision/_preview.html", context)


def _name(view: str) -> str:
    return f"exercises_revision_{view}"


def _beside(row: Revision, others: list[Revision], asked: str) -> Revision | None:
    """The revision of this number; else what stands, else the one before."""
    named = [each for each in others if str(each.number) == asked]
    stands = [each for each in others if each.state == State.PUBLISHED]
    before = [each for each in others if each.number < row.number]
    return next(iter((*named, *stands, *before)), None)


def _given(step: str, request: HttpRequest) -> dict[str, Any]:
    """What the person filled in for this step. Raises NotPossible where something is wrong."""
    if step not in FORMS:
        return {}
    form = FORMS[step](request.POST)
    if not form.is_valid():
        told = (f"{form[name].label}: {each.as_text()}" for name, each in form.errors.items())
        raise services.NotPossible(" ".join(told))
    return form.given()
