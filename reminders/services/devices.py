"""The phones and browsers that take a patient's notifications."""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast

from accounts import audit
from accounts.roles import Actor
from patients.models import Channel, Patient, PatientAccess
from reminders.channels.push import may_send
from reminders.models import DeadAddress, Device

LONGEST_ENDPOINT = 500
POINT_BYTES, SECRET_BYTES = 65, 16
BASE64URL = re.compile(r"([A-Za-z0-9_-]+)={0,2}")


class NotADevice(ValueError):
    """What a browser sent can't be pushed to; names the part that is wrong."""


@transaction.atomic
def add_device(
    *, patient: Patient, endpoint: str, p256dh: str, auth: str, by: Actor, at: datetime
) -> Device:
    """Let the patient's notifications go to this device of `by`; said twice, it is one device.

    With other keys, of another person, or after it took nothing any more, it begins anew. Raises
    NotADevice.
    """
    keys = _checked(endpoint, p256dh, auth)
    Patient.objects.select_for_update(no_key=True).get(id=patient.id)
    here = Device.objects.filter(patient=patient, endpoint=endpoint, ended_at=None)
    if same := _alive(here).filter(user=by.user_id, **keys).first():
        return same
    here.update(ended_at=at)
    audit.record(by=by, verb="add_device", patients=[patient.id])
    return Device.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        user_id=by.user_id,
        endpoint=endpoint,
        at=at,
        **keys,
    )


@transaction.atomic
def end_device(*, patient: Patient, by: Actor, at: datetime, endpoint: str = "") -> int:
    """Send no more to this device of `by`, or to none of theirs; returns how many that ended."""
    mine = Device.objects.filter(patient=patient, user=by.user_id, ended_at=None)
    ended = (mine.filter(endpoint=endpoint) if endpoint else mine).update(ended_at=at)
    if ended:
        audit.record(by=by, verb="end_device", patients=[patient.id])
    return ended


def standing(*, patient: Patient, by: Actor) -> list[str]:
    """The endpoints of the devices that `by` turned on for this patient."""
    mine = Device.objects.filter(patient=patient, user=by.user_id)
    return list(_alive(mine).order_by("at").values_list("endpoint", flat=True))


def device_of(patients: Collection[UUID]) -> dict[UUID, Device]:
    """Where each of these patients gets notifications: the newest device that still takes any."""
    rows = _alive(Device.objects.filter(patient__in=patients))
    newest = rows.order_by("patient", "-at", "-id").distinct("patient")
    return {device.patient_id: device for device in newest}


def address_of(device: Device) -> str:
    """The device as the push channel takes it."""
    keys = {"p256dh": device.p256dh, "auth": device.auth}
    return json.dumps({"endpoint": device.endpoint, "keys": keys})


def _alive(devices: QuerySet[Device]) -> QuerySet[Device]:
    """Those not turned off, not gone, and of people who may still act for the patient."""
    dead = DeadAddress.objects.filter(
        patient=OuterRef("patient"),
        channel=Channel.PUSH,
        address=Cast(OuterRef("id"), CharField()),
    )
    access = PatientAccess.objects.filter(
        patient=OuterRef("patient"), user=OuterRef("user"), until=None
    )
    return devices.filter(~Exists(dead), Exists(access), ended_at=None)


def _checked(endpoint: str, p256dh: str, auth: str) -> dict[str, str]:
    """The keys as they are kept. Raises NotADevice."""
    if len(endpoint) > LONGEST_ENDPOINT or not may_send(endpoint):
        raise NotADevice("endpoint")
    if not _on_the_curve(_bytes(p256dh)):
        raise NotADevice("p256dh")
    if len(_bytes(auth)) != SECRET_BYTES:
        raise NotADevice("auth")
    return {"p256dh": p256dh.rstrip("="), "auth": auth.rstrip("=")}


def _on_the_curve(point: bytes) -> bool:
    """Whether this is a public key of P-256, written out in full."""
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    except ValueError:
        return False
    return len(point) == POINT_BYTES


def _bytes(text: str) -> bytes:
    """What this base64url says; nothing if it is none."""
    found = BASE64URL.fullmatch(text)
    if not found or len(found[1]) % 4 == 1:
        return b""
    return urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4))
