"""The fixed list of pages with their budgets, and what a run says about them."""

import json
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

KB = 1000
PATIENT_CSS, DESK_CSS, OWN_JS = 5 * KB, 8 * KB, 6 * KB


@dataclass(frozen=True)
class Budget:
    """What one page may cost. `kind`: desk, patient or public for a page, write for a form.

    `ratio` is against the reference view; `gzip_bytes` of a first visit, None where not held.
    """

    name: str
    kind: str
    queries: int = 10
    ratio: float = 4
    gzip_bytes: int | None = None


def _page(name: str, kind: str, size: int | None = None) -> Budget:
    return Budget(name, kind, gzip_bytes=size)


def _decision(name: str) -> Budget:
    return Budget(name, "write", queries=16, ratio=8)


BUDGETS = (
    _page("caseload", "desk"),
    _page("prescribe GET", "desk"),
    _decision("prescribe POST"),
    _page("patient page", "desk"),
    _decision("approve"),
    _page("today", "patient", 35 * KB),
    _page("session", "patient", 35 * KB),
    Budget("log set", "write"),
    _decision("end session"),
    _page("check-in", "patient", 35 * KB),
    _decision("check-in POST"),
    _page("progress", "patient", 40 * KB),
    _page("decision", "patient", 35 * KB),
    _page("guide", "public", 35 * KB),
)


@dataclass(frozen=True)
class Figures:
    """One page as measured: seconds each, statements of its costliest run, bytes gzipped."""

    name: str
    seconds: Sequence[float]
    reference: Sequence[float]
    statements: Sequence[str]
    settings: int
    gzip_bytes: int
    css: int = 0
    js: int = 0

    @property
    def ms(self) -> float:
        return 1000 * statistics.median(self.seconds)

    @property
    def ratio(self) -> float:
        return statistics.median(self.seconds) / statistics.median(self.reference)


def hard_faults(budget: Budget, found: Figures) -> list[str]:
    """What is beyond a budget that fails the run: queries and bytes."""
    css = {"desk": DESK_CSS, "patient": PATIENT_CSS, "public": PATIENT_CSS}.get(budget.kind)
    held = (
        ("queries", len(found.statements), budget.queries),
        ("gzip_bytes", found.gzip_bytes, budget.gzip_bytes),
        ("css", found.css, css),
        ("js", found.js, OWN_JS if budget.kind == "patient" else None),
    )
    return [name for name, value, most in held if most is not None and value > most]


def missing(found: Sequence[Figures]) -> list[str]:
    """Names of the fixed list that were not measured."""
    measured = {each.name for each in found}
    return [budget.name for budget in BUDGETS if budget.name not in measured]


def verdict(found: Sequence[Figures]) -> int:
    """Exit code: 1 for a page beyond its queries or bytes, or one that is missing. Time is told."""
    by_name = {each.name: each for each in found}
    beyond = [hard_faults(each, by_name[each.name]) for each in BUDGETS if each.name in by_name]
    return int(any(beyond) or bool(missing(found)))


def table(found: Sequence[Figures]) -> Iterator[str]:
    """The lines of the table; a * marks each figure beyond its budget."""
    heads = ("page", "kind", "queries", "set_config", "ratio", "ms", "ref ms", "runs")
    yield _line(*heads, "gzip bytes", "css", "own js")
    by_name = {each.name: each for each in found}
    for budget in BUDGETS:
        if each := by_name.get(budget.name):
            yield _row(budget, each)
        else:
            yield _line(budget.name, budget.kind, "missing *")


def _row(budget: Budget, each: Figures) -> str:
    beyond = set(hard_faults(budget, each)) | ({"ratio"} if each.ratio > budget.ratio else set())

    def said(name: str, value: str, most: float | None) -> str:
        return value + (f"/{most:g}" if most else "") + (" *" if name in beyond else "")

    return _line(
        budget.name,
        budget.kind,
        said("queries", str(len(each.statements)), budget.queries),
        str(each.settings),
        said("ratio", f"{each.ratio:.1f}", budget.ratio),
        f"{each.ms:.1f}",
        f"{1000 * statistics.median(each.reference):.1f}",
        str(len(each.seconds)),
        said("gzip_bytes", str(each.gzip_bytes), budget.gzip_bytes),
        said("css", str(each.css or "-"), None),
        said("js", str(each.js or "-"), None),
    )


def _line(*cells: str) -> str:
    widths = (15, 8, 9, 10, 9, 7, 6, 5, 15, 7, 7)
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=False))
    return " ".join(padded).rstrip()


def as_json(found: Sequence[Figures]) -> str:
    """The last line: for whoever compares runs."""
    kinds = {budget.name: budget.kind for budget in BUDGETS}
    pages = [
        {
            "name": each.name,
            "kind": kinds[each.name],
            "queries": len(each.statements),
            "ratio": round(each.ratio, 2),
            "ms": round(each.ms, 2),
            "gzip_bytes": each.gzip_bytes,
        }
        for each in found
    ]
    return json.dumps({"pages": pages})
