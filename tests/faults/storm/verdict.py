"""The oracle: the sinks' ledger and the plain planner's word against the rows of the database."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.scope import clinic_scope
from reminders.models import Occurrence
from tests.faults.storm.control import read
from tests.faults.storm.people import Person

KILLS_WHOLE = ("worker", "postgres", "backends", "pool")  # may come after a message left
IN_FLIGHT = timedelta(seconds=20)  # what was handed over when its lease began may arrive so late


@dataclass
class Verdict:
    """What went wrong, by name, with the messages; and how long it took to recover."""

    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    counted: dict[str, Any] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        return not any(self.wrong.values())


def judge(people: Sequence[Person], acted: Mapping[UUID, datetime]) -> Verdict:
    """Compare; `acted`: when each that did something had done it, by patient."""
    rows = _rows(people)
    ledger = defaultdict(list)
    for line in read("ledger"):
        ledger[line["id"]].append(line)
    verdict = Verdict()
    known = {str(row.id) for found in rows.values() for row in found}
    verdict.wrong["not ours"] = [id for id in ledger if id not in known]
    for person in people:
        _judge(person, rows.get(person.patient, []), ledger, acted, verdict)
    _doubles(ledger, verdict)
    _count(people, rows, verdict)
    return verdict


def _rows(people: Sequence[Person]) -> dict[UUID, list[Occurrence]]:
    found: dict[UUID, list[Occurrence]] = defaultdict(list)
    for clinic in {person.clinic for person in people}:
        with clinic_scope(clinic):
            for row in Occurrence.objects.all():
                if row.patient_id:
                    found[row.patient_id].append(row)
    return found


def _judge(
    person: Person,
    rows: Sequence[Occurrence],
    ledger: Mapping[str, list[dict[str, Any]]],
    acted: Mapping[UUID, datetime],
    verdict: Verdict,
) -> None:
    if len(rows) > 1 or any(row.kind != "session_due" for row in rows):
        verdict.wrong["extra rows"].append(str(person.patient))
    taken = [line for row in rows for line in ledger.get(str(row.id), ()) if _taken(line)]
    if person.is_owed and not taken and not _ended_well(rows, ledger):
        states = [(row.state, row.reason) for row in rows]
        verdict.wrong["lost"].append(f"{person.patient} {person.channels} {states}")
    if len({line["channel"] for line in taken}) > 1:
        verdict.wrong["two channels"].append(str(person.patient))
    for line in taken:
        at = datetime.fromtimestamp(line["at"], tz=person.due.tzinfo)
        if at < person.due:
            verdict.wrong["too early"].append(line["id"])
        if rows and at > rows[0].not_after + IN_FLIGHT:
            verdict.wrong["past grace"].append(line["id"])
        since = None if person.is_owed else acted.get(person.patient)
        if since and at > max(since, person.due) + (at - at if since < person.due else IN_FLIGHT):
            verdict.wrong[f"after {person.fate}"].append(line["id"])


def _taken(line: Mapping[str, Any]) -> bool:
    return bool(line["what"] == "taken")


def _ended_well(rows: Sequence[Occurrence], ledger: Mapping[str, list[dict[str, Any]]]) -> bool:
    """Nothing arrived, and the row says truly why: refused, or nobody knows."""
    for row in rows:
        said = {line["what"] for line in ledger.get(str(row.id), ())}
        if row.state == "failed" and "refused" in said:
            return True
        if row.state == "unknown":
            return True
    return False


def _doubles(ledger: Mapping[str, list[dict[str, Any]]], verdict: Verdict) -> None:
    """Texts never; emails and notifications at most as often as a sender died after one left."""
    doubled: Counter[str] = Counter()
    for id, lines in ledger.items():
        taken = Counter(line["channel"] for line in lines if _taken(line))
        for channel, times in taken.items():
            doubled[channel] += times - 1
            if channel == "sms" and times > 1:
                verdict.wrong["doubled texts"].append(id)
    excuses = sum(line["how"] in ("drop", "late") for line in read("ledger"))
    excuses += sum(fault["what"] in ("after accept", "in mid data") for fault in read("faults"))
    excuses += sum(fault["name"] in KILLS_WHOLE for fault in read("storm"))
    if doubled["email"] + doubled["push"] > excuses:
        verdict.wrong["too many doubles"] = [f"{doubled['email'] + doubled['push']} > {excuses}"]
    verdict.counted["doubled"] = {name: doubled[name] for name in ("email", "sms", "push")}
    verdict.counted["excused"] = excuses


def _count(
    people: Sequence[Person], rows: Mapping[UUID, list[Occurrence]], verdict: Verdict
) -> None:
    states = Counter(row.state for found in rows.values() for row in found)
    verdict.counted["states"] = dict(states)
    verdict.counted["unknown"] = states["unknown"]
    verdict.counted["recovery"] = _recoveries([row for found in rows.values() for row in found])


def _recoveries(rows: Iterable[Occurrence]) -> dict[str, list[float]]:
    """By kind of fault, p50 and p95 of the seconds until all that was due at it had left."""
    left = [
        (row.due_at.timestamp(), row.sent_at.timestamp()) for row in rows if row.sent_at is not None
    ]
    faults = [(line["name"].split(" ")[0], line["at"]) for line in read("storm")]
    faults += [("kill", fault["at"]) for fault in read("faults") if fault["how"] == "kill"]
    times: dict[str, list[float]] = defaultdict(list)
    for name, at in faults:
        waiting = [sent - at for due, sent in left if at - 60 <= due <= at < sent]
        times[name].append(max(waiting, default=0.0))
    return {name: [_part(each, 50), _part(each, 95)] for name, each in times.items()}


def _part(values: Sequence[float], percent: int) -> float:
    return round(statistics.quantiles([*values, *values], n=100)[percent - 1], 1)
