"""One storm: people fall due, faults come, and when all is quiet the oracle judges."""

import contextlib
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from tests.faults.storm.control import disarm, note
from tests.faults.storm.crew import Crew, crew

if TYPE_CHECKING:
    from tests.faults.storm.faults import Storm
    from tests.faults.storm.people import Person
    from tests.faults.storm.verdict import Verdict

OVER, SETTLING_SECONDS = timedelta(seconds=35), 12  # receipts come with the sweep
MOST_SECONDS = 300
WITHOUT_UNIQUE = "drop index one_message_per_slot"


def run(
    *,
    occurrences: int,
    faults: int,
    seconds: float,
    seed: int,
    control: str = "",
    kinds: Sequence[str] = (),
) -> "Verdict":
    """Let it blow; returns the oracle's verdict. Prints what it does."""
    random = Random(seed)
    with crew(control) as team:
        from reminders import services
        from tests.faults.storm import people as world
        from tests.faults.storm.faults import Storm
        from tests.faults.storm.verdict import judge

        first = datetime.now(UTC) + timedelta(seconds=_head_start(occurrences))
        people = world.invent(random, occurrences, first, seconds)
        world.settle(people, team.push_url, datetime.now(UTC))
        if control == "unique":
            with team.superuser() as superuser:
                superuser.execute(WITHOUT_UNIQUE)
        team.start_all()
        services.consume_changes(now=datetime.now(UTC), seconds=_head_start(occurrences))
        if datetime.now(UTC) > first:
            raise TimeoutError("the first was due before everybody had a schedule")
        print(f"seed {seed}: {occurrences} people, {faults} faults, {seconds:.0f} s", flush=True)
        storm = Storm(team, random)
        acted = _blow(storm, people, storm.draw(faults, kinds), first, seconds)
        team.mend_servers()
        _wait_for_quiet(team)
        return judge(people, acted)


def _head_start(number: int) -> float:
    """Seconds until the first is due: processes start, and every Change becomes a schedule."""
    return 40 + number / 22


def _blow(
    storm: "Storm",
    people: Sequence["Person"],
    names: Sequence[str],
    first: datetime,
    seconds: float,
) -> dict[UUID, datetime]:
    """From the first to the last that is due: faults and what people do, each at its time."""
    apart = timedelta(seconds=seconds / max(1, len(names)))
    starts = [(first + n * apart, name) for n, name in enumerate(names)]
    acts = sorted(
        (person for person in people if person.fate != "plain"), key=lambda one: one.acts_at
    )
    acted: dict[UUID, datetime] = {}
    end = max(person.due for person in people) + OVER
    while (now := datetime.now(UTC)) < end or acts:
        storm.crew.keep_up()
        while starts and starts[0][0] <= now:
            with contextlib.suppress(Exception):  # a server that is away is a fault already
                storm.do(starts.pop(0)[1])
        while acts and acts[0].acts_at <= now and _done(acts[0], acted):
            acts.pop(0)
        time.sleep(0.2)
    disarm()
    storm.settle()
    return acted


def _done(person: "Person", acted: dict[UUID, datetime]) -> bool:
    """Do it; False where the database is away, to try again."""
    from django.db import Error, connections

    from tests.faults.storm.people import act

    try:
        act(person)
    except Error as error:
        note("actors", error=str(error))
        connections.close_all()
        return False
    acted[person.patient] = datetime.now(UTC)
    return True


def _wait_for_quiet(team: Crew) -> None:
    """Until nothing waits or is held any more."""
    from django.db import Error, connections

    from reminders.models import Occurrence

    until = time.monotonic() + MOST_SECONDS
    time.sleep(SETTLING_SECONDS)
    while time.monotonic() < until:
        team.keep_up()
        connections.close_all()
        with contextlib.suppress(Error):
            open_ones = Occurrence.objects.using("planner").filter(
                state__in=["planned", "leased", "sending"], not_before__lte=datetime.now(UTC)
            )
            if not open_ones.exists():
                return
        time.sleep(2)
