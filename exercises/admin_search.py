"""How the editor's lists are searched and narrowed: as the library is everywhere."""

from operator import itemgetter
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from exercises import shipped
from exercises.finding import Asked, find_revisions
from exercises.models import page_language

MOST = 1000  # rows that a search shows


class FoundByWords:
    """The search box looks as the library's own search does, over drafts too; `way` leads there."""

    search_fields: list[str] | tuple[str, ...] = ("pk",)  # so that there is a box
    way = ""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        asked = Asked(search_term)
        if not asked.plain:
            return queryset, False
        ids, _every = find_revisions(asked, scope="newest", most=MOST)
        return queryset.filter(**{f"{self.way}__in": ids}), False


class FactFilter(SimpleListFilter):
    """Narrows a list by one value that a revision's array holds."""

    group: str

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        keys = shipped.read("vocabulary")[self.group]
        return sorted(((key, self._called(key)) for key in keys), key=itemgetter(1))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not (key := self.value()):
            return queryset
        return queryset.filter(**{f"{self.parameter_name}__contains": [key]})

    def _called(self, key: str) -> str:
        return shipped.words(self.group, key, page_language())


class MuscleFilter(FactFilter):
    title, parameter_name, group = _("muscles"), "muscles", "muscles"


class EquipmentFilter(FactFilter):
    title, parameter_name, group = _("equipment"), "equipment", "equipment"


class OneFactFilter(FactFilter):
    """Narrows a list by the one value that a revision has."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return (
            queryset.filter(**{f"{self.parameter_name}": key})
            if (key := self.value())
            else queryset
        )


class LevelFilter(OneFactFilter):
    title, parameter_name, group = _("level"), "level", "levels"


class PostureFilter(OneFactFilter):
    title, parameter_name, group = _("position"), "posture", "postures"
