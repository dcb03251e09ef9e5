"""What \"not today\" looks like on today's page: the choices, and the answer to each."""

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.logging.declining import Declined, Reason

Context = dict[str, Any]
BACK = (2, 4, 7, 14)


def choices() -> list[Context]:
    """The reasons, each a button."""
    return [{"value": value, "label": label} for value, label in Reason.choices]


def answer(declined: Declined, *, minutes: int, next_label: str, movable: bool) -> Context:
    """One useful answer to the reason, with what can be done about it here and now."""
    title, text, action = _answers(minutes)[Reason(declined.reason)]
    return {
        "reason": Reason(declined.reason).label,
        "title": title,
        "text": text,
        "action": action,
        "backs": _backs(declined) if declined.reason == Reason.AWAY else [],
        "back_label": _back_label(declined),
        "next_label": "" if declined.back_on else _next(next_label, movable),
        "start_url": reverse("programs:session-start"),
        "write_url": reverse("programs:messages"),
    }


def _answers(minutes: int) -> dict[Reason, tuple[str, str, str]]:
    """Title, text, and which button stands below: hurts, start, write or none."""
    half = {"n": max(1, round(minutes / 2))}
    return {
        Reason.PAIN: (
            _("Then let us look at the pain first"),
            _("Tell us what hurts. It takes a few taps, and your clinician sees it."),
            "hurts",
        ),
        Reason.TIME: (
            _("A short one counts too"),
            _("Half of the sets is a whole session for us. That takes about %(n)s min.") % half,
            "start",
        ),
        Reason.TIRED: (
            _("Rest is fine"),
            _("If you like, do the first set and see. Half of the sets counts as a session."),
            "start",
        ),
        Reason.ILL: (
            _("Get well first"),
            _("Nothing is due until then, and nothing counts as missed."),
            "",
        ),
        Reason.EQUIPMENT: (
            _("Do what you can without it"),
            _("Skip what you can’t do and say why. Is it gone for longer? Then write to us."),
            "both",
        ),
        Reason.AWAY: (
            _("When are you back?"),
            _("We plan nothing until then, and nothing counts as missed."),
            "",
        ),
        Reason.OTHER: (
            _("That is fine"),
            _("If something stands in the way more often, write to us. We can change the plan."),
            "write",
        ),
    }


def _backs(declined: Declined) -> list[Context]:
    days = [declined.day + timedelta(days=days) for days in BACK]
    return [
        {
            "value": day.isoformat(),
            "label": date_format(day, "LONG_DAY"),
            "chosen": day == declined.back_on,
        }
        for day in days
    ]


def _back_label(declined: Declined) -> str:
    if not declined.back_on:
        return ""
    return _("We start again on %(day)s.") % {"day": date_format(declined.back_on, "LONG_DAY")}


def _next(next_label: str, movable: bool) -> str:
    if not movable:
        return next_label
    return _("You can also train tomorrow. That counts just as well.")


def latest_back(day: date) -> date:
    """The last day that may be chosen."""
    return day + timedelta(days=max(BACK))
