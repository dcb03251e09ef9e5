"""The patient's progress page: dose, pain and sessions on one axis, and why each change."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.roles import Actor
from programs.calendar import local_day, plan_of
from programs.decisions import charts
from programs.decisions.changes import Change, load_changes
from programs.decisions.panels import Names, panels, step_names
from programs.decisions.presenters import sentences_of
from programs.decisions.reading import Told, load_doses, load_told
from programs.decisions.week import said_context, week_lines
from programs.models import DoseVersion, Program, Session
from programs.own import CLOSED, own_program
from programs.tables import Row, table
from programs.wording import day_words, dose_words, side_words

Context = dict[str, Any]
WEEKS, MOST = 4, 400
COUNTED = {
    Session.Source.LIVE: "done",
    Session.Source.BACKFILLED: "later",
    Session.Source.STAFF: "staff",
}
SAID = """(
    select coalesce(json_agg(json_build_object(
        'body', m.body, 'at', m.at, 'name', a.name) order by m.at desc), '[]')
    from (
        select * from patients_message where patient_id = g.patient_id and not from_patient
        order by at desc limit 2) m
    join accounts_user a on a.id = m.author_id)"""


@dataclass(frozen=True)
class Journey:
    """A program as it went: four queries, however long it runs."""

    program: Program
    today: date
    everything: bool
    sessions: list[Told]
    doses: list[DoseVersion]
    changes: list[Change]
    names: Names

    @cached_property
    def first(self) -> date:
        start = self.program.start_on
        if self.everything:
            return start
        return max(start, self.today - timedelta(weeks=WEEKS))

    @cached_property
    def shown(self) -> list[Told]:
        """Sessions in which anything was done or told, of the time shown."""
        return [
            each
            for each in self.sessions
            if (each.sets or each.pains) and each.session.local_date >= self.first
        ]

    def day(self, change: Change) -> date:
        return local_day(change.at, self.program.patient.time_zone)


def told_program(actor: Actor) -> Program | None:
    """The newest program with its closed days and the newest words of the care team."""
    return own_program(actor, closed=CLOSED, said=SAID)


def read_journey(program: Program, today: date, *, everything: bool) -> Journey:
    doses = load_doses(program.id, today)
    first = None if everything else today - timedelta(weeks=WEEKS)
    sessions = load_told(program.id, MOST, since=first, shown=True)
    since = noon(first - timedelta(days=1)) if first else None
    changes = load_changes(program.id, since=since)
    names = step_names(program)
    return Journey(program, today, everything, sessions, doses, changes, names)


def noon(day: date) -> datetime:
    """An instant of about that day, whatever the zone; what is shown is chosen by local day."""
    return datetime.combine(day, time(12), UTC)


def progress_context(journey: Journey) -> Context:
    """The page, ready to print; without a chart while nothing was logged."""
    zone = journey.program.patient.time_zone
    said = said_context(getattr(journey.program, "said", []), zone, journey.today)
    if not journey.shown:
        return {"chart": None, "start_url": reverse("programs:today"), "said": said}
    numbered, states = _numbered(journey), set(map(_state, journey.shown))
    return {
        "said": said,
        "week": _week(journey),
        "ranges": _ranges(journey),
        "figures": _figures(journey),
        "chart": _chart(journey, numbered),
        "later": "later" in states,
        "staff": "staff" in states,
        "reasons": [_reason(journey, number, change) for number, change in reversed(numbered)],
        "table": _table(journey.shown),
    }


def _week(journey: Journey) -> list[str]:
    """Only while the program runs: a lock or a pause has its own words on today's page."""
    if journey.program.status != Program.Status.ACTIVE:
        return []
    pains = [(each.session.local_date, highest(each)) for each in journey.sessions]
    told = [(day, pain) for day, pain in pains if pain is not None]
    plan = plan_of(journey.program, getattr(journey.program, "closed", None))
    return week_lines(journey.sessions, told, plan, journey.today)


def _numbered(journey: Journey) -> list[tuple[int, Change]]:
    """Changes of the time shown, from 1, the oldest first."""
    found = [each for each in reversed(journey.changes) if journey.day(each) >= journey.first]
    return list(enumerate(found, start=1))


def _ranges(journey: Journey) -> list[Context]:
    here = reverse("programs:progress")
    return [
        {"label": _("4 weeks"), "url": here, "current": not journey.everything},
        {"label": _("All"), "url": f"{here}?all=1", "current": journey.everything},
    ]


def _figures(journey: Journey) -> list[Context]:
    done = sum(each.done for each in journey.shown)
    pains = [pain for each in journey.shown if (pain := highest(each)) is not None]
    return [
        {"value": done, "unit": _of_due(journey, done), "label": _("sessions done")},
        _reps_now(journey),
        {
            "value": pains[-1] if pains else "–",
            "unit": _("of 10"),
            "label": _from(_("last pain"), pains),
        },
    ]


def _of_due(journey: Journey, done: int) -> str:
    """How many were due up to yesterday, and today's once it is done; never fewer than done."""
    plan = plan_of(journey.program, getattr(journey.program, "closed", None))
    days = sum(1 for _day in plan.days(journey.first, journey.today - timedelta(days=1)))
    trained = any(each.done and each.session.local_date == journey.today for each in journey.shown)
    return _("of %(n)s") % {"n": max(done, days * plan.times_a_day + trained)}


def _reps_now(journey: Journey) -> Context:
    """What the first exercise stands at, and what it came from."""
    first = journey.doses[0].prescription_id
    mine = [each for each in journey.doses if each.prescription_id == first]
    now = {each.side: each for each in mine}
    reps = sorted({each.reps for each in now.values()})
    then = [each.reps for each in mine if each.number == 1]
    return {
        "value": "/".join(map(str, reps)),
        "unit": pgettext("reps, short", "reps"),
        "label": _from(_("a set"), [*then, reps[-1]]),
    }


def _from(label: str, values: list[int]) -> str:
    """The label, with the number it began at where that is another."""
    if not values or values[0] == values[-1]:
        return label
    return _("%(label)s, from %(n)s") % {"label": label, "n": values[0]}


def highest(told: Told) -> int | None:
    """The highest pain of a session, each exercise by its newest word."""
    newest = {row["prescription"]: row["pain"] for row in told.pains}
    return max(newest.values(), default=None)


def _chart(journey: Journey, numbered: list[tuple[int, Change]]) -> Context:
    limit, zone = journey.program.patient.clinic.pain_limit, journey.program.patient.time_zone
    pains = ((each.session.local_date, highest(each)) for each in journey.shown)
    data = charts.Picture(
        first=journey.first,
        last=journey.today,
        panels=tuple(panels(journey.doses, journey.names, journey.first, zone)),
        pains=tuple((day, pain) for day, pain in pains if pain is not None),
        days=tuple((each.session.local_date, _state(each)) for each in journey.shown),
        marks=tuple((journey.day(change), number) for number, change in numbered),
        limit=limit,
    )
    return charts.layout(data, _words(data, limit), lambda day: day_words(day, "DAY_OF_YEAR"))


def _state(told: Told) -> str:
    if not told.done:
        return "skipped"
    return COUNTED[Session.Source(told.session.source)]


def _words(data: charts.Picture, limit: int) -> charts.Words:
    told = {"sessions": len(data.days), "changes": len(data.marks)}
    return charts.Words(
        title=_("Dose, pain and sessions over time"),
        text=_("%(sessions)s sessions and %(changes)s changes. The table has the numbers.") % told,
        pain=_("Pain, 0 to 10"),
        limit=_("stop above %(limit)s") % {"limit": limit},
    )


def _reason(journey: Journey, number: int, change: Change) -> Context:
    said = sentences_of(change)
    day = journey.day(change)
    when = _("today") if day == journey.today else day_words(day, "DAY_OF_YEAR")
    title = f"{dose_words(change.after)}, {side_words(change.side)}"
    if len({each.prescription_id for each in journey.doses}) > 1:
        step = journey.names.get((change.after.prescription_id, change.after.step))
        title = f"{step.name}: {title}" if step else title
    return {
        "number": number,
        "title": title,
        "text": f", {when}. {' '.join(said[1:])}",
        "url": reverse("programs:decision-detail", args=[change.decision.id]),
    }


def _table(shown: list[Told]) -> SafeString:
    """The chart's numbers, newest first."""
    heads = (_("Day"), _("Left"), _("Right"), _("Pain"), _("Logged"))
    return table("did num", heads, map(_row, reversed(shown)), head="muted")


def _row(told: Told) -> Row:
    said = {"done": _("same day"), "later": _("later"), "staff": _("by staff")}
    pain = highest(told)
    cells = (
        _reps(told, "left"),
        _reps(told, "right"),
        "–" if pain is None else pain,
        said[COUNTED[Session.Source(told.session.source)]],
    )
    url = reverse("programs:session-record", args=[told.session.id])
    return Row(day_words(told.session.local_date), cells, url=url)


def _reps(told: Told, side: str) -> str:
    """What a side did, exercise by exercise."""
    rows: dict[str, list[Any]] = {}
    for row in told.holding:
        if row["side"] in (side, "both"):
            rows.setdefault(row["prescription"], []).append(row)
    done = [[str(s["reps"]) for s in sets if not s["skipped"]] for sets in rows.values()]
    return " / ".join(" · ".join(each) for each in done if each) or (_("skipped") if rows else "–")
