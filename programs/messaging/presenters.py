"""A thread, ready to print: its messages by day, the oldest first."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.roles import Actor
from patients.away import who_answers
from patients.models import Message, Patient, ThreadRead
from programs.calendar import local_day
from programs.logging.ending import local_time

Context = dict[str, Any]
NEWEST = 40


def thread_context(
    patient: Patient, by: Actor, today: date, *, new: int, everything: bool
) -> Context:
    """The newest messages, or all; `new`: how many this person had not read before."""
    rows = Message.objects.filter(patient=patient).select_related("author").order_by("-at", "-id")
    found = list(rows if everything else rows[: NEWEST + 1])
    more = not everything and len(found) > NEWEST
    shown = found[:NEWEST] if more else found
    fresh = [each.id for each in shown if each.from_patient != (by.patient_id is not None)][:new]
    seen = _seen(patient, shown, by)
    lines = [_line(each, patient, by, fresh=each.id in fresh, seen=seen) for each in shown[::-1]]
    return {"days": list(_days(lines, today)), "more": more}


def answer_words(patient: Patient) -> list[str]:
    """Who is away, until when; who answers the patient now, and by when. Needs the clinic."""
    found = who_answers(patient)
    away = [_away(name, until) for name, until in found.away]
    if not found.names:
        return away
    told = {"names": ", ".join(found.names[:-1]), "last": found.names[-1]}
    return [*away, _answers(meanwhile=bool(away), several=bool(told["names"])) % told]


def _away(name: str, until: date) -> str:
    told = {"away": name, "day": date_format(until, "LONG_DAY")}
    return _("%(away)s is away until %(day)s.") % told


def _answers(*, meanwhile: bool, several: bool) -> str:
    if meanwhile and several:
        return _("%(names)s or %(last)s answers meanwhile, usually within one working day.")
    if meanwhile:
        return _("%(last)s answers meanwhile, usually within one working day.")
    if several:
        return _("%(names)s or %(last)s answers, usually within one working day.")
    return _("%(last)s answers, usually within one working day.")


def _seen(patient: Patient, shown: list[Message], by: Actor) -> Message | None:
    """The newest of the patient's own messages that one of the care team has read."""
    if by.patient_id is None:
        return None
    own = [each for each in shown if each.from_patient]
    reads = ThreadRead.objects.filter(patient=patient).exclude(user_id=by.user_id)
    last = reads.order_by("-up_to").values_list("up_to", flat=True).first()
    return next((each for each in own if last and each.at <= last), None)


def _line(
    message: Message, patient: Patient, by: Actor, *, fresh: bool, seen: Message | None
) -> Context:
    own = message.from_patient == (by.patient_id is not None)
    return {
        "id": str(message.id),
        "name": _("You") if message.author_id == by.user_id else message.author.name,
        "own": own,
        "fresh": fresh,
        "seen": message == seen,
        "text": message.body,
        "day": local_day(message.at, patient.time_zone),
        "time": local_time(message.at, patient.time_zone),
        "stamp": message.at.astimezone(ZoneInfo(patient.time_zone)).isoformat(),
    }


def _days(lines: Iterable[Context], today: date) -> Iterable[Context]:
    for day, rows in groupby(lines, key=lambda line: line["day"]):
        label = _("Today") if day == today else date_format(day, "LONG_DAY")
        yield {"label": label, "lines": list(rows)}
