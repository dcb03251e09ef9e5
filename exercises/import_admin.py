"""A library's file in the editor: sent and checked, looked at, then taken in with its progress."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from exercises.admin_site import ForThePlatform, LibraryModelAdmin, acting
from exercises.forms import ImportForm
from exercises.importing.uploads import start_import, work_import


class LibraryImportAdmin(ForThePlatform, LibraryModelAdmin):
    """Adding one checks a file; each press on its page takes in the next rows."""

    list_display = ("name", "at", "by", "total", "created", "updated", "unchanged")
    list_select_related = ("by",)
    change_form_template = "admin/exercises/libraryimport/change_form.html"

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any
    ) -> Any:
        if obj is None:
            options["form"] = ImportForm
        return super().get_form(request, obj, change, **options)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("file",) if obj is None else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by, at = acting(request), timezone.now()
        if change:
            saved = work_import(job=obj, by=by, at=at)
        else:
            file = form.cleaned_data["file"]
            saved = start_import(name=file.name, rows=form.rows, by=by, at=at)
        obj.__dict__.update(saved.__dict__)

    def response_add(self, request: HttpRequest, obj: Any, *given: Any) -> HttpResponse:
        return redirect("admin:exercises_libraryimport_change", obj.pk)

    response_change = response_add
