"""The tables and the plan of a ruleset, as rows of words: what follows what, and by how much."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from programs.decisions.saying.amounts import number, with_unit
from programs.decisions.saying.numbers import Node, Numbers, exact
from programs.progression.types import Audience

STATUS: dict[str, Any] = {
    "default": gettext_lazy("Flexion's own"),
    "secondary": gettext_lazy("known from texts that cite it"),
    "derived": gettext_lazy("derived, not published as such"),
    "unverified": gettext_lazy("not verified"),
    "read": gettext_lazy("read in the source"),
}
DOUBTFUL = ("derived", "unverified")
FOLLOWED: dict[str, Any] = {
    "reps": gettext_lazy("reps of the set before"),
    "effort": gettext_lazy("effort of the set before"),
}
MINUS = "\u2212"


class Grid(NamedTuple):
    """A small table. `numbers`: parameters that say where between two values a change lies."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[str, ...] = ()


class PlannedRow(NamedTuple):
    """One set of a plan that differs from the dose."""

    set: str
    reps: str
    load: str


def rule_tables(ruleset: Mapping[str, Any]) -> tuple[Grid, ...]:
    """Every table of a ruleset once, in the order of their first use."""
    voice, seen = Numbers(ruleset, "clinician"), set[str]()
    found = []
    for node, of in _tables(ruleset, voice):
        key = json.dumps([node["table"], of])
        if key not in seen:
            seen.add(key)
            found.append(_grid(node, of))
    return tuple(found)


def _tables(ruleset: Mapping[str, Any], voice: Numbers) -> Iterator[tuple[Node, str]]:
    if "follow" in ruleset:
        yield ruleset["follow"], str(FOLLOWED[ruleset["follow"]["fact"]])
    for part in ("definitions", "rules"):
        for node in _inside(ruleset.get(part, ())):
            yield node, voice.number(node["of"]).text


def _inside(node: Any) -> Iterator[Node]:
    """Tables anywhere in a tree."""
    if isinstance(node, Mapping):
        if "table" in node and "of" in node:
            yield node
        node = list(node.values())
    if isinstance(node, list | tuple):
        for each in node:
            yield from _inside(each)


def _grid(node: Node, of: str) -> Grid:
    kg, lb = node["table"], node.get("lb", [])
    in_lb = {(row["from"], row.get("to")): row for row in lb}
    doubt = any(row.get("status") for row in (*kg, *lb))
    heads = [of[:1].upper() + of[1:], "kg" if lb else _("change")]
    heads += ["lb"] if lb else []
    heads += [_("checked")] if doubt else []
    rows = [_row(row, in_lb, lb=bool(lb), doubt=doubt) for row in kg]
    between = tuple(
        node[key]["param"]
        for key in ("more", "less")
        if isinstance(node.get(key), Mapping) and "param" in node[key]
    )
    return Grid(_("By the table: %(of)s") % {"of": of}, tuple(heads), tuple(rows), between)


def _row(row: Node, in_lb: Mapping[Any, Node], *, lb: bool, doubt: bool) -> tuple[str, ...]:
    low, high = row["from"], row.get("to")
    other = in_lb.get((low, high), {})
    cells = [span(low, high), given(row["give"])]
    cells += [given(other["give"]) if other else "–"] if lb else []
    return (*cells, *([_checked(row, other)] if doubt else []))


def _checked(row: Node, other: Node) -> str:
    """How well a row was checked, by unit where the two differ."""
    one, two = row.get("status", ""), other.get("status", "")
    if not other or one == two:
        return str(STATUS.get(one, ""))
    if one in DOUBTFUL:
        return _("%(unit)s: %(status)s") % {"unit": "kg", "status": STATUS[one]}
    return _("%(unit)s: %(status)s") % {"unit": "lb", "status": STATUS[two]}


def span(low: Any, high: Any) -> str:
    """ "3 to 4", "8", "11 or more"."""
    first = number(exact(low))
    if high is None:
        return pgettext("row of a table", "%(low)s or more") % {"low": first}
    if low == high:
        return first
    last = number(exact(high))
    return pgettext("row of a table", "%(low)s to %(high)s") % {"low": first, "high": last}


def given(change: Any) -> str:
    """A change with its sign; of a pair the smaller and the larger."""
    if isinstance(change, list):
        low, high = (_signed(each) for each in change)
        return pgettext("row of a table", "%(low)s to %(high)s") % {"low": low, "high": high}
    return _signed(change)


def _signed(value: Any) -> str:
    said = number(abs(exact(value)))
    return said if not value else f"{'+' if value > 0 else MINUS}{said}"


def plan_rows(ruleset: Mapping[str, Any], sets: int) -> tuple[PlannedRow, ...]:
    """The first sets of the plan, as they are written; none where all sets are the dose's."""
    voice = Numbers(ruleset, "clinician")
    return tuple(
        PlannedRow(str(place), _reps(voice, row), _load(voice, row, place))
        for place, row in enumerate(ruleset.get("plan", ())[:sets], 1)
    )


def _reps(voice: Numbers, row: Node) -> str:
    if "reps" not in row:
        said = _("as in the dose")
    else:
        said = with_unit(voice.number(row["reps"]), "reps")
    if row.get("max"):
        return _("as many as possible, aim %(reps)s") % {"reps": said}
    return said


def _load(voice: Numbers, row: Node, place: int) -> str:
    if "follows" in row:
        return _("set %(set)s follows set %(before)s, by the table") % {
            "set": place,
            "before": row["follows"],
        }
    percent = voice.number(row["percent"]).text if "percent" in row else number(exact(100))
    return _("%(n)s percent of the load") % {"n": percent}


def requires_words(ruleset: Mapping[str, Any], audience: Audience = "clinician") -> str:
    """Where the test set is done, if that is not left open."""
    if not ruleset.get("requires", {}).get("in_clinic"):
        return ""
    if audience == "patient":
        return _("The test set is done in the clinic only.")
    return _("Test set only in the clinic.")
