"""The record of reads and writes: one event a request, in the transaction of the answer."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

from accounts.models import AuditEvent
from accounts.prepared import prepared
from accounts.roles import Actor

Kind = AuditEvent.Kind
EVENT = """
    insert into accounts_auditevent
        (clinic_id, actor_id, role, kind, route, verbs, patient_ids, request_id)
    values (%(clinic)s, %(actor)s, %(role)s, %(kind)s, %(route)s, %(verbs)s::text[],
        %(patients)s::uuid[], %(request)s)"""


@dataclass
class Trail:
    """What one request saw and did, gathered until its event is written."""

    route: str
    request_id: str = ""
    kind: Kind = Kind.READ
    verbs: list[str] = field(default_factory=list)
    patients: dict[UUID, None] = field(default_factory=dict)

    def write(self, by: Actor | None, kind: Kind | None = None) -> None:
        """Add the event; a failure here fails the request (no audit, no answer)."""
        given = {
            "clinic": by.library if by else None,
            "actor": by.user_id if by else None,
            "role": str(by.role) if by else "",
            "kind": str(kind or self.kind),
            "route": self.route,
            "verbs": self.verbs,
            "patients": list(self.patients),
            "request": self.request_id,
        }
        with prepared() as cursor:
            cursor.execute(EVENT, given)

    def worth_writing(self, by: Actor) -> bool:
        """Writes always; reads where they show somebody else's data."""
        return bool(self.verbs) or any(patient != by.patient_id for patient in self.patients)


_trail: ContextVar[Trail | None] = ContextVar("audit_trail", default=None)


@contextmanager
def trail(route: str, request_id: str = "") -> Iterator[Trail]:
    """Gather what happens in the block as one event."""
    gathered = Trail(route=route, request_id=request_id)
    token = _trail.set(gathered)
    try:
        yield gathered
    finally:
        _trail.reset(token)


def saw(*patients: UUID) -> None:
    """Note that these patients' data is on the page being made."""
    if gathered := _trail.get():
        gathered.patients.update(dict.fromkeys(patients))


def record(*, by: Actor, verb: str, patients: Iterable[UUID] = (), kind: Kind = Kind.WRITE) -> None:
    """Note a write. Inside a request it joins the request's event, else it is a row of its own."""
    gathered = _trail.get()
    here = gathered or Trail(route=verb)
    here.kind = kind
    here.verbs.append(verb)
    here.patients.update(dict.fromkeys(patients))
    if gathered is None:
        here.write(by)
