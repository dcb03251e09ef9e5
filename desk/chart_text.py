"""A program's last weeks as plain text, to paste into a record kept elsewhere."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext

from desk.presenters import Made, PatientPage
from desk.rows import SessionRow
from desk.story import Told, state_of, state_words
from programs.schedule import due_slots
from programs.wording import day_and_year, day_words

WEEKS = 4
NOTHING = "–"


def chart_text(told: Told, page: PatientPage) -> str:
    """Program, doses, adherence, pain and decisions of the last four weeks, a line each."""
    first = max(told.first, told.today - timedelta(weeks=WEEKS) + timedelta(days=1))
    sessions = [each for each in told.sessions if first <= each.local_date <= told.today]
    return "\n".join(
        [
            f"{page.name}, {page.detail}",
            gettext("%(first)s to %(last)s")
            % {"first": day_and_year(first), "last": day_and_year(told.today)},
            "",
            *_program(page),
            "",
            *_sessions(told, first, sessions),
            "",
            *_decisions([each for each in page.made if first <= each.day <= told.today]),
            "",
        ]
    )


def _program(page: PatientPage) -> Iterator[str]:
    if card := page.card:
        yield f"{card.title}: {card.status_words}, {card.days}"
        for dose in card.doses:
            yield f"{dose.side_name}: {dose.step.dose}, {dose.step.name}"
        yield card.tempo


def _sessions(told: Told, first: date, sessions: Sequence[SessionRow]) -> Iterator[str]:
    due = due_slots(told.plan, first, told.today)
    done = sum(each.done for each in sessions)
    yield gettext("Sessions: %(done)s done, %(due)s due") % {"done": done, "due": len(due)}
    for each in sessions:
        line = gettext(
            "%(day)s: pain %(pain)s, pain next morning %(morning)s, effort %(effort)s"
        ) % {
            "day": day_words(each.local_date),
            "pain": _number(each.pain),
            "morning": _number(each.morning),
            "effort": _number(each.effort),
        }
        state = state_of(each)
        yield f"{line}, {state_words(state)}" if state in ("later", "staff") else line


def _number(value: int | None) -> str:
    return NOTHING if value is None else f"{value}/10"


def _decisions(made: Sequence[Made]) -> Iterator[str]:
    yield gettext("Decisions:") if made else gettext("No decision in these weeks.")
    for each in made:
        words = (f"{each.title}: {each.change}", each.by, each.reason)
        yield f"{each.day_words}: {'; '.join(filter(None, words))}"
