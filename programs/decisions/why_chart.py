"""The dose and the pain on the days of the logs that led to a change."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext as _

from programs.calendar import local_day
from programs.decisions import charts
from programs.decisions.changes import Change
from programs.decisions.panels import Names, panel
from programs.decisions.presenters import Context
from programs.decisions.reading import Told
from programs.limits import green_limit
from programs.models import DoseVersion, Program
from programs.wording import day_words


def why_chart(
    change: Change,
    program: Program,
    sessions: Sequence[Told],
    doses: Sequence[DoseVersion],
    names: Names,
) -> Context | None:
    """From the first of these logs to the change; None where no log led to it."""
    if not sessions:
        return None
    zone = program.patient.time_zone
    days = [each.session.local_date for each in sessions]
    changed, first = local_day(change.at, zone), min(days)
    sides = ("left", "right", "both") if change.side == "both" else (change.side, "both")
    mine = [each for each in doses if each.side in sides and each.at <= change.after.at]
    limit = green_limit(program)
    pains = ((each.session.local_date, _pain(each, change)) for each in sessions)
    data = charts.Picture(
        first=first,
        last=changed + timedelta(days=max(1, (changed - first).days // 4)),
        panels=(panel(mine, names, first, zone, named=False),),
        pains=tuple((day, pain) for day, pain in pains if pain is not None),
        calm=limit,
        named=tuple(sorted({*days, changed})),
    )
    words = charts.Words(
        title=_("The dose and the pain on these days"),
        text=_("From %(first)s to %(last)s.")
        % {"first": day_words(first), "last": day_words(changed)},
        pain=_("Pain"),
        limit=_("limit %(n)s") % {"n": limit},
    )
    return charts.layout(data, words, lambda day: day_words(day, "DAY_OF_YEAR"), name="why")


def _pain(told: Told, change: Change) -> int | None:
    """The newest word on the pain of this exercise."""
    mine = str(change.decision.prescription_id)
    return next((row["pain"] for row in reversed(told.pains) if row["prescription"] == mine), None)
