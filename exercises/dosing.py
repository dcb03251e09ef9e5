"""How an exercise was dosed in studies, as far as the library knows, and what that doesn't tell.

Facts of published work stand in content/dosing.json, each with its source and whether that was
read itself; `where` names the traits of the revisions that a row speaks of, none means all.
"""

from dataclasses import dataclass
from typing import Any

from exercises import shipped
from exercises.models import Revision

UNKNOWN = "none"  # the row for exercises of which no other row tells a dose


@dataclass(frozen=True)
class Study:
    """What one source tells, and its limit; `checked` is read, secondary, or nothing to check."""

    key: str
    title: str
    text: str
    checked: str
    sources: list[dict[str, str]]
    limit: str = ""


def studies_of(revision: Revision, language: str) -> list[Study]:
    """What sources tell of this exercise's dose, and plainly so where none does."""
    traits = _traits(revision)
    rows = [row for row in shipped.read("dosing") if not row["where"] or traits & {*row["where"]}]
    known = any(row["dose"] for row in rows)
    return [_study(row, language) for row in rows if not (known and row["key"] == UNKNOWN)]


def _traits(revision: Revision) -> set[str]:
    spec = revision.figure_spec
    drawn = {"band": spec.band, "weight": spec.weight}
    return {
        f"pose:{spec.pose}",
        *(name for name, there in drawn.items() if there),
        *(f"equipment:{key}" for key in revision.equipment),
        *(f"reference:{source['key']}" for source in revision.sources),
    }


def _study(row: dict[str, Any], language: str) -> Study:
    return Study(row["key"], checked=row["checked"], sources=row["sources"], **row[language])
