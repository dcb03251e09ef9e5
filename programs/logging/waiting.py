"""What waits on today's page beside the session: unread words, and the last "not today"."""

from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.text import Truncator

from accounts.roles import Actor
from patients.models import Message
from programs.calendar import local_day
from programs.logging.ending import local_time
from programs.models import NotToday, Program
from programs.wording import day_words

Context = dict[str, Any]
MESSAGE_SHOWN = 240


def told_program(actor: Actor) -> Program | None:
    """The newest program with what waits to be read and the last word of "not today"."""
    rows = Program.objects.visible_to(actor).select_related("patient__clinic", "assigned_by")
    told = {"words": _unread_words(actor), "declined": _last_declined()}
    return rows.annotate(**told).order_by("-assigned_at").first()


def _unread_words(actor: Actor) -> ArraySubquery:
    """Annotation: what the care team wrote that this person has not read, the newest first."""
    whose = actor.patient_id or actor.user_id  # nobody's, for staff
    rows = Message.objects.unread_by(actor, whose).order_by("-at")
    return ArraySubquery(rows.values(row=JSONObject(body="body", at="at", name="author__name")))


def _last_declined() -> ArraySubquery:
    """Annotation: the newest "not today" of a program."""
    rows = NotToday.objects.filter(program=OuterRef("pk")).order_by("-at")[:1]
    made = JSONObject(day="local_date", reason="reason", back_on="back_on")
    return ArraySubquery(rows.values(row=made))


def message_context(words: list[dict[str, Any]], day: date, zone: str) -> Context | None:
    """The newest word from the care team that was not read yet."""
    if not words:
        return None
    newest_word = words[0]
    at, name = datetime.fromisoformat(newest_word["at"]), newest_word["name"]
    written = local_day(at, zone)
    return {
        "name": name,
        "first_name": name.split()[0],
        "initials": "".join(word[0] for word in name.split()[:2]).upper(),
        "when": local_time(at, zone) if written == day else day_words(written, "DAY_OF_YEAR"),
        "text": Truncator(newest_word["body"]).chars(MESSAGE_SHOWN),
        "reply_url": reverse("programs:messages"),
    }
