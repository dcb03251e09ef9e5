"""The public pages for search engines: each in each language."""

from datetime import datetime

from django.utils.functional import cached_property

from accounts.typed import Sitemap
from exercises.addresses import exercise_path, in_language, index_path
from exercises.models import Revision, page_language
from exercises.schema import LANGUAGES


class PublicPages(Sitemap):
    """The index and every exercise that anyone may read, by their paths."""

    i18n = alternates = x_default = True
    languages = list(LANGUAGES)

    @cached_property
    def changed(self) -> dict[str, datetime | None]:
        """When each page was published; the index changes with the newest of them."""
        rows = Revision.objects.public().order_by("exercise__slug")
        found = dict(rows.values_list("exercise__slug", "published_at"))
        newest = max(filter(None, found.values()), default=None)
        return {index_path(): newest} | {exercise_path(slug): at for slug, at in found.items()}

    def items(self) -> list[str]:
        return list(self.changed)

    def location(self, item: str) -> str:
        return in_language(item, page_language())

    def lastmod(self, item: str) -> datetime | None:
        return self.changed[item]
