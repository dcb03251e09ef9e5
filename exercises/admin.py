"""Editing the library. Drafts are saved, published and retired by the services alone."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from exercises import services
from exercises.admin_site import ForLibraryPeople, actor_of, is_library_person
from exercises.forms import RevisionForm
from exercises.import_admin import LibraryImportAdmin
from exercises.importing.native import WRITERS
from exercises.importing.resource import ExerciseResource
from exercises.models import Exercise, Ladder, LadderStep, LibraryImport, Reference, Revision
from exercises.pictures import thumbnail
from exercises.schema import LANGUAGES, BodyFault, in_order

State = Revision.State
admin.site.register(LibraryImport, LibraryImportAdmin)


class RowAdmin(ForLibraryPeople, admin.ModelAdmin):  # type: ignore[type-arg]  # no generic at run time
    """A row that changes in place, kept by the service that notes who did it."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        services.keep_row(row=obj, by=actor_of(request))


@admin.register(Exercise)
class ExerciseAdmin(RowAdmin):
    list_display = ("slug", "standing", "drafted")
    fields = ("slug",)
    search_fields = ("slug",)
    change_list_template = "admin/exercises/exercise/change_list.html"

    def get_urls(self) -> Any:
        export = self.admin_site.admin_view(self.export)
        return [path("export/", export, name="exercises_exercise_export"), *super().get_urls()]

    def export(self, request: HttpRequest) -> HttpResponse:
        """Every exercise in its newest revision as a file, by `?format=csv` or json."""
        asked = request.GET.get("format", "json")
        if asked not in WRITERS:
            raise Http404
        rows = ExerciseResource(by=actor_of(request), at=timezone.now()).written()
        headers = {"Content-Disposition": f'attachment; filename="exercises.{asked}"'}
        kind = "text/csv" if asked == "csv" else "application/json"
        return HttpResponse(WRITERS[asked](rows), content_type=kind, headers=headers)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()

    @admin.display(description=_("published"))
    def standing(self, row: Exercise) -> str:
        return _numbers(row, State.PUBLISHED)

    @admin.display(description=_("draft"))
    def drafted(self, row: Exercise) -> str:
        return _numbers(row, State.DRAFT)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("revisions")


@admin.register(Reference)
class ReferenceAdmin(RowAdmin):
    list_display = ("citation", "doi")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("key",) if obj else ()


class LadderStepInline(ForLibraryPeople, admin.TabularInline):  # type: ignore[type-arg]  # no generic at run time
    model = LadderStep
    exclude = ("clinic",)
    extra = 0

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_library_person(request)


@admin.register(Ladder)
class LadderAdmin(RowAdmin):
    list_display = ("__str__", "slug")
    exclude = ("clinic",)
    inlines = (LadderStepInline,)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        kept = formset.save(commit=False)
        for row in formset.deleted_objects:
            services.drop_step(step=row, by=actor_of(request))
        for row in kept:
            services.keep_row(row=row, by=actor_of(request))
        formset.save_m2m()


@admin.register(Revision)
class RevisionAdmin(ForLibraryPeople, admin.ModelAdmin):  # type: ignore[type-arg]  # no generic at run time
    """Only drafts change. Publishing and retiring are actions of the list."""

    form = RevisionForm
    list_display = ("exercise", "number", "state", "resisted", "reviewer_name", "published_at")
    list_filter = ("state", "resisted")
    list_select_related = ("exercise",)
    search_fields = ("exercise__slug",)
    actions = ("start_draft", "publish", "retire")
    readonly_fields = ("number", "state", "preview", "words")
    fieldsets = (
        (None, {"fields": ("exercise", "number", "state", "preview")}),
        (_("Words"), {"fields": ("body_en", "body_es")}),
        (_("Figure"), {"fields": ("pose", "range_deg", "band", "weight")}),
        (
            _("Facts"),
            {
                "fields": (
                    "resisted",
                    "equipment",
                    "muscles",
                    "level",
                    "posture",
                    "beside",
                    "cited",
                    "origin",
                    "licence",
                )
            },
        ),
        (
            _("Clinical review"),
            {
                "fields": (
                    "reviewer_name",
                    "reviewer_credentials",
                    "reviewer_bio",
                    "reviewer_invented",
                    "reviewed_on",
                    "review_due_on",
                )
            },
        ),
    )

    class Media:
        css = {"all": ("css/figure.css", "css/library.css")}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_library_person(request) and (obj is None or obj.state == State.DRAFT)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None or obj.state == State.DRAFT:
            return self.fieldsets
        shown = ("exercise", "number", "state", "preview", "words", "figure", "resisted")
        facts = (
            "equipment",
            "muscles",
            "level",
            "posture",
            "beside",
            "sources",
            "origin",
            "licence",
        )
        return ((None, {"fields": (*shown, *facts, "reviewer_name", "published_at")}),)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by, at = actor_of(request), timezone.now()
        saved = services.draft_revision(
            exercise=form.cleaned_data["exercise"], content=form.content(), by=by, at=at
        )
        if review := form.review():
            saved = services.review_revision(revision=saved, review=review, by=by, at=at)
        obj.__dict__.update(saved.__dict__)

    @admin.display(description=_("preview"))
    def preview(self, row: Revision) -> SafeString | str:
        if row._state.adding or not row.figure:
            return "-"
        page = reverse("exercises:exercise-detail", args=[row.exercise.slug])
        words = _("Public page")
        return format_html(
            '<div class="preview">{}</div><a href="{}">{}</a>', thumbnail(revision=row), page, words
        )

    @admin.display(description=_("words by language"))
    def words(self, row: Revision) -> SafeString:
        shown = {key: in_order(row.body[key]) for key in LANGUAGES if key in row.body}
        return format_html("<pre>{}</pre>", json.dumps(shown, indent=2, ensure_ascii=False))

    @admin.action(description=_("Draft the next revision from the chosen ones"))
    def start_draft(self, request: HttpRequest, rows: QuerySet[Revision]) -> None:
        def one(row: Revision) -> Revision:
            content = services.content_of(row)
            return services.draft_revision(
                exercise=row.exercise, content=content, by=actor_of(request), at=timezone.now()
            )

        self._each(request, rows, one)

    @admin.action(description=_("Publish the chosen drafts"))
    def publish(self, request: HttpRequest, rows: QuerySet[Revision]) -> None:
        def one(row: Revision) -> Revision:
            return services.publish_revision(revision=row, by=actor_of(request), at=timezone.now())

        self._each(request, rows, one)

    @admin.action(description=_("Retire the chosen published revisions"))
    def retire(self, request: HttpRequest, rows: QuerySet[Revision]) -> None:
        def one(row: Revision) -> Revision:
            return services.retire_revision(revision=row, by=actor_of(request), at=timezone.now())

        self._each(request, rows, one)

    def _each(
        self,
        request: HttpRequest,
        rows: QuerySet[Revision],
        one: Callable[[Revision], Revision],
    ) -> None:
        """Do it to each row; say of each what came of it, and do the rest where one can't be."""
        for row in rows.select_related("exercise"):
            try:
                done = one(row)
            except (services.NotPossible, BodyFault) as fault:
                self.message_user(request, f"{row}: {fault}", messages.ERROR)
            else:
                self.message_user(request, f"{done}: {done.get_state_display()}", messages.SUCCESS)


def _numbers(row: Exercise, state: str) -> str:
    found = [str(revision.number) for revision in row.revisions.all() if revision.state == state]
    return ", ".join(found) or "-"
