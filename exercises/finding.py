"""Finding exercises by words and by facts: one way for the editor, prescribing and the pages.

Words are looked for in both languages: all of them in the names and muscles first, then, where that
finds few, anywhere; where nothing has them all, words that are written nearly so.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from accounts.database import IN_SCOPE
from exercises.entries import STEMMING, SearchEntry, SearchWord
from exercises.models import Revision
from exercises.schema import LANGUAGES
from exercises.shipped import words as words_for

MOST_WORDS = 8  # of what is typed
FEW = 24  # by name; where there are fewer, what else is said counts too
ENOUGH = 500  # of a kind: which of more words that most have come first, nobody can tell
FACTS = ("muscle", "equipment", "level", "posture")
FAR = 1000  # letters: longer than any name, for what has the words in its muscles
ALIKE = 3  # words that a slip may have been meant to be

type Scope = Literal["public", "prescribing", "newest"]

_ASKED = " || ".join(f"to_tsquery('{config}', %(lexemes)s)" for config in STEMMING)
_MEANT = "(select to_tsquery('simple', m.lexemes) from meant m)"
_HERE = f"(clinic_id is null or {IN_SCOPE})"
_IN_SCOPE: dict[Scope, str] = {
    "public": "state = 'published' and clinic_id is null",
    "prescribing": f"""state = 'published' and {_HERE}
        and exercise_id = any(array(select s.exercise_id from exercises_ladderstep s))""",
    "newest": f"newest and {_HERE}",
}


def _hits(tier: str, scope: Scope, condition: str) -> str:
    return f"""
        select revision_id, {tier} as tier, title,
            length(title) + {FAR} * (not title like all(%(likes)s::text[]))::int as far
        from exercises_searchentry
        where {_IN_SCOPE[scope]} and facts @> %(facts)s::varchar[] and {condition}"""


def matches(scope: Scope) -> str:
    """The tables of a statement that end in `found`: revision_id, tier, title, far.

    The best have the lowest tier and then the lowest `far`; of each tier at most ENOUGH. Takes
    what `told` gives.
    """
    return f"""
    by_name as materialized (
        {_hits("0", scope, f"named @@ ({_ASKED})")}
        limit {ENOUGH}
    ), by_word as materialized (
        {_hits("1", scope, f"said @@ ({_ASKED}) and not named @@ ({_ASKED})")}
        and (select count(*) from by_name) < least(%(most)s, {FEW}) limit {ENOUGH}
    ), meant as materialized (
        select string_agg(alike.word, ' & ' order by typed.n) as lexemes
        from unnest(%(plain)s::text[]) with ordinality typed(word, n), lateral (
            select '(' || string_agg(best.word || ':*', ' | ') || ')' as word from (
                select s.word from exercises_searchword s where s.word %% typed.word
                order by similarity(s.word, typed.word) desc, s.word limit {ALIKE}) best) alike
        where not exists (select from by_name) and not exists (select from by_word)
        having count(alike.word) = cardinality(%(plain)s::text[])
    ), by_likeness as materialized (
        {_hits(f"case when named @@ {_MEANT} then 2 else 3 end", scope, f"said @@ {_MEANT}")}
        limit {ENOUGH}
    ), found as (
        table by_name union all table by_word union all table by_likeness)"""


_BY_FACTS = {
    scope: f"""
    select revision_id, count(*) over () from ({_hits("0", scope, "true")}) found
    order by title limit %(most)s"""
    for scope in _IN_SCOPE
}
_BY_WORDS = {
    scope: f"""
    with {matches(scope)}
    select revision_id, count(*) over () from found
    order by tier, far, title limit %(most)s"""
    for scope in _IN_SCOPE
}


@dataclass(frozen=True)
class Asked:
    """What is looked for; facts by their keys in the vocabulary, empty where any will do."""

    words: str = ""
    muscle: str = ""
    equipment: str = ""
    level: str = ""
    posture: str = ""

    def __bool__(self) -> bool:
        return any(asdict(self).values())

    @property
    def plain(self) -> list[str]:
        """The words in folded letters."""
        return _plain(folded(self.words))[:MOST_WORDS]

    @property
    def told(self) -> dict[str, Any]:
        """What `matches` takes: the last letters of a word may be missing."""
        lexemes = " & ".join(f"{word}:*" for word in self.plain)
        chosen = {name: value for name, value in asdict(self).items() if name in FACTS and value}
        facts = [f"{name}:{value}" for name, value in chosen.items()]
        likes = [f"%{word}%" for word in self.plain]
        return {"plain": self.plain, "lexemes": lexemes, "likes": likes, "facts": facts}


def find_revisions(asked: Asked, *, scope: Scope, most: int) -> tuple[list[UUID], int]:
    """The ids of those that match, best first and at most so many, and how many there are."""
    sql = _BY_WORDS[scope] if asked.plain else _BY_FACTS[scope]
    with connection.cursor() as cursor:  # planned for these words: a plan for any reads every row
        cursor.execute(sql, asked.told | {"most": most})
        found = cursor.fetchall()
    return [row[0] for row in found], found[0][1] if found else 0


def index_revisions(*revisions: Revision) -> None:
    """Keep what the search looks through in step with these."""
    entries = [
        SearchEntry(
            revision=row,
            exercise_id=row.exercise_id,
            clinic_id=row.clinic_id,
            state=row.state,
            facts=_facts(row),
            title=_title(row),
            names=_names(row),
            words=_words(row),
        )
        for row in revisions
    ]
    SearchEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["revision"],
        update_fields=["facts", "title", "names", "words"],
    )
    words = {word for entry in entries for word in _plain(entry.words) if 2 < len(word) <= 40}
    SearchWord.objects.bulk_create(map(SearchWord, sorted(words)), ignore_conflicts=True)


def _plain(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def folded(text: str) -> str:
    """Small letters without accents."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def _facts(revision: Revision) -> list[str]:
    held = (revision.muscles, revision.equipment, [revision.level], [revision.posture])
    return [f"{name}:{key}" for name, keys in zip(FACTS, held, strict=True) for key in keys if key]


def _title(revision: Revision) -> str:
    named = (revision.body.get(language, {}).get("name", "") for language in LANGUAGES)
    return folded(" ".join(filter(None, named)))


def _names(revision: Revision) -> str:
    muscles = map(folded, _called("muscles", revision.muscles))
    return " ".join([_title(revision), *muscles])


def _words(revision: Revision) -> str:
    facts = _called("equipment", revision.equipment)
    return " ".join([_names(revision), *map(folded, [*facts, *_lines(revision.body)])])


def _called(group: str, keys: list[str]) -> list[str]:
    return [words_for(group, key, language) for key in keys for language in LANGUAGES]


def _lines(value: Any) -> Iterator[str]:
    """Every text of a JSON value but the kinds of steps."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            if name != "kind":
                yield from _lines(each)
    elif isinstance(value, list):
        for each in value:
            yield from _lines(each)
