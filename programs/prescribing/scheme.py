"""A template's scheme in print: its source, its sets and its tables, for the prescribing page."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from programs.decisions.saying.tables import Grid, plan_rows, requires_words, rule_tables
from programs.prescribing.sentences import note_words, source_where, source_words
from programs.prescribing.virtual import first_state
from programs.progression import PlannedSet, Ruleset, planned_sets
from programs.progression.types import Step
from programs.tables import Row, table
from programs.wording import load_words

KEPT = 256


@dataclass(frozen=True, slots=True)
class Scheme:
    """What a clinician must know of the rules beside their sentences."""

    source: str
    where: str
    note: str
    in_clinic: str
    plan: SafeString
    tables: SafeString
    numbers: tuple[str, ...]


def scheme(ruleset: Ruleset, step: Step | None) -> Scheme:
    """The scheme of a ruleset on the step that it starts at; kept, since it says the same."""
    return _scheme(ruleset.version, step, get_language() or "", _Hidden(ruleset))


class _Hidden:
    """A ruleset that is told apart by its version alone."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hidden)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=KEPT)
def _scheme(_version: str, step: Step | None, _language: str, hidden: _Hidden) -> Scheme:
    ruleset = hidden.ruleset
    grids = rule_tables(ruleset.raw)
    return Scheme(
        source=source_words(ruleset.raw),
        where=source_where(ruleset.raw),
        note=note_words(ruleset.raw),
        in_clinic=requires_words(ruleset.raw),
        plan=_plan(ruleset, step),
        tables=mark_safe("".join(map(_grid, grids))),  # noqa: S308 (escaped in programs.tables)
        numbers=tuple(dict.fromkeys(name for grid in grids for name in grid.numbers)),
    )


def _plan(ruleset: Ruleset, step: Step | None) -> SafeString:
    """The sets of the first session, where they differ from each other."""
    if step is None or not ruleset.plan:
        return SafeString("")
    state = first_state((step,), 0)
    sets = planned_sets(ruleset, state, "left")
    said = plan_rows(ruleset.raw, len(sets))
    heads = (gettext("set"), gettext("reps"), gettext("load"), gettext("how"))
    rows = (
        Row(each.number, (_reps(each), _load(each), row.load))
        for each, row in zip(sets, said, strict=False)
    )
    return table("numbers sets", heads, rows)


def _reps(planned: PlannedSet) -> str:
    if planned.max_reps:
        return gettext("most possible, aim %(reps)s") % {"reps": planned.reps}
    return str(planned.reps)


def _load(planned: PlannedSet) -> str:
    return "–" if planned.load_g is None else load_words(Decimal(planned.load_g) / 1000)


def _grid(grid: Grid) -> SafeString:
    rows = (Row(first, rest) for first, *rest in grid.rows)
    return table("numbers", grid.heads, rows)
