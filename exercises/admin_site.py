"""The library's editor: Django's admin with the library's models in it and nothing else."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.roles import LIBRARY_ROLES, Actor, Role
from accounts.typed import BaseModelAdmin, ModelAdmin

type Models = type[Model] | Iterable[type[Model]]


class LibraryAdminSite(AdminSite):
    """Open to library admins and reviewers; other apps' models are not let in."""

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


def actor_of(request: HttpRequest) -> Actor | None:
    return getattr(request, "actor", None)


def acting(request: HttpRequest) -> Actor:
    """Who acts; whoever edits or reviews has a name."""
    actor = actor_of(request)
    if actor is None:
        raise PermissionDenied
    return actor


def is_library_person(request: HttpRequest) -> bool:
    """Whether this person, as they act now, may look at their library."""
    actor = actor_of(request)
    return actor is not None and actor.role in LIBRARY_ROLES


def is_editor(request: HttpRequest) -> bool:
    """Whether this person, as they act now, may write in their library."""
    actor = actor_of(request)
    return actor is not None and actor.role == Role.LIBRARY_ADMIN


class ForLibraryPeople(BaseModelAdmin):
    """Permissions by role instead of Django's own: reviewers look, nobody deletes.

    What belongs to a library (`whose` names its clinic's field) is shown to its own people alone:
    the shipped one to those of no clinic, a clinic's own to that clinic's.
    """

    whose = "clinic"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_library_person(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_library_person(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_editor(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_editor(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.filter(**{self.whose: acting(request).library}) if self.whose else rows


class ForThePlatform(ForLibraryPeople):
    """What there is once for all clinics: those of no clinic write it."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_editor(request) and acting(request).library is None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_editor(request) and acting(request).library is None


class LibraryModelAdmin(ForLibraryPeople, ModelAdmin):
    """A model's pages in the editor."""
