"""By which channels a patient may be reached now, and why by others not."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from accounts.texting import reaches
from patients.models import Channel, Consent, Patient
from reminders.models import DeadAddress, Device, Occurrence, OptOut
from reminders.services.devices import address_of, device_of

WEEK = timedelta(days=7)
TEXTS_A_WEEK = 3  # unless a patient agreed to one on every day of training
GONE = ("sending", "sent", "delivered", "unknown")  # or perhaps gone


@dataclass
class Ways:
    """What is known of one patient's channels; `why_not` is empty where one is open.

    `address`: the email address, the number, or for a notification the device as JSON; `name`: by
    what it is known where it is dead.
    """

    order: list[Channel]
    address: dict[Channel, str] = field(default_factory=dict)
    name: dict[Channel, str] = field(default_factory=dict)
    why_not: dict[Channel, str] = field(default_factory=dict)

    def after(self, tried: Collection[str] = ()) -> Channel | None:
        """The first open channel in the patient's own order that was not given up yet."""
        usable = (way for way in self.order if way not in tried and not self.why_not[way])
        return next(usable, None)


def ways_of(patients: Iterable[Patient], now: datetime) -> dict[UUID, Ways]:
    """The ways to each of these patients; a fixed number of queries. Needs the clinic's scope."""
    everyone = {patient.id: patient for patient in patients}
    facts = _Facts.read(everyone, now)
    return {id: _ways(patient, facts) for id, patient in everyone.items()}


def first_way(patient: Patient, now: datetime) -> Channel:
    """The channel that a new message is planned for; where none is open, the patient's first."""
    ways = ways_of([patient], now)[patient.id]
    return ways.after() or ways.order[0]


@dataclass(frozen=True)
class _Facts:
    agreed: Mapping[tuple[UUID, str], datetime]
    stopped: Mapping[tuple[UUID, str], datetime]
    dead: Mapping[tuple[UUID, str, str], datetime]
    devices: Mapping[UUID, Device]
    texts: Mapping[UUID, int]

    @classmethod
    def read(cls, patients: Mapping[UUID, Patient], now: datetime) -> "_Facts":
        mine = {"patient__in": list(patients)}
        wanted = {name for patient in patients.values() for name in patient.channels}
        agreed = Consent.objects.filter(**mine, withdrawn_at=None)
        agreed_at = agreed.values_list("patient_id", "kind", "given_at")
        stopped = OptOut.objects.filter(**mine).values_list("patient_id", "channel").order_by()
        texts = Occurrence.objects.filter(**mine, channel=Channel.SMS, state__in=GONE)
        return cls(
            {(id, kind): at for id, kind, at in agreed_at},
            {(id, channel): at for id, channel, at in stopped.annotate(Max("at"))},
            {tuple(dead): at for *dead, at in _dead(mine)},
            device_of(patients) if Channel.PUSH in wanted else {},
            _counted(texts.filter(not_before__gt=now - WEEK)) if Channel.SMS in wanted else {},
        )


def _counted(rows: QuerySet[Occurrence]) -> dict[UUID, int]:
    return dict(rows.values_list("patient_id").annotate(Count("id")).order_by())


def _dead(mine: dict[str, Any]) -> Iterable[tuple[Any, ...]]:
    rows = DeadAddress.objects.filter(**mine)
    return rows.values_list("patient_id", "channel", "address", "at")


def _ways(patient: Patient, facts: _Facts) -> Ways:
    ways = Ways([Channel(name) for name in patient.channels])
    for channel in Channel:
        ways.address[channel], ways.name[channel] = _address(channel, patient, facts)
        ways.why_not[channel] = _why_not(channel, patient, ways.name[channel], facts)
    return ways


def _address(channel: Channel, patient: Patient, facts: _Facts) -> tuple[str, str]:
    """Where a message goes, and the name by which that address may be dead."""
    if channel != Channel.PUSH:
        where = patient.email if channel == Channel.EMAIL else _number(patient)
        return where, where
    if (device := facts.devices.get(patient.id)) is None:
        return "", ""
    return address_of(device), str(device.id)


def _number(patient: Patient) -> str:
    """As providers want it: +, country and number, nothing between."""
    return str(patient.phone.as_e164) if patient.phone else ""


def _why_not(channel: Channel, patient: Patient, name: str, facts: _Facts) -> str:
    if not name:
        return "no_address"
    if channel == Channel.SMS and not reaches(patient.phone, [patient.clinic]):
        return "abroad"
    return _not_agreed(channel, patient.id, name, facts)


def _not_agreed(channel: Channel, patient: UUID, name: str, facts: _Facts) -> str:
    agreed = facts.agreed.get((patient, Consent.Kind.to_reminders(channel)))
    stopped = facts.stopped.get((patient, channel))
    if stopped and (agreed is None or stopped >= agreed):
        return "opted_out"
    if agreed is None:
        return "no_consent"
    dead = facts.dead.get((patient, channel, name))
    if dead and dead >= agreed:
        return "dead"
    return "capped" if channel == Channel.SMS and _is_capped(patient, facts) else ""


def _is_capped(patient: UUID, facts: _Facts) -> bool:
    daily = (patient, Consent.Kind.TEXTS_DAILY) in facts.agreed
    return not daily and facts.texts.get(patient, 0) >= TEXTS_A_WEEK
