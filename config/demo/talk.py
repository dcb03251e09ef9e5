"""A few plain messages between the demo's patients and their clinicians."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid5

from django.utils.translation import gettext as _

from accounts.roles import Actor
from config.demo.cast import NAMESPACE, Person
from programs.messaging.services import read_thread, send_message
from programs.models import Program

NOON = time(12, 30)
FIRST, ANSWER, LATELY = 9, 10, 1  # day of the program, day of the answer, days before today
WAITING = {3, 7, 12}  # whose last word nobody has read yet


def talk(
    program: Program, person: Person, patient: Actor, clinician: Actor, *, day: date, now: datetime
) -> None:
    """What is said on this day of a program; most days nothing."""
    number = (day - program.start_on).days
    last = now.date() - timedelta(days=LATELY)
    if number == FIRST:
        say(
            program,
            patient,
            day,
            _("My knee clicks, but it does not hurt. Is that fine?"),
        )
    elif number == ANSWER:
        said = _("Yes, a click without pain is fine. Tell me if it starts to hurt.")
        say(program, clinician, day, said)
    elif number == ANSWER + 1:
        read_thread(patient=program.patient, by=patient)
    elif day == last and person.number in WAITING:
        say(program, patient, day, _("May I do the exercise in the morning instead?"))
    elif day == last and person.number % 4 == 0:
        say(program, clinician, day, _("You are doing well. Keep the slow way down."))


def say(program: Program, by: Actor, day: date, body: str) -> None:
    """The key follows from the day, so that a history made twice says it once."""
    key = uuid5(NAMESPACE, f"{program.id} {by.user_id} {day}")
    at = datetime.combine(day, NOON, UTC)
    send_message(patient=program.patient, body=body, key=key, by=by, at=at)
