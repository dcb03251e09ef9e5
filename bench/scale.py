"""Queue, patient's page and list of patients in a clinic of any size: statements, rows, time.

Rows read are the sum over every node of every plan of the request (actual rows and those removed,
times loops), sign-in and role included, as the app's role with row security on.
"""

import json
import re
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from bench import crowd, people
from bench.browser import Browser, Visit
from desk.queries import PAGE as LINES
from desk.reading import RECENT, SESSIONS
from desk.waiting import KINDS, ORDERS, PAGE, Place, Wanted, page_sql, page_values
from patients.models import CaseloadRow
from programs.models import (
    CheckIn,
    Decision,
    DoseVersion,
    PainReport,
    QueueRow,
    Session,
    SessionReport,
    SetLog,
)

MOST = 3  # rows read for each row of a page
REMOVED = ("Filter", "Join Filter", "Index Recheck")
VISITS = 9
SOUGHT = ("crowd", "c", "39595", "nobody")  # everybody, everybody, one, nobody
READS = re.compile(r"\s*(select\s+(?!set_config)|with\s)", re.IGNORECASE)


@dataclass
class Reading:
    """What one request read, by statement."""

    rows: list[tuple[float, str]] = field(default_factory=list)

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        if READS.match(str(sql)):
            cursor = context["cursor"].cursor
            cursor.execute(f"explain (analyze, format json) {sql}", params)
            self.rows.append((rows_of(cursor.fetchone()[0][0]["Plan"]), " ".join(sql.split())))
        return execute(sql, params, many, context)

    @property
    def total(self) -> int:
        return round(sum(rows for rows, _sql in self.rows))


def rows_of(node: Mapping[str, Any]) -> float:
    """Rows of a plan's node and of all below it."""
    removed = sum(node.get(f"Rows Removed by {why}", 0) for why in REMOVED)
    here = (node["Actual Rows"] + removed) * node["Actual Loops"]
    return float(here) + sum(map(rows_of, node.get("Plans", ())))


@contextmanager
def reading() -> Iterator[Reading]:
    """Explain each statement that reads, beside running it."""
    found = Reading()
    with connection.execute_wrapper(found):
        yield found


@dataclass(frozen=True)
class Cost:
    """A page as it was measured; `page`: how many rows make it up."""

    name: str
    queries: int
    rows: int
    ms: float
    page: int
    by_statement: list[tuple[float, str]]

    @property
    def ratio(self) -> float:
        return round(self.rows / self.page, 2)

    def line(self) -> str:
        return (
            f"{self.name:44}{self.queries:8}{self.rows:8}{self.page:6}{self.ratio:7.2f}"
            f"{self.ms:8.1f} ms"
        )


def measure(name: str, visit: Callable[[], Visit], page: int) -> Cost:
    """Visit a page, some times for its time and once for what it reads."""
    visits = [visit() for _ in range(VISITS)]
    if visits[-1].response.status_code != 200:
        raise RuntimeError(f"{name} answered {visits[-1].response.status_code}")
    with reading() as found:
        visit()
    return Cost(
        name,
        max(len(visit.tally) for visit in visits[1:]),
        found.total,
        1000 * statistics.median(visit.seconds for visit in visits),
        page,
        found.rows,
    )


def choices(practice: people.Practice) -> Iterator[tuple[str, Wanted]]:
    """Every filter and order, at its first page, the fiftieth and the last."""
    for order in ORDERS:
        for kind in ("", *KINDS):
            wanted = Wanted(kind=kind, order=order)
            for number, after in _places(practice, wanted).items():
                name = f"{kind or 'all'}, {order}, page {number}"
                yield name, wanted._replace(after=after)
    yield "skipped", Wanted(skipped=True)


def _places(practice: people.Practice, wanted: Wanted) -> dict[int, Place | None]:
    """Where these pages begin; of a short queue those that it has."""
    values = page_values(practice.clinician, wanted)
    every = page_sql(wanted).rpartition(" limit ")[0]
    kind = {"kind": wanted.kind} if wanted.kind else {}
    rows = QueueRow.objects.filter(user_id=practice.user.id, skipped=wanted.skipped, **kind)
    with practice.scope(), connection.cursor() as cursor:
        last = max(1, -(-rows.count() // PAGE))
        found: dict[int, Place | None] = {1: None}
        for number in {min(50, last), last} - {1}:
            cursor.execute(f"{every} offset {PAGE * (number - 1) - 1} limit 1", values)
            signal, rank, _kind, since, *_rest = cursor.fetchone()
            found[number] = Place(rank, since, signal)
    return dict(sorted(found.items()))


def queue(desk: Browser, practice: people.Practice) -> list[Cost]:
    """Every page of the decisions that is asked for."""
    address = reverse("desk:caseload")
    found = []
    for name, wanted in choices(practice):
        visit = partial(desk.get, f"{address}?{urlencode(wanted.address(after=wanted.after))}")
        found.append(measure(name, visit, PAGE))
    return found


def patient_list(desk: Browser, practice: people.Practice) -> list[Cost]:
    """The caseload by name, at its first page, the fiftieth and the last; searches in it."""
    address, found = reverse("desk:patient-list"), []
    for number, after in _last_before(practice).items():
        visit = partial(desk.get, f"{address}?after={after}" if after else address)
        found.append(measure(f"patients, page {number}", visit, LINES))
    form = desk.get(address).form("desk:patient-list")
    if form is None:
        raise RuntimeError("no search on the list")
    for name in SOUGHT:
        found.append(measure(f"search for {name}", partial(desk.submit, form, name=name), LINES))
    return found


def _last_before(practice: people.Practice) -> dict[int, UUID | None]:
    """The patients behind whom these pages begin; of a short list those that it has."""
    rows = CaseloadRow.objects.filter(user_id=practice.user.id, key=F("name"))
    with practice.scope():
        ids = list(rows.order_by("name", "patient_id").values_list("patient_id", flat=True))
    last = max(1, -(-len(ids) // LINES))
    pages = sorted({1, min(50, last), last})
    return {number: ids[LINES * (number - 1) - 1] if number > 1 else None for number in pages}


def shown_of(practice: people.Practice, lived: people.Trainee) -> int:
    """How many rows a patient's page shows, each once, of what holds.

    Every session and its three answers (marks of the chart), every dose (its lines), the sets of
    the sessions in the table, the newest decisions. Sets that only count are not among them, nor
    what was corrected.
    """
    with practice.scope():
        sessions = Session.objects.filter(program=lived.program)
        answered = [
            model._default_manager.filter(session__in=sessions).values("session").distinct()
            for model in (PainReport, SessionReport, CheckIn)
        ]
        table = sessions.order_by("-local_date", "-slot")[:SESSIONS]
        shown = [
            sessions,
            *answered,
            DoseVersion.objects.filter(prescription__program=lived.program),
            SetLog.objects.filter(session__in=[each.id for each in table]),
            Decision.objects.filter(program=lived.program)[:RECENT],
        ]
        return sum(each.count() for each in shown)


def run(*, patients: int) -> int:
    """Make the clinic, measure, print a table and the JSON; 1 where a page reads too much."""
    began = time.perf_counter()
    practice = people.open_practice(timezone.now())
    lived, model = people.weeks_behind(practice), people.others(practice, 1)[0]
    crowd.fill(practice, model, patients)
    print(f"{patients} patients, made in {time.perf_counter() - began:.0f} s")
    desk = Browser(practice.user)
    pages = queue(desk, practice)
    page = reverse("desk:patient-detail", args=[lived.patient.id])
    patient = measure("patient page", partial(desk.get, page), shown_of(practice, lived))
    lists = patient_list(desk, practice)
    print(*(each.line() for each in (*pages, patient, *lists)), sep="\n")
    dearest = [max(them, key=lambda each: each.rows) for them in (pages, lists)]
    for each in (*dearest, patient):
        print(
            f"\n{each.name}",
            *(f"{rows:8.0f}  {sql[:110]}" for rows, sql in each.by_statement),
            sep="\n",
        )
    print(f"{time.perf_counter() - began:.0f} s in all")
    told = {"queue": _told(pages), "patient": _told([patient]), "list": _told(lists)}
    print(json.dumps({"patients": patients} | told))
    return int(any(each.ratio > MOST for each in (*pages, patient)))


def _told(pages: list[Cost]) -> dict[str, float]:
    """The dearest of these pages in each respect."""
    rows = max(each.rows for each in pages)
    return {
        "queries": max(each.queries for each in pages),
        "rows_read": rows,
        "page": pages[0].page,
        "ratio": round(rows / pages[0].page, 2),
        "ms": round(statistics.median(each.ms for each in pages), 1),
    }
