"""The words of a revision for reading: each part in every language beside each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from exercises.differences import PARTS
from exercises.models import Revision
from exercises.schema import LANGUAGES, LINES
from exercises.stale import shown_before, stale_parts, stale_steps
from exercises.step_form import KINDS


@dataclass(frozen=True, slots=True)
class Pair:
    """A part or a step; its `texts` are in the order of LANGUAGES, empty where there is none."""

    label: str
    texts: list[str]
    lags: bool = False


def pairs(revision: Revision) -> list[Pair]:
    """Every part that some language has, in the order of a page; each step has a row of its own."""
    before = shown_before(revision)
    lags = stale_parts(before.body, revision.body) if before else set()
    found: list[Pair] = []
    for part, label in PARTS.items():
        if part == "steps":
            found += _steps(revision, before)
            continue
        texts = [_text(revision, language, part) for language in LANGUAGES]
        late = any(f"{part}_{language}" in lags for language in LANGUAGES)
        found += [Pair(str(label), texts, late)] if any(texts) else []
    return found


def _text(revision: Revision, language: str, part: str) -> str:
    told = revision.body.get(language, {}).get(part) or ""
    return told if part in LINES else "\n".join(told)


def _steps(revision: Revision, before: Revision | None) -> list[Pair]:
    columns = [revision.body.get(language, {}).get("steps", []) for language in LANGUAGES]
    lags = stale_steps(before.body, revision.body) if before else []
    rows = list(zip_longest(*columns))
    late = lags + [False] * (len(rows) - len(lags))
    return [
        _step(number, row, lag) for number, (row, lag) in enumerate(zip(rows, late, strict=True), 1)
    ]


def _step(number: int, row: Sequence[Mapping[str, str] | None], lags: bool) -> Pair:
    kind = next(step["kind"] for step in row if step)
    texts = [f"{step['lead']} {step['text']}".strip() if step else "" for step in row]
    return Pair(f"{number}. {dict(KINDS)[kind]}", texts, lags)
