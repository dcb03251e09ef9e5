"""What stands in the evidence report, as words: everything on record, and what is not met."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from desk.monitoring import wording
from desk.monitoring.clocks import of_episode
from desk.monitoring.reading import Monitored
from desk.presenters import Made
from desk.report.telling import decision_table
from patients.models import Patient
from programs.calendar import local_day
from programs.wording import day_and_year, language

NOTHING = "–"
TEMPLATE = Path(__file__).with_name("evidence.typ")
Rows = list[list[str]]


def evidence(
    found: Monitored, patient: Patient, made: Sequence[Made], now: datetime
) -> dict[str, Any]:
    """All of an episode, in the language that is active; nothing in it says "billable"."""
    today = local_day(now, found.zone.key)
    return {
        "lang": language(),
        "clinic": patient.clinic.name,
        "title": _("Remote monitoring: %(name)s") % {"name": patient.name},
        "detail": _about(patient),
        "made": _("Made on %(day)s") % {"day": day_and_year(today)},
        "facts": wording.facts(found),
        "note": wording.table_words(today),
        "limits": _(
            "This report says what was counted and who did what. Whether a service may be "
            "reported, and by whom, a person judges."
        ),
        "tables": list(_tables(found, made)),
        "attest": _(
            "I have read this record. Time and contacts under my name are as I noted them."
        ),
        "signed": [_("Name and credentials"), _("Signature"), _("Date")],
    }


def _about(patient: Patient) -> str:
    told = []
    if patient.birth_date:
        told.append(_("born %(day)s") % {"day": day_and_year(patient.birth_date)})
    if patient.chart_number:
        told.append(_("chart number %(number)s") % {"number": patient.chart_number})
    return ", ".join(told)


def _tables(found: Monitored, made: Sequence[Made]) -> Iterator[dict[str, Any]]:
    rows: Rows = [
        [
            wording.span(each),
            wording.days_words(len(each.days)),
            wording.listed(each.days) or NOTHING,
        ]
        for each in found.windows
    ]
    head = [_("Thirty days"), _("with data"), _("Days with data")]
    yield _table(_("Days with data"), head, [0, 0, 1], rows)
    rows = [
        [wording.month_words(each), wording.minutes_words(each.minutes), str(each.contacts)]
        for each in found.months
    ]
    head = [_("Month"), _("Minutes"), _("Contacts in real time")]
    yield _table(_("Minutes by month"), head, [1, 0, 0], rows)
    head = [_("When"), _("Code"), _("asks for"), _("counted"), _("stands")]
    yield _table(_("Thresholds reached"), head, [0, 0, 1, 0, 1], list(_lines(found, met=True)))
    yield _table(_("Thresholds not reached"), head, [0, 0, 1, 0, 1], list(_lines(found, met=False)))
    head = [_("When"), _("min:s"), _("What for"), _("Who"), _("Note")]
    rows = [_noted(wording.time_row(row, found.zone)) for row in found.entries]
    yield _table(_("Time spent"), head, [0, 0, 1, 1, 1], rows)
    head = [_("When"), _("Kind"), _("How and outcome"), _("Who"), _("Note")]
    rows = [_noted(wording.contact_row(row, found.zone)) for row in found.contacts]
    yield _table(_("Contacts"), head, [0, 0, 1, 1, 1], rows)
    yield decision_table(made)


def _table(title: str, head: list[str], widths: list[int], rows: Rows) -> dict[str, Any]:
    none = _("None on record.")
    return {"title": title, "head": head, "widths": widths, "rows": rows, "none": none}


def _noted(row: wording.Noted) -> list[str]:
    return [row.when, row.how_much, row.what, row.who, row.mark or NOTHING]


def _lines(found: Monitored, *, met: bool) -> Iterator[list[str]]:
    """Each threshold of the episode, of each window and of each month."""
    told: list[tuple[str, list[wording.Line]]] = []
    once = of_episode(found.windows, education=found.education)
    told.append((_("Episode"), [wording.line(each) for each in once]))
    told += [(wording.span(each), wording.window_lines(each)) for each in found.windows]
    told += [(wording.month_words(each), wording.month_lines(each)) for each in found.months]
    for when, lines in told:
        for each in lines:
            if each.met == met:
                yield [when, each.code, each.needs, each.have, each.said]
