"""The tables as a page: in the reader's words, zone and unit, without the ids."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from desk.mine.tables import Table
from exercises.shipped import red_flags
from patients.models import Channel, Equipment
from programs.wording import language, load_words, number, short_weekdays

HIDDEN = {"revision", "received_at", "trigger", "zone", "wording", "slot"}
LABELS: dict[str, Any] = {
    "name": _("name"), "email": _("email"), "phone": _("phone"), "birth_date": _("birth date"),
    "affected_side": _("affected side"), "surgery_date": _("surgery date"), "graft": _("graft"),
    "meniscus_repair": _("meniscus repair"), "restrictions": _("restrictions"),
    "resisted_not_before": _("no resisted curls before"), "chart_number": _("chart number"),
    "language": _("language"), "time_zone": _("time zone"), "equipment": _("equipment"),
    "unit": _("unit of weight"), "reminder_at": _("reminder time"),
    "channel": _("way"), "channels": _("ways"),
    "day_times": _("other times, from Monday on"), "quiet_from": _("quiet from"),
    "quiet_until": _("quiet until"), "created_at": _("since"), "kind": _("kind"),
    "given_at": _("given"), "opened_at": _("opened"), "ended_at": _("ended"),
    "address": _("address"), "withdrawn_at": _("taken back"), "since": _("since"),
    "until": _("until"), "consented_at": _("agreed"), "clinician": _("clinician"),
    "reason": _("reason"), "status": _("state"), "start_on": _("first day"),
    "end_on": _("last day"), "weekdays": _("days"), "assigned_at": _("given"),
    "first_day": _("first day"), "last_day": _("last day"), "exercise": _("exercise"),
    "side": _("leg"), "sets": _("sets"), "reps": _("reps"), "hold_s": _("hold, s"),
    "up_s": _("up, s"), "top_s": _("at the top, s"), "down_s": _("down, s"),
    "rest_s": _("rest, s"), "load_kg": _("load"), "band_level": _("band level"),
    "range_deg": _("range, degrees"), "at": _("when"), "local_date": _("day"),
    "source": _("logged"), "planned_sets": _("planned sets"), "started_at": _("begun"),
    "finished_at": _("ended"), "stopped": _("broken off"), "number": _("number"),
    "skipped": _("skipped"), "effort": _("effort"), "done_at": _("done"), "pain": _("pain"),
    "place": _("place"), "feel": _("feels"), "swelling": _("swelling"),
    "recalled": _("recalled later"), "value": _("answer"), "back_on": _("back on"),
    "activity": _("activity"), "plan": _("home plan"), "contact": _("whom to call"),
    "weeks": _("weeks"),
    "flag": _("sign"), "word": _("word"), "on": _("day"), "note": _("note"),
    "approval": _("who decides"), "said": _("in words"), "author": _("from"),
    "from_patient": _("you wrote it"), "body": _("message"), "due_at": _("due"),
    "state": _("state"), "sent_at": _("sent"), "started_on": _("first day"),
    "ended_on": _("last day"), "consent_on": _("agreed"), "consent_way": _("how you agreed"),
    "taught_on": _("shown to you"), "taught_way": _("how it was shown"),
    "software": _("software"), "stopped_at": _("ended"), "idle_s": _("idle, s"),
    "by_hand": _("typed"), "taken_back": _("taken back"), "held_at": _("when"),
    "method": _("way"), "outcome": _("what came of it"),
}  # fmt: skip


class Section(NamedTuple):
    """One table ready to print."""

    title: Any
    heads: list[Any]
    rows: list[list[str]]

    @property
    def facts(self) -> list[tuple[Any, str]]:
        """Of a single row: what is known, each with its name."""
        return [
            (head, value) for head, value in zip(self.heads, self.rows[0], strict=True) if value
        ]


def section(table: Table, zone: str) -> Section:
    """The columns that say something to a person, and the rows in words."""
    shown = [
        (place, name)
        for place, name in enumerate(table.columns)
        if name not in HIDDEN and name != "id" and not name.endswith("_id")
    ]
    rows = [[_said(table, name, row[place], zone) for place, name in shown] for row in table.rows]
    return Section(table.title, [LABELS[name] for _place, name in shown], rows)


def _said(table: Table, column: str, value: Any, zone: str) -> str:
    if value is None or value == "" or value == []:
        return ""
    if column in table.words and not isinstance(value, list):
        return str(table.words[column].get(value, value))
    if column == "flag" and isinstance(value, str):
        return _sign(value)
    if isinstance(value, list):
        return ", ".join(filter(None, (_one(column, place, v) for place, v in enumerate(value))))
    if isinstance(value, Decimal):
        return load_words(value) if column == "load_kg" else number(value)
    return _plain(value, zone)


def _sign(key: str) -> str:
    """A warning sign in the words that the patient read."""
    known: dict[str, str] = {each["key"]: each["text"] for each in red_flags(language())}
    return known.get(key, key)


def _one(column: str, place: int, value: Any) -> str:
    """One of several: a day, a day's own time, a thing at home."""
    if column == "weekdays":
        return str(short_weekdays()[value])
    if isinstance(value, time):
        return f"{short_weekdays()[place]} {time_format(value, 'H:i')}"
    if not value:
        return ""
    return str((Channel if column == "channels" else Equipment)(value).label)


def _plain(value: Any, zone: str) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, datetime):
        return date_format(value.astimezone(ZoneInfo(zone)), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    return time_format(value, "H:i") if isinstance(value, time) else str(value)
