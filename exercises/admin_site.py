"""The library's editor: Django's admin with the library's models in it and nothing else."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.roles import Actor, Role

type Models = type[Model] | Iterable[type[Model]]


class LibraryAdminSite(AdminSite):
    """Open to library admins and operators; other apps' models are not let in."""

    site_header = site_title = _("Flexion library")
    index_title = _("Exercises, ladders and references")
    site_url = "/exercises/"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return is_library_person(request)

    def register(self, model_or_iterable: Models, *args: Any, **options: Any) -> None:
        """Register models of the library; whatever else asks for the default site stays out."""
        one = isinstance(model_or_iterable, type)
        models: Iterable[type[Model]] = [model_or_iterable] if one else model_or_iterable  # type: ignore[assignment,list-item]  # told apart by `one`
        ours = [model for model in models if model._meta.app_label == "exercises"]
        super().register(ours, *args, **options)


def is_library_person(request: HttpRequest) -> bool:
    """Whether this person, as they act now, may edit the library."""
    actor = getattr(request, "actor", None)
    if actor is not None:
        return bool(actor.role == Role.LIBRARY_ADMIN)
    return bool(request.user.is_active and getattr(request.user, "is_staff", False))


def actor_of(request: HttpRequest) -> Actor | None:
    return getattr(request, "actor", None)


class ForLibraryPeople:
    """Permissions by role instead of Django's own; nothing is deleted here."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_library_person(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_library_person(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_library_person(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_library_person(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LibraryModelAdmin(ForLibraryPeople, ModelAdmin):  # type: ignore[type-arg]  # no generic at run time
    """A model's pages in the editor."""
