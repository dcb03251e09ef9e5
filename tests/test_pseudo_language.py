"""With every message bracketed, each page is brackets: no text of ours escapes translation."""

import gc
import json
import re
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils.translation.trans_real import DjangoTranslation

from accounts.scope import clinic_scope
from programs.models.prescribing import Template
from tests.actors import signed_in
from tests.lasting import lasting
from tests.test_access import every_view
from tests.world import World, make_world

NAME = "Zyxwvut Canarybird"
OPEN, CLOSE = "⟦", "⟧"
GAP = re.compile(r"(%\(\w+\)[.\d]*[sdf]|%[.\d]*[sdf]|\{[\w.:]*\})")
BRACKETED = re.compile(rf"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
WORD = re.compile(r"[^\W\d_]{3,}")
SPOKEN = ("aria-label", "alt", "placeholder", "title", "data-confirm")
SILENT = {"script", "style", "code", "template"}
# Names of zones, numbers of requests, and what the phone fills in.
UNSPOKEN = re.compile(
    r"\{\w+\}|\b[A-Z][\w-]+/[\w /+-]+|\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b"
)
PROPER = {"Flexion", "English", "Español", "doi", "UTC", "CMS", "CPT"}
FOR_PROGRAMMERS = {"api:docs"}
CONTENT = Path(settings.BASE_DIR) / "exercises" / "content"
CITING = {"references", "dosing"}  # articles bear the name under which they were published


def pseudo(text: str) -> str:
    """Bracket what a message says itself, and leave its gaps outside."""
    text = text.rpartition("\x04")[2]  # a context's mark: the message has no translation
    if OPEN in text or not WORD.search(text):
        return text
    parts = GAP.split(text)
    return "".join(
        part if n % 2 or not part else f"{OPEN}{part}{CLOSE}" for n, part in enumerate(parts)
    )


class Texts(HTMLParser):
    """What a page says: its texts and its spoken attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        self.found += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.found.append(data)


def leaks(page: str, theirs: list[str]) -> set[str]:
    """Texts with words outside brackets that are nobody's own."""
    found = set()
    for text in Texts(BRACKETED.sub(" ", page)).found:
        left = " ".join(text.split())
        for each in theirs:
            left = re.sub(rf"(?<!\w){re.escape(each)}(?!\w)", " ", left) if each in left else left
        left = UNSPOKEN.sub(" ", left)
        if WORD.search(left):
            found.add(left.strip())
    return found


def shipped(part: Any) -> Iterator[str]:
    """Every text of the library that stands in both languages."""
    if isinstance(part, dict) and {"en", "es"} <= part.keys():
        yield from strings([part["en"], part["es"]])
    elif isinstance(part, (dict, list)):
        for each in part.values() if isinstance(part, dict) else part:
            yield from shipped(each)


def strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield " ".join(part.split())
    elif isinstance(part, (dict, list)):
        for each in part.values() if isinstance(part, dict) else part:
            yield from strings(each)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with lasting(django_db_blocker, lambda: make_world(NAME)) as made:
        yield made


def forget_words() -> None:
    """Empty every cache of the process: many keep texts by language."""
    for each in gc.get_objects():
        if type(each) is _lru_cache_wrapper:
            each.cache_clear()


@pytest.fixture
def bracketed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    forget_words()
    for name in ("gettext", "ngettext"):
        said = getattr(DjangoTranslation, name)
        spoken = lambda self, *told, said=said: pseudo(said(self, *told))  # noqa: E731  bound
        monkeypatch.setattr(DjangoTranslation, name, spoken)
    yield
    monkeypatch.undo()
    forget_words()


@pytest.fixture
def theirs(db: None, world: World) -> list[str]:
    """What people wrote, and the library: longest first."""
    own = PROPER | {NAME, *NAME.split(), "canary", world.patient.email, world.clinic.name}
    for user in (world.patient_user, world.clinician_user, world.owner_user):
        own |= {user.email, user.name, *user.name.split()}
    with clinic_scope(world.clinic.id):
        own |= set(strings(list(Template.objects.values_list("name", flat=True))))
    for path in CONTENT.rglob("*.json"):
        content = json.loads(path.read_text())
        own |= set(strings(content) if path.stem in CITING else shipped(content))
    own |= {text[:1].upper() + text[1:] for text in own}
    return sorted(filter(None, own), key=len, reverse=True)


def test_a_plain_text_would_be_found() -> None:
    page = f'<p>Hello {pseudo("five of")} <a title="Away">{pseudo("now")}</a> Ana</p>'
    assert leaks(page, ["Ana"]) == {"Hello", "Away"}


@pytest.mark.django_db
@pytest.mark.usefixtures("bracketed")
@pytest.mark.parametrize("who", ["nobody", "patient_user", "clinician_user", "owner_user"])
def test_no_page_says_anything_untranslated(who: str, world: World, theirs: list[str]) -> None:
    client, found, pages = signed_in(getattr(world, who, None)), {}, 0
    for view in every_view():
        answer = client.get(view.address(world))
        skipped = view.admin or view.name in FOR_PROGRAMMERS
        if skipped or not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        pages += bool(answer.content)
        if plain := leaks(answer.content.decode(), theirs):
            found[view.name] = plain
    assert pages > 10
    assert found == {}, "\n".join(f"{name}: {sorted(texts)}" for name, texts in found.items())
