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
    """Narrows a list by one value; `way` is how a revision has it: among several, or alone."""

    group: str
    way = "contains"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return sorted(shipped.choices(self.group, page_language()), key=itemgetter(1))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not (key := self.value()):
            return queryset
        return queryset.filter(**{f"{self.parameter_name}__{self.way}": [key]})


class MuscleFilter(FactFilter):
    title, parameter_name, group = _("muscles"), "muscles", "muscles"


class EquipmentFilter(FactFilter):
    title, parameter_name, group = _("equipment"), "equipment", "equipment"


class LevelFilter(FactFilter):
    title, parameter_name, group, way = _("level"), "level", "levels", "in"


class PostureFilter(FactFilter):
    title, parameter_name, group, way = _("position"), "posture", "postures", "in"
