"""Visits every page of the list as its person, each time after (or before) the reference."""

import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import time_machine
from django.urls import reverse
from django.utils import timezone

from bench import budgets, ground, people
from bench.browser import Browser, Visit
from bench.budgets import Figures
from bench.people import DAY, Practice, Trainee
from bench.weighing import weigh, zipped
from programs.models import Decision, Session

REFERENCE = "/reference/"


@dataclass(frozen=True)
class Effort:
    """How much is made before the measuring, and how often each thing is measured."""

    weeks: int = people.WEEKS
    patients: int = people.PATIENTS
    repeats: int = 300
    sessions: int = 24
    assignments: int = 30


QUICK = Effort(patients=4, repeats=3, sessions=3, assignments=3)


class Broken(Exception):
    """A page didn't answer as it should: its figures would mean nothing."""


@dataclass
class Run:
    """The visits to one page and to the reference beside them."""

    name: str
    visits: list[Visit] = field(default_factory=list)
    reference: list[float] = field(default_factory=list)

    def once(self, browser: Browser, visit: Callable[[], Visit]) -> Visit:
        """Measure one visit and one of the reference, each first in turn."""
        if len(self.visits) % 2:
            self.reference.append(browser.get(REFERENCE).seconds)
        found = visit()
        if not len(self.visits) % 2:
            self.reference.append(browser.get(REFERENCE).seconds)
        if found.response.status_code >= 400:
            raise Broken(f"{self.name} answered {found.response.status_code}")
        self.visits.append(found)
        return found

    @property
    def costliest(self) -> Visit:
        return max(self.visits, key=lambda visit: len(visit.tally))

    def figures(self) -> Figures:
        most, content = self.costliest.tally, self.visits[0].response.content
        whole = b"<html" in content
        weight = weigh(content) if whole else None
        return Figures(
            name=self.name,
            seconds=[visit.seconds for visit in self.visits],
            reference=self.reference,
            statements=most.statements,
            settings=most.settings,
            gzip_bytes=weight.total if weight else zipped(content) if content else 0,
            css=weight.of(".css") if weight else 0,
            js=weight.of(".js") if weight else 0,
        )


class Bench:
    """One run over a fresh clinic."""

    def __init__(self, effort: Effort) -> None:
        self.effort = effort
        self.runs: dict[str, Run] = {}
        self.practice: Practice = people.open_practice(timezone.now())
        self.measured: Trainee = people.weeks_behind(self.practice, effort.weeks)
        self.others = people.others(self.practice, effort.patients - 1)
        self.desk = Browser(self.practice.user)

    def run(self, name: str) -> Run:
        return self.runs.setdefault(name, Run(name))

    def page(self, name: str, browser: Browser, address: str) -> Visit:
        """Visit a page many times, once before that to warm up."""
        browser.get(REFERENCE)
        browser.get(address)
        for _ in range(self.effort.repeats):
            found = self.run(name).once(browser, lambda: browser.get(address))
        if found.response.status_code != 200:
            raise Broken(f"{name} answered {found.response.status_code}")
        return found

    @property
    def scenes(self) -> tuple[Callable[[], None], ...]:
        """All visits, in an order in which each finds what it needs."""
        return (
            self.of_the_desk,
            self.of_the_phone,
            self.answers,
            self.assignments,
            self.sessions,
        )

    def all(self) -> list[Figures]:
        """Every scene; one that breaks says why, and its pages are missing from the list."""
        for scene in self.scenes:
            try:
                scene()
            except Exception:
                traceback.print_exc()
        return [run.figures() for run in self.runs.values() if run.visits]

    def statements(self) -> dict[str, list[str]]:
        """What the costliest visit to each page asked, and no figures beside."""
        for scene in self.scenes:
            scene()
        return {name: run.costliest.tally.statements for name, run in self.runs.items()}

    def of_the_desk(self) -> None:
        self.page("caseload", self.desk, reverse("desk:caseload"))
        address = reverse("desk:patient-detail", args=[self.measured.patient.id])
        self.page("patient page", self.desk, address)

    def of_the_phone(self) -> None:
        phone = Browser(self.measured.user)
        self.page("today", phone, reverse("programs:today"))
        self.page("progress", phone, reverse("programs:progress"))
        decision = self._latest_change()
        self.page("decision", phone, reverse("programs:decision-detail", args=[decision]))
        guide = reverse("exercises:exercise-detail", args=["standing-curl"])
        self.page("guide", phone, guide)

    def _latest_change(self) -> str:
        with self.practice.scope():
            rows = Decision.objects.filter(program=self.measured.program).changes()
            return str(rows.latest("at").id)

    def answers(self) -> None:
        """Accept proposals: one a patient, because a yes can't be given twice."""
        for trainee in self.others:
            people.until_a_proposal_waits(self.practice, trainee)
            page = reverse("desk:patient-detail", args=[trainee.patient.id])
            form = self.desk.get(page).form("programs:decision-accept")
            if form is None:
                raise Broken("no proposal waits on the patient page")
            self.run("approve").once(self.desk, partial(self.desk.submit, form))

    def assignments(self) -> None:
        """Assign to patients who have just joined."""
        joined = [self.practice.join(timezone.now()) for _ in range(self.effort.assignments)]
        address = reverse("programs:program-assign", args=[joined[0].patient.id])
        self.page("prescribe GET", self.desk, _with_template(self.desk, address))
        for trainee in joined:
            place = reverse("programs:program-assign", args=[trainee.patient.id])
            form = self.desk.get(_with_template(self.desk, place)).form("programs:program-assign")
            if form is None:
                raise Broken("prescribe shows no form")
            visit = self.run("prescribe POST").once(self.desk, partial(self.desk.submit, form))
            if visit.response.status_code != 302:
                raise Broken("prescribe POST assigned nothing")

    def sessions(self) -> None:
        """Whole sessions of the measured patient, on days to come: the clock is moved on."""
        start = timezone.now()
        for number in range(self.effort.sessions):
            evening = start + (1 + 2 * number) * DAY
            with time_machine.travel(evening, tick=True):
                session = self._train(Browser(self.measured.user), first=number == 0)
            with time_machine.travel(evening + DAY, tick=True):
                self._wake(Browser(self.measured.user), session, first=number == 0)

    def _train(self, phone: Browser, *, first: bool) -> str:
        begin = phone.get(reverse("programs:today")).form("programs:session-start")
        if begin is None:
            raise Broken("today offers no session")
        page = phone.submit(begin).response["Location"]
        if first:
            self.page("session", phone, page)
        while form := phone.get(page).form("programs:set-log"):
            self.run("log set").once(phone, partial(phone.submit, form, htmx=True, outcome="done"))
        if form := phone.get(page).form("programs:pain-report"):
            phone.submit(form, pain=1)
        form = phone.get(page).form("programs:session-finish")
        if form is None:
            raise Broken("a whole session can't be ended")
        self.run("end session").once(phone, lambda: phone.submit(form, htmx=True, effort=5))
        return page.rstrip("/").rpartition("/")[2]

    def _wake(self, phone: Browser, session: str, *, first: bool) -> None:
        address = reverse("programs:check-in", args=[session])
        if first:
            self.page("check-in", phone, address)
        form = phone.get(address).form("programs:check-in")
        if form is None:
            raise Broken("check-in shows no form")
        self.run("check-in POST").once(phone, lambda: phone.submit(form, htmx=True, feel="same"))


def _with_template(desk: Browser, address: str) -> str:
    """The page of one template, where a choice of templates comes first."""
    return f"{address}?template=standing-curl"


def run(*, show: Sequence[str], quick: bool) -> int:
    """Measure all, print the table and the statements asked for; return the exit code."""
    began = time.perf_counter()
    bench = Bench(QUICK if quick else Effort())
    ground.settle()
    with bench.practice.scope():
        past = Session.objects.filter(program=bench.measured.program).count()
    print(f"{past} sessions in 12 weeks; made in {time.perf_counter() - began:.0f} s")
    found = bench.all()
    for each in found:
        if each.name in show:
            print(f"\n{each.name}", *each.statements, sep="\n  ")
    print("", *budgets.table(found), sep="\n")
    print(f"* beyond its budget. {time.perf_counter() - began:.0f} s in all.\n")
    print(budgets.as_json(found))
    return budgets.verdict(found)
