"""What the decisions page reads: a page of the clinician's queue, and how many wait.

The rows are kept ready by the database (programs.queue_database), so that a page costs the same
whatever the caseload. A row is there for those who treat its patient, and for nobody else.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from accounts.prepared import fetch
from accounts.roles import Actor
from desk import statements
from desk.numbers import Trained
from desk.rows import (
    DoseRow,
    LatestRow,
    PastDose,
    PatientRow,
    ProgramRow,
    Queue,
    Rules,
    SignalRow,
    ToldRow,
)
from programs.decisions import services as decisions
from programs.models import Signal
from programs.wording import language, variant_name

PAGE = decisions.MOST
KINDS = tuple(Signal.Kind.values)  # the most urgent first
SUMS = ", ".join(f'coalesce(sum(c."{kind}"), 0)' for kind in KINDS)
MINE = "r.clinic_id = %(clinic)s and r.user_id = %(user)s and r.skipped = %(skipped)s"
HOLDS = "(r.until is null or r.until > statement_timestamp())"
ORDERS = {"urgent": "r.rank, r.since, r.signal_id", "oldest": "r.since, r.signal_id"}
BEHIND = {
    "urgent": "(r.rank, r.since, r.signal_id) > (%(rank)s, %(since)s, %(signal)s)",
    "oldest": "(r.since, r.signal_id) > (%(since)s, %(signal)s)",
}
COUNTS = f"""
    select {SUMS}, (
        select r.since from programs_queuerow r
        where r.clinic_id = %(clinic)s and r.user_id = %(user)s and not r.skipped and {HOLDS}
        order by r.since, r.signal_id limit 1)
    from programs_queuecount c
    where c.clinic_id = %(clinic)s and c.user_id = %(user)s"""  # noqa: S608 (own words only)
RULES = """
    select g.ruleset_hash, g.ruleset::json from programs_program g
    where g.id = any(%(programs)s)"""


class Place(NamedTuple):
    """Where in the queue a page begins: behind the row of this rank, instant and signal."""

    rank: int
    since: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{self.rank}_{self.since.isoformat()}_{self.id}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """None for what is no place: then the queue begins at its start."""
        try:
            rank, since, key = text.split("_")
            return cls(int(rank) % 100, datetime.fromisoformat(since), UUID(key))
        except ValueError:
            return None


class Wanted(NamedTuple):
    """What of the queue a page shows: one kind or all, in which order, from which place on.

    `skipped`: those that were put away.
    """

    kind: str = ""
    order: str = "urgent"
    skipped: bool = False
    after: Place | None = None

    @classmethod
    def read(cls, told: Mapping[str, str]) -> "Wanted":
        """As an address says it; what is no such choice is none."""
        kind, order = told.get("kind", ""), told.get("order", "")
        return cls(
            kind=kind if kind in KINDS else "",
            order=order if order in ORDERS else "urgent",
            skipped=told.get("show") == "skipped",
            after=Place.read(told.get("after", "")),
        )

    def address(self, **changed: Any) -> dict[str, str]:
        """The same choice with a change, as the values of an address; a new one starts anew."""
        other = self._replace(**({"after": None} | changed))
        told = {
            "kind": other.kind,
            "order": other.order if other.order != "urgent" else "",
            "show": "skipped" if other.skipped else "",
            "after": str(other.after) if other.after else "",
        }
        return {name: value for name, value in told.items() if value}


def page_sql(wanted: Wanted) -> str:
    """The statement of a page: it walks one index from its place on, and reads no more.

    Within a kind both orders are the same, and are asked for so that the same index serves.
    """
    parts, order = [MINE, HOLDS], "urgent" if wanted.kind else wanted.order
    if wanted.kind:
        parts.append("r.rank = %(only)s")
    if wanted.after:
        parts.append(BEHIND[order])
    return f"""
        select r.signal_id, r.rank, r.kind, r.since, r.facts::json, r.patient_id, r.name,
            r.told::json
        from programs_queuerow r where {" and ".join(parts)}
        order by {ORDERS[order]} limit {PAGE + 1}"""  # noqa: S608 (own words only)


def page_values(actor: Actor, wanted: Wanted) -> dict[str, Any]:
    """The values of page_sql."""
    told = {"clinic": actor.clinic_id, "user": actor.user_id, "skipped": wanted.skipped}
    if wanted.kind:
        told["only"] = KINDS.index(wanted.kind) + 1
    if wanted.after:
        told |= {
            "rank": wanted.after.rank,
            "since": wanted.after.since,
            "signal": wanted.after.id,
        }
    return told


def queue_of(actor: Actor, wanted: Wanted) -> Queue:
    """A page of the clinician's queue, with how many wait of each kind and since when."""
    found = fetch(page_sql(wanted), page_values(actor, wanted))
    ((*sums, oldest),) = fetch(COUNTS, {"clinic": actor.clinic_id, "user": actor.user_id})
    counts = {kind: count for kind, count in zip(KINDS, sums, strict=True) if count > 0}
    shown = found[:PAGE]
    rules = _rules(row[-1] for row in shown)
    rows = [_row(row, rules) for row in shown]
    return Queue(rows, counts, oldest, len(found) > PAGE)


def waiting_for(actor: Actor) -> int:
    """How many rows the decisions page has: the number on the rail."""
    ((count,),) = fetch(statements.WAITING, [actor.clinic_id, actor.user_id])
    return int(count)


def _rules(told: Iterable[Mapping[str, Any]]) -> dict[str, Rules]:
    """The rulesets that the rows name, each read once: of a program that has it."""
    programs = {each["rules"]: each["program"][0] for each in told}
    if not programs:
        return {}
    rows = fetch(RULES, {"programs": list(map(UUID, programs.values()))})
    return {key: Rules(key, body) for key, body in rows}


def _row(found: Sequence[Any], rules: Mapping[str, Rules]) -> SignalRow:
    signal, rank, kind, since, facts, patient, name, told = found
    key, status, start, end, *days = told["program"]
    dates = date.fromisoformat(start), date.fromisoformat(end)
    return SignalRow(
        id=signal,
        rank=rank,
        kind=kind,
        since=since,
        facts=facts,
        patient=PatientRow(patient, name, *told["patient"]),
        program=ProgramRow(UUID(key), status, *dates, *days),
        rules=rules.get(told["rules"], Rules(told["rules"], {})),
        told=_told(told),
        names={
            (owner, step): variant_name((names or {}).get(language()) or "", band)
            for owner, step, names, band in told["names"] or ()
        },
    )


def _told(told: Mapping[str, Any]) -> ToldRow:
    day = date.fromisoformat
    return ToldRow(
        doses=[
            DoseRow._make((*dose, load and Decimal(load), band))
            for *dose, load, band in told["doses"] or ()
        ],
        past=[PastDose(side, day(on), *dose) for side, on, *dose in told["past"] or ()],
        trained=[Trained(day(on), *session) for on, *session in told["trained"] or ()],
        decisions=[LatestRow(*row) for row in told["decided"] or ()],
    )
