"""The week in a few calm words: what was done, how the knee was. Nothing that was missed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.calendar import local_day
from programs.decisions.reading import Told
from programs.schedule import Plan
from programs.wording import day_words

CALM = 3
SHOWN = 400
Context = dict[str, Any]


def week_lines(
    sessions: Sequence[Told], pains: Sequence[tuple[date, int]], plan: Plan, today: date
) -> list[str]:
    """Sentences about this week from Monday on, and about the last where this has nothing yet."""
    monday = today - timedelta(days=today.weekday())
    days = {each.session.local_date for each in sessions if each.done}
    done = sum(monday <= day <= today for day in days)
    before = sum(monday - timedelta(days=7) <= day < monday for day in days)
    return [
        _done_words(done, before),
        *_pain_words([pain for day, pain in pains if day >= monday]),
        *_ahead(plan, today, trained=today in days),
    ]


def _done_words(done: int, before: int) -> str:
    if done:
        said = ngettext("You trained once this week.", "You trained %(n)s times this week.", done)
        return said % {"n": done}
    if before:
        said = ngettext("Last week you trained once.", "Last week you trained %(n)s times.", before)
        return said % {"n": before}
    return _("A new week. Start when you are ready.")


def _pain_words(pains: list[int]) -> list[str]:
    if not pains:
        return []
    told = {"pain": max(pains)}
    if max(pains) <= CALM:
        return [_("Your knee stayed calm: pain at most %(pain)s of 10.") % told]
    return [_("The highest pain was %(pain)s of 10. Your plan takes it into account.") % told]


def _ahead(plan: Plan, today: date, *, trained: bool) -> list[str]:
    """What this week still holds, as an offer."""
    first = today + timedelta(days=1) if trained else today
    sunday = today + timedelta(days=6 - today.weekday())
    left = [date_format(day, "l") for day in plan.days(first, sunday)]
    return [_("Still to come: %(days)s.") % {"days": ", ".join(left)}] if left else []


def said_context(words: list[dict[str, Any]], zone: str, today: date) -> list[Context]:
    """What the clinician said lately, the newest first."""
    made = []
    for row in words:
        day = local_day(datetime.fromisoformat(row["at"]), zone)
        when = _("today") if day == today else day_words(day, "DAY_OF_YEAR")
        text = Truncator(row["body"]).chars(SHOWN)
        made.append({"name": row["name"], "when": when, "text": text})
    return made
