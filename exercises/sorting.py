"""The question that sorts readers by what they came for; each answer leads somewhere."""

from django.conf import settings
from django.urls import reverse

from exercises import shipped

PLACES = {
    "sign-in": "account_login",
    "exercises": "exercises:exercise-list",
    "demo": "demo-people",
}


def readers(language: str, guide: str = "") -> list[dict[str, str]]:
    """Who may be reading: key, label, answer, link and its address.

    `guide` is the path of the page whose parts the answers lead to, the page itself by default.
    """
    found = []
    for row in shipped.read("guide")["sorting"]:
        kind = row | row.get("in_demo", {}) if settings.DEMO else row
        found.append({"key": row["key"], "href": _address(kind["goes_to"], guide)} | kind[language])
    return found


def _address(to: str, guide: str) -> str:
    return reverse(PLACES[to]) if to in PLACES else f"{guide}#{to}"
