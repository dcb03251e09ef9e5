"""Where a public page stands on the web, in each of its languages."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from exercises.models import page_language
from exercises.schema import LANGUAGES

LOCALES = {"en": "en_US", "es": "es_LA"}  # as Open Graph writes them


@dataclass(frozen=True)
class Place:
    """A page's addresses; `picture` is the path of the one that stands beside links to it."""

    site: str
    path: str
    language: str
    picture: str

    @property
    def address(self) -> str:
        """The one address of this page in this language."""
        return self.address_in(self.language)

    def address_in(self, language: str) -> str:
        return self.full(in_language(self.path, language))

    def full(self, path: str) -> str:
        """The path with the site before it."""
        return self.site + path

    @property
    def picture_address(self) -> str:
        return self.full(self.picture)

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Each language of the page with its address; without one of them, English."""
        known = [(language, self.address_in(language)) for language in LANGUAGES]
        return [*known, ("x-default", self.address_in(LANGUAGES[0]))]

    @property
    def locale(self) -> str:
        return LOCALES[self.language]

    @property
    def other_locales(self) -> list[str]:
        return [name for language, name in LOCALES.items() if language != self.language]


def place_of(request: HttpRequest, picture: str) -> Place:
    """The place of the page that is being made."""
    site = request.build_absolute_uri("/").rstrip("/")
    return Place(site, request.path, page_language(), picture)


def in_language(path: str, language: str) -> str:
    """The address of a public page in this language, which the page honours."""
    return f"{path}?lang={language}"


def index_path() -> str:
    return reverse("exercises:exercise-list")


def exercise_path(slug: str) -> str:
    return reverse("exercises:exercise-detail", args=[slug])
