"""The phases of a program: which one holds, whether its weeks are over, and what comes next."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from desk.presenters import PhaseCard
from desk.rows import PhaseRow
from programs.models import Program
from programs.wording import day_words


def phase_card(phases: Sequence[PhaseRow], program: Program, today: date) -> PhaseCard | None:
    """What the program's card says of its phases; None where it has one."""
    if not phases[1:]:
        return None
    begun = [each for each in phases if not each.position or each.start_on]
    now, waiting = begun[-1], phases[len(begun) :]
    start = now.start_on or program.start_on
    coming = waiting[0] if waiting and program.status == Program.Status.ACTIVE else None
    return PhaseCard(
        words=_words(now, len(phases), start, today),
        over=_over(now.weeks, start, today),
        next=_next(coming) if coming else "",
        start_url=reverse("programs:phase-start", args=[coming.id]) if coming else "",
    )


def _words(now: PhaseRow, number: int, start: date, today: date) -> str:
    """Phase 1 of 2, or, named, Phase 2 of 2: Strength; then when it starts, or its week."""
    said = gettext("Phase %(n)s of %(of)s") % {"n": now.position + 1, "of": number}
    phase = f"{said}: {now.name}" if now.name else said
    if start > today:
        return gettext("%(phase)s, from %(day)s") % {"phase": phase, "day": day_words(start)}
    week = (today - start).days // 7 + 1
    if not now.weeks or week > now.weeks:
        return phase
    told = {"phase": phase, "week": week, "weeks": now.weeks}
    return gettext("%(phase)s, week %(week)s of %(weeks)s") % told


def _over(weeks: int | None, start: date, today: date) -> str:
    """That the weeks of the phase are over; no rule goes on by itself."""
    end = start + timedelta(weeks=weeks or 0)
    if not weeks or today < end:
        return ""
    said = ngettext(
        "Its %(n)s week is over since %(day)s.", "Its %(n)s weeks are over since %(day)s.", weeks
    )
    return said % {"n": weeks, "day": day_words(end)}


def _next(coming: PhaseRow) -> str:
    told = {"n": coming.position + 1, "name": coming.name}
    if not coming.name:
        return gettext("Start phase %(n)s") % told
    return gettext("Start phase %(n)s: %(name)s") % told
