"""Editing and reviewing a revision: each step is a service, and only a draft changes."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Actor
from exercises import services
from exercises.admin_site import ForLibraryPeople, actor_of, is_library_person
from exercises.comparing import compared
from exercises.forms import RevisionForm
from exercises.guide import guide_of
from exercises.models import Revision
from exercises.pictures import thumbnail
from exercises.review_form import ReturnForm, ReviewForm
from exercises.reviewing import Panel, history
from exercises.schema import LANGUAGES, BodyFault, in_order

State = Revision.State
SOON = timedelta(days=60)
FACTS = ("equipment", "muscles", "level", "posture", "beside", "sources", "origin", "licence")


def acting(request: HttpRequest) -> Actor:
    """Who acts; whoever edits or reviews has a name."""
    actor = actor_of(request)
    if actor is None:
        raise PermissionDenied
    return actor


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

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Revision]
    ) -> QuerySet[Revision] | None:
        if not self.value():
            return None
        today: date = timezone.localdate()
        until = today + SOON if self.value() == "soon" else today
        due = Q(review_due_on=None) if self.value() == "never" else Q(review_due_on__lte=until)
        return queryset.filter(due, state=State.PUBLISHED).order_by("review_due_on")


class RevisionAdmin(ForLibraryPeople, admin.ModelAdmin):  # type: ignore[type-arg]  # no generic at run time
    """A draft is edited; each revision has its steps, difference, preview and history."""

    form = RevisionForm
    list_display = (
        "exercise", "number", "state", "reviewer_name", "review_due_on", "published_at",
    )  # fmt: skip
    list_filter = ("state", ReviewDue, "resisted")
    list_select_related = ("exercise",)
    search_fields = ("exercise__slug",)
    actions = ("start_draft", "submit", "publish", "retire")
    readonly_fields = ("preview", "words")
    fieldsets = (
        (None, {"fields": ("exercise", "preview")}),
        (_("Words"), {"fields": ("body_en", "body_es")}),
        (_("Figure"), {"fields": ("pose", "range_deg", "band", "weight")}),
        (
            _("Facts"),
            {"fields": ("resisted", *FACTS[:5], "cited", "origin", "licence")},
        ),
    )

    class Media:
        css = {"all": ("css/figure.css", "css/library.css", "css/review.css")}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_library_person(request) and (obj is None or obj.state == State.DRAFT)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None or obj.state == State.DRAFT:
            return self.fieldsets
        return ((None, {"fields": ("exercise", "preview", "words", "figure", "resisted", *FACTS)}),)

    def get_urls(self) -> Any:
        views = {"step": self.step, "difference": self.difference, "look": self.look}
        own = [
            path(f"<path:object_id>/{name}/", self.admin_site.admin_view(view), name=_name(name))
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        saved = services.draft_revision(
            exercise=form.cleaned_data["exercise"],
            content=form.content(),
            by=acting(request),
            at=timezone.now(),
        )
        obj.__dict__.update(saved.__dict__)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id) if object_id else None
        panel = Panel(row, acting(request), timezone.localdate()) if row else None
        return super().changeform_view(request, object_id, form_url, {"panel": panel})

    def step(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One step on the way: what the button's value names. Without one, back to the revision."""
        row = self._row(request, object_id)
        if request.method != "POST":
            return redirect("admin:exercises_revision_change", row.pk)
        steps: dict[str, Callable[[HttpRequest, Revision], Revision]] = {
            "submit": _submit,
            "review": _review,
            "return": _return,
            "publish": _publish,
            "retire": _retire,
            "draft": _draft,
        }
        taken = steps.get(request.POST.get("step", ""))
        if taken is None:
            raise Http404
        done = self._try(request, row, lambda: taken(request, row))
        return redirect("admin:exercises_revision_change", (done or row).pk)

    def difference(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """This revision beside another of the exercise: the one named, or what stands."""
        row = self._row(request, object_id)
        others = row.exercise.revisions.exclude(pk=row.pk).order_by("-number")
        asked = request.GET.get("with", "")
        stands = others.filter(state=State.PUBLISHED) | others.filter(number__lt=row.number)
        old = (
            others.filter(number=asked)
            if asked.isdecimal()
            else stands.order_by("state", "-number")
        )
        found = old.first()
        context = {
            "revision": row,
            "others": others,
            "comparison": compared(found, row) if found else None,
        }
        return self._page(request, "difference", gettext("What differs"), context)

    def look(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page as the public will read it; or what a draft still lacks for that."""
        row = self._row(request, object_id)
        asked = request.GET.get("lang")
        language = asked if asked in LANGUAGES else LANGUAGES[0]
        if lacks := services.faults_of(services.content_of(row)):
            context = {"revision": row, "lacks": lacks}
            return self._page(request, "lacking", gettext("Not whole yet"), context)
        with translation.override(language):
            guide = guide_of(row, language)
            return TemplateResponse(request, "exercises/detail.html", {"guide": guide}).render()

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self._row(request, object_id)
        context = {"revision": row, "history": history(row)}
        return self._page(request, "history", gettext("History"), context)

    @admin.display(description=_("figure"))
    def preview(self, row: Revision) -> SafeString | str:
        if row._state.adding or not row.figure:
            return "-"
        return format_html('<div class="preview">{}</div>', thumbnail(revision=row))

    @admin.display(description=_("words by language"))
    def words(self, row: Revision) -> SafeString:
        shown = {key: in_order(row.body[key]) for key in LANGUAGES if key in row.body}
        return format_html("<pre>{}</pre>", json.dumps(shown, indent=2, ensure_ascii=False))

    @admin.action(description=_("Draft the next revision from the chosen ones"))
    def start_draft(self, request: HttpRequest, rows: QuerySet[Revision]) -> None:
        self._each(request, rows, _draft)

    @admin.action(description=_("Ask for review of the chosen drafts"))
    def submit(self, request: HttpRequest, rows: QuerySet[Revision]) -> None:
        self._each(request, rows, _submit)

    @admin.action(description=_("Publish the chosen, reviewed revisions"))
    def publish(self, request: HttpRequest, rows: QuerySet[Revision]) -> None:
        self._each(request, rows, _publish)

    @admin.action(description=_("Retire the chosen published revisions"))
    def retire(self, request: HttpRequest, rows: QuerySet[Revision]) -> None:
        self._each(request, rows, _retire)

    def _row(self, request: HttpRequest, object_id: str) -> Revision:
        row: Revision | None = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return row

    def _each(
        self,
        request: HttpRequest,
        rows: QuerySet[Revision],
        one: Callable[[HttpRequest, Revision], Revision],
    ) -> None:
        """Do it to each row; say of each what came of it, and do the rest where one can't be."""
        for row in rows.select_related("exercise"):
            self._try(request, row, lambda row=row: one(request, row))  # type: ignore[misc]  # bound now

    def _try(
        self, request: HttpRequest, row: Revision, one: Callable[[], Revision]
    ) -> Revision | None:
        try:
            done = one()
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


def _name(view: str) -> str:
    return f"exercises_revision_{view}"


def _submit(request: HttpRequest, row: Revision) -> Revision:
    return services.submit_revision(revision=row, by=acting(request), at=timezone.now())


def _review(request: HttpRequest, row: Revision) -> Revision:
    form = ReviewForm(request.POST)
    if not form.is_valid():
        told = (f"{form[name].label}: {each.as_text()}" for name, each in form.errors.items())
        raise services.NotPossible(" ".join(told))
    return services.review_revision(
        revision=row, review=form.review(), by=acting(request), at=timezone.now()
    )


def _return(request: HttpRequest, row: Revision) -> Revision:
    form = ReturnForm(request.POST)
    remark = form.cleaned_data["remark"] if form.is_valid() else ""
    return services.return_revision(
        revision=row, remark=remark, by=acting(request), at=timezone.now()
    )


def _publish(request: HttpRequest, row: Revision) -> Revision:
    return services.publish_revision(revision=row, by=acting(request), at=timezone.now())


def _retire(request: HttpRequest, row: Revision) -> Revision:
    return services.retire_revision(revision=row, by=acting(request), at=timezone.now())


def _draft(request: HttpRequest, row: Revision) -> Revision:
    return services.start_draft(revision=row, by=acting(request), at=timezone.now())
