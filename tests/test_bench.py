"""The bench's own rules: what is on its list, what it counts, and when it fails."""

import gzip
import json
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse

from bench import budgets
from bench.browser import Visit
from bench.budgets import BUDGETS, Figures
from bench.counting import Tally, counted
from bench.weighing import weigh, zipped


def measured(name: str, **changed: Any) -> Figures:
    """A page well within every budget, with changes."""
    fine: dict[str, Any] = {
        "name": name,
        "seconds": [0.002],
        "reference": [0.001],
        "statements": ["select 1"],
        "settings": 2,
        "gzip_bytes": 20_000,
    }
    return Figures(**fine | changed)


def all_fine(**changed: Any) -> list[Figures]:
    """Every page of the list; the one that `name` says with changes."""
    name = changed.pop("name", "")
    return [measured(each.name, **(changed if each.name == name else {})) for each in BUDGETS]


def test_the_list_is_the_one_that_was_agreed() -> None:
    assert [each.name for each in BUDGETS] == [
        "caseload",
        "prescribe GET",
        "prescribe POST",
        "patient page",
        "approve",
        "today",
        "session",
        "log set",
        "end session",
        "check-in",
        "check-in POST",
        "progress",
        "decision",
        "guide",
    ]


def test_the_budgets_are_the_ones_that_were_agreed() -> None:
    held = {each.name: (each.queries, each.ratio, each.gzip_bytes) for each in BUDGETS}
    assert held["log set"] == (10, 4, None)
    assert held["end session"] == held["approve"] == held["prescribe POST"] == (16, 8, None)
    assert held["today"] == held["session"] == (10, 4, 35_000)
    assert held["progress"] == (10, 4, 40_000)


def test_a_run_within_all_budgets_passes() -> None:
    assert budgets.verdict(all_fine()) == 0


@pytest.mark.parametrize(
    "beyond",
    [
        {"name": "log set", "statements": ["select 1"] * 11},
        {"name": "end session", "statements": ["select 1"] * 17},
        {"name": "today", "gzip_bytes": 35_001},
        {"name": "progress", "gzip_bytes": 40_001},
        {"name": "session", "css": 5_001},
        {"name": "session", "js": 6_001},
        {"name": "caseload", "css": 8_001},
    ],
)
def test_queries_or_bytes_beyond_a_budget_fail(beyond: dict[str, Any]) -> None:
    found = all_fine(**beyond)
    assert budgets.verdict(found) == 1
    assert [line.split()[0] for line in budgets.table(found) if "*" in line] == [
        beyond["name"].split()[0]
    ]


def test_a_missing_page_fails_by_name() -> None:
    found = all_fine()[1:]
    assert budgets.verdict(found) == 1
    assert budgets.missing(found) == ["caseload"]
    assert "missing *" in "\n".join(budgets.table(found))


def test_a_slow_page_is_marked_and_fails_nothing() -> None:
    found = all_fine(name="today", seconds=[0.5])
    assert budgets.verdict(found) == 0
    assert next(line for line in budgets.table(found) if "*" in line).startswith("today")


def test_the_last_line_is_for_machines() -> None:
    pages = json.loads(budgets.as_json(all_fine()))["pages"]
    assert len(pages) == len(BUDGETS)
    assert pages[0] == {
        "name": "caseload",
        "kind": "desk",
        "queries": 1,
        "ratio": 2.0,
        "ms": 2.0,
        "gzip_bytes": 20_000,
    }


@pytest.mark.django_db
def test_the_frame_of_a_transaction_is_not_counted() -> None:
    with counted() as tally, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('app.user', '', true)")
        cursor.execute("select 1")
    assert tally.statements == ["select 1"]
    assert tally.settings == 1


def test_a_statement_that_only_starts_alike_is_counted() -> None:
    tally = Tally()
    for statement in ("BEGIN", "RELEASE SAVEPOINT x", "ROLLBACK TO SAVEPOINT x", "select now()"):
        tally.add(statement)
    assert tally.statements == ["ROLLBACK TO SAVEPOINT x", "select now()"]


def test_a_first_visit_weighs_the_page_and_all_it_fetches_once() -> None:
    files = {
        "/static/a.css": b"b { background: url('b.svg') }",
        "/static/b.svg": b"<svg/>",
        "/static/js/a.js": b"import { x } from './x.js'; import('./wanted.js')",
        "/static/js/x.js": b"export const x = 1",
        "/static/vendor/big.js": b"import './not-followed.js'",
        "/static/icons.svg": b"<svg></svg>",
    }
    page = b"""<link rel="icon" href="/static/no.svg"><link rel="stylesheet" href="/static/a.css">
        <script src="/static/js/a.js"></script><script src="/static/vendor/big.js"></script>
        <template><link rel="stylesheet" href="/static/wanted.css"></template>
        <use href="/static/icons.svg#a"/><use href="/static/icons.svg#b"/><use href="#here"/>"""
    weight = weigh(page, files.__getitem__)
    assert weight.files == {name: zipped(content) for name, content in files.items()}
    assert weight.total == zipped(page) + sum(weight.files.values())
    assert weight.of(".js") == sum(zipped(files[f"/static/js/{name}.js"]) for name in "ax")


def test_bytes_are_those_of_gzip_9() -> None:
    content = b"a long and plain page " * 100
    assert zipped(content) == len(gzip.compress(content, 9, mtime=0))


def test_a_form_is_sent_as_a_browser_would() -> None:
    page = """<form method="post" action="/sign-in/"><input name="a" value="1">
        <input type="checkbox" name="b" value="2" checked><input type="checkbox" name="b" value="3">
        <select name="c"><option value="4">x</option><option value="5" selected>y</option></select>
        <textarea name="d">six</textarea><button name="e" value="7">go</button></form>"""
    form = Visit(HttpResponse(page), 0, Tally()).form("account_login")
    assert form
    assert form.fields == [("a", "1"), ("b", "2"), ("c", "5"), ("d", "six")]
    assert form.buttons == [("e", "7")]
