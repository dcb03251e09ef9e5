"""Editing the library: exercises, ladders and references; revisions are in revision_admin."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.typed import StackedInline
from exercises import services
from exercises.admin_search import FoundByWords
from exercises.admin_site import (
    ForLibraryPeople,
    ForThePlatform,
    LibraryModelAdmin,
    acting,
    is_editor,
)
from exercises.dose_form import ROWS, RungForm
from exercises.import_admin import LibraryImportAdmin
from exercises.importing.native import WRITERS
from exercises.importing.resource import ExerciseResource
from exercises.models import Exercise, Ladder, LadderStep, LibraryImport, Reference, Revision
from exercises.revision_admin import RevisionAdmin
from exercises.translated import LadderForm, ReferenceForm, sides

State = Revision.State
admin.site.register(LibraryImport, LibraryImportAdmin)
admin.site.register(Revision, RevisionAdmin)


class RowAdmin(LibraryModelAdmin):
    """A row that changes in place, kept by the service that notes who did it.

    `written` are its fields for whoever may write, `read` for everybody else.
    """

    written: tuple[Any, ...] = ()
    read: tuple[str, ...] = ()

    class Media:
        css = {"all": ("css/editor.css",)}

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.written if self.has_change_permission(request, obj) else self.read

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by = acting(request)
        if not change and self.whose:
            obj.clinic_id = by.library
        services.keep_row(row=obj, by=by)


@admin.register(Exercise)
class ExerciseAdmin(FoundByWords, RowAdmin):
    list_display = ("slug", "standing", "drafted")
    written = read = ("slug",)
    way = "revisions"
    change_list_template = "admin/exercises/exercise/change_list.html"

    def get_urls(self) -> Any:
        export = self.admin_site.admin_view(self.export)
        return [path("export/", export, name="exercises_exercise_export"), *super().get_urls()]

    def export(self, request: HttpRequest) -> HttpResponse:
        """Every exercise in its newest revision as a file, by `?format=csv` or json."""
        asked = request.GET.get("format", "json")
        by = acting(request)
        if asked not in WRITERS or by.library:
            raise Http404
        rows = ExerciseResource(by=by, at=timezone.now()).written()
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
        return _numbers(row, State.DRAFT, State.REVIEW)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("revisions")


@admin.register(Reference)
class ReferenceAdmin(ForThePlatform, RowAdmin):
    whose = ""
    form = ReferenceForm
    list_display = ("citation", "doi")
    written, read = ("key", "citation", "doi", sides("note")), ("key", "citation", "doi", "note")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("key",) if obj else ()


class LadderStepInline(ForLibraryPeople, StackedInline):
    model = LadderStep
    form = RungForm
    extra = 0

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = ("key", "exercise", "laterality", "equipment", "position")
        return (own, *ROWS) if is_editor(request) else (own, ("entry", "bounds"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_editor(request)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **given: Any) -> Any:
        """A clinic's ladder leads to its own exercises and to the shipped ones."""
        if db_field.name == "exercise":
            given["queryset"] = Exercise.objects.filter(
                Q(clinic=None) | Q(clinic=acting(request).library)
            )
        return super().formfield_for_foreignkey(db_field, request, **given)


@admin.register(Ladder)
class LadderAdmin(RowAdmin):
    list_display = ("__str__", "slug")
    form = LadderForm
    written, read = ("slug", sides("title"), sides("note")), ("slug", "title", "note")

    inlines = (LadderStepInline,)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        kept = formset.save(commit=False)
        for row in formset.deleted_objects:
            services.drop_step(step=row, by=acting(request))
        for row in kept:
            row.clinic_id = form.instance.clinic_id
            services.keep_row(row=row, by=acting(request))
        formset.save_m2m()


def _numbers(row: Exercise, *states: str) -> str:
    found = [str(each.number) for each in row.revisions.all() if each.state in states]
    return ", ".join(found) or "-"
