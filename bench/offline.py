"""Cut and restore: seeded sessions on a line that fails, and no set lost or doubled.

Real Chromium with the shipped modules, real gunicorn, real PostgreSQL. What the driver tapped is
the truth; what the database holds in the end is compared with it.
"""

import contextlib
import json
import os
import re
import shutil
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import psycopg
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, sync_playwright

from bench import people
from bench.line import COMMITTED, KINDS, Fault, Line
from bench.people import DAY, Practice, Trainee
from bench.phone import Phone
from bench.serving import Server
from programs.models import Session, SetLog, Template
from programs.prescribing.plan import load_source, unchanged
from programs.prescribing.services import assign_program

SETS = (3, 4, 5, 6)  # a side: 6 to 12 in all
SECONDS_A_RUN = 60
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CONTROLS = ("no-unique-key", "delete-before-answer")


@dataclass
class Outcome:
    """One run: how many sets were tapped, and what became of them."""

    seed: int
    sets: int = 0
    lost: int = 0
    doubled: int = 0
    met: Counter[str] = field(default_factory=Counter)
    broken: str = ""


@dataclass(frozen=True)
class Plan:
    """What befalls one session: before which taps, by their number."""

    sets: int
    faults: dict[int, Fault]
    cuts: frozenset[int]
    page_dies: frozenset[int]
    server_dies: frozenset[int]

    @classmethod
    def of(cls, random: Random) -> "Plan":
        """At least two faults, one of them after the server has committed."""
        sets = random.choice(SETS)
        places = random.sample(range(2 * sets), random.randint(2, 4))
        kinds = [random.choice(COMMITTED)] + [random.choice(KINDS) for _ in places[1:]]
        faults = {
            place: Fault(kind, _seconds(kind, random))
            for place, kind in zip(places, kinds, strict=True)
        }

        def some(likely: float) -> frozenset[int]:
            return frozenset([random.randrange(2 * sets)] if random.random() < likely else [])

        return cls(sets, faults, some(0.4), some(0.4), some(0.04))


def _seconds(kind: str, random: Random) -> float:
    """A delay is now and then beyond the page's patience."""
    return random.choice([0.1, 0.3, 2.0]) if kind == "delay" else 0.0


def run(*, runs: int, seed: int, control: str = "", minutes: float = 60) -> int:
    """Print what befell, and a last line of JSON; 1 if a set was lost or doubled."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's loop runs in this thread
    began, found = time.monotonic(), list[Outcome]()
    practice = people.open_practice(timezone.now())
    _break(control)
    with Server() as server, Line(server.port) as line, _browser() as browser:
        for number in range(runs):
            if time.monotonic() - began > 60 * minutes:
                print(f"Time is up after {len(found)} runs.")
                break
            found.append(_once(seed + number, practice, browser, line, server))
            _tell(found[-1], len(found), began)
    return _verdict(found, control)


def _tell(one: Outcome, number: int, began: float) -> None:
    if one.lost or one.doubled or one.broken:
        print(f"seed {one.seed}: lost {one.lost}, doubled {one.doubled} {one.broken}", flush=True)
    if number % 50 == 0:
        print(f"{number} runs, {time.monotonic() - began:.0f} s", flush=True)


def _verdict(found: list[Outcome], control: str) -> int:
    met = sum((each.met for each in found), Counter[str]())
    print(", ".join(f"{kind} {count}" for kind, count in sorted(met.items())))
    told = {"runs": len(found)}
    told |= {
        name: sum(getattr(each, name) for each in found) for name in ("lost", "doubled", "sets")
    }
    print(json.dumps(told | ({"control": control} if control else {})))
    return int(bool(told["lost"] or told["doubled"]))


@contextlib.contextmanager
def _browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


def _once(seed: int, practice: Practice, browser: Browser, line: Line, server: Server) -> Outcome:
    """One session; a run that breaks counts all that it tapped as lost."""
    random, outcome = Random(seed), Outcome(seed)
    plan = Plan.of(random)
    trainee = _trainee(practice, plan.sets)
    context = browser.new_context(viewport={"width": 390, "height": 844})
    phone = Phone(context, line.address, random)
    line.faults.clear()
    line.met.clear()
    try:
        _sign_in(phone, trainee)
        _train(phone, plan, line, server, outcome)
    except Exception as error:
        outcome.broken = "".join(traceback.format_exception_only(error)).strip()
        outcome.broken += f" at {phone.page.url}: {phone.page.locator('main').inner_text()[:300]!r}"
    finally:
        line.down = False
        context.close()
    outcome.met += Counter(line.met)
    return _compare(outcome, phone, practice, trainee)


def _trainee(practice: Practice, sets: int) -> Trainee:
    now = timezone.now()
    trainee = practice.join(now - 2 * DAY)
    with practice.scope():
        source = load_source(template=Template.objects.get(clinic=None, key="standing-curl"))
        plan = unchanged(source, start_on=(now - DAY).date())
        first = replace(plan.exercises[0], sets=sets)
        changes = replace(plan, weekdays=tuple(range(7)), exercises=(first,))
        trainee.program = assign_program(
            patient=trainee.patient, source=source, changes=changes, by=practice.clinician, at=now
        )
    return trainee


def _sign_in(phone: Phone, trainee: Trainee) -> None:
    client = Client()
    client.force_login(trainee.user)
    value = client.cookies["session"].value
    phone.context.add_cookies([{"name": "session", "value": value, "url": phone.base}])


def _train(phone: Phone, plan: Plan, line: Line, server: Server, outcome: Outcome) -> None:
    """From Start to the end, each tap after what befalls it; then the line is whole again."""
    address, taps = phone.begin(), 0
    while (card := phone.card())["kind"] != "done":
        line.down = taps in plan.cuts or (line.down and taps - 1 in plan.cuts)
        if fault := plan.faults.get(taps):
            line.faults.append(fault)
        phone.tap(card)
        if taps in plan.page_dies:
            outcome.met["page killed"] += 1
            phone.die(address)
        if taps in plan.server_dies:
            outcome.met["server killed"] += 1
            server.kill()
            server.start()
        taps += 1
    line.down = False
    line.faults.clear()
    outcome.met["cut"] += len(plan.cuts)
    if not phone.settle():
        outcome.broken = "something still waits on the phone"


def _compare(outcome: Outcome, phone: Phone, practice: Practice, trainee: Trainee) -> Outcome:
    """What was tapped against what is stored."""
    with practice.scope():
        sessions = Session.objects.filter(program=trainee.program).count()
        rows = list(SetLog.objects.filter(session__program=trainee.program))
    stored: dict[str, list[tuple[int, str]]] = {}
    for row in rows:
        place = f"{row.prescription_id}.{row.side}.{row.number}"
        stored.setdefault(place, []).append((row.reps, row.skipped))
    outcome.sets = len(phone.tapped)
    outcome.lost = sum(told not in stored.get(place, []) for place, told in phone.tapped.items())
    outcome.doubled = len(rows) - len(stored) + max(0, sessions - 1)
    if outcome.broken and not outcome.lost:
        outcome.lost = max(1, 2 * len(phone.tapped) - len(stored))
    return outcome


def _break(control: str) -> None:
    """Take away what keeps a set from being doubled, or from being lost: the bench must notice."""
    if control == "no-unique-key":
        with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
            owner.execute(
                "alter table programs_setlog drop constraint one_log_per_set_and_revision"
            )
    if control == "delete-before-answer":
        for path in Path(settings.STATIC_ROOT).glob("js/outbox.*"):
            _break_outbox(path)


SEND = re.compile(r"const found ?= ?await send\(")


def _break_outbox(path: Path) -> None:
    """Each answer is dropped before it is sent; compressed copies go."""
    if path.suffix != ".js":
        return path.unlink()
    text, changed = SEND.subn(lambda found: f"await drop(entry);{found[0]}", path.read_text())
    if not changed:
        raise LookupError(f"{path.name} does not send as the control knows it")
    path.write_text(text)
    return None


__all__ = ["CONTROLS", "run"]
