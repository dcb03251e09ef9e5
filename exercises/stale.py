"""Which translations lag: the first language changed since what was shown last, this one didn't."""

from collections.abc import Mapping
from typing import Any

from exercises.models import Revision
from exercises.querysets import OPEN
from exercises.schema import LANGUAGES, LINES, LISTS

FIRST, *OTHERS = LANGUAGES

type Body = Mapping[str, Mapping[str, Any]]


def shown_before(revision: Revision) -> Revision | None:
    """The revision of the exercise that people read before this one."""
    earlier = revision.exercise.revisions.filter(number__lt=revision.number)
    return earlier.exclude(state__in=OPEN).order_by("-number").first()


def stale_parts(before: Body, now: Body) -> set[str]:
    """Fields (part and language) whose part changed in the first language alone."""
    return {
        f"{part}_{language}"
        for part in (*LINES, *LISTS)
        for language in OTHERS
        if _words(now, language, part)
        and _words(before, FIRST, part) != _words(now, FIRST, part)
        and _words(before, language, part) == _words(now, language, part)
    }


def stale_steps(before: Body, now: Body) -> list[bool]:
    """The same for each step, wherever it stood before; for the languages that have steps."""
    old, new = _steps(before), _steps(now)
    same = [[step in there for step in here] for there, here in zip(old, new, strict=True)]
    return [not first and any(others) for first, *others in zip(*same, strict=False)]


def _steps(body: Body) -> list[list[tuple[str, str]]]:
    """The words of the steps by language; of what kind a step is, is no matter of translation."""
    rows = [body.get(language, {}).get("steps", []) for language in LANGUAGES]
    return [[(step["lead"], step["text"]) for step in steps] for steps in rows]


def _words(body: Body, language: str, part: str) -> Any:
    return body.get(language, {}).get(part)
