"""The days of a program: the rules' own where the clinician keeps them, else the clinician's."""

from dataclasses import replace
from typing import Any

import pytest

from programs.calendar import plan_of
from programs.models import Phase, Program
from programs.prescribing.plan import offered_days
from programs.schedule import due_slots
from tests.programs.prescribing.given import START, Desk, desk

pytestmark = pytest.mark.django_db


def under(schedule: dict[str, Any]) -> Desk:
    """The template with rules that say this of the days."""
    given = desk()
    template = given.source.template
    template.ruleset = {**template.ruleset, "schedule": schedule}
    return given


def days(given: Desk, program: Program, weeks: int = 2) -> list[int]:
    """Which days from the first one are due."""
    with given.scope():
        plan = plan_of(program)
    last = START.fromordinal(START.toordinal() + 7 * weeks - 1)
    return [(slot.local_date - START).days for slot in due_slots(plan, START, last)]


def test_without_a_schedule_the_weekdays_are_all() -> None:
    given = desk()
    assert given.assign().schedule == {}


def test_the_rules_weekdays_are_offered() -> None:
    assert offered_days(under({"weekdays": [1, 4]}).source.template) == (1, 4)


def test_every_other_day_is_kept_with_all_weekdays() -> None:
    given = under({"every_days": 2})
    program = given.assign()
    assert (program.weekdays, program.schedule) == (list(range(7)), {"every_days": 2})
    assert days(given, program, weeks=1) == [0, 2, 4, 6]


def test_days_that_the_clinician_chose_are_not_counted_otherwise() -> None:
    given = under({"every_days": 2, "times_a_day": 2})
    program = given.assign(replace(given.changes(), weekdays=(2, 3)))
    assert program.schedule == {"times_a_day": 2}
    assert days(given, program, weeks=1) == [0, 0, 1, 1]


def test_the_weeks_of_the_rules_hold_on_the_clinicians_days() -> None:
    weeks = [{"from": 1, "to": 1, "per_week": 1}, {"from": 2, "to": None, "per_week": 3}]
    given = under({"weeks": weeks})
    program = given.assign(replace(given.changes(), weekdays=(2, 4)))
    assert days(given, program) == [0, 7, 9]


def test_nothing_is_due_before_the_rules_first_day() -> None:
    given = under({"not_before_days": 3})
    assert min(days(given, given.assign())) >= 3


def test_the_first_phase_starts_with_its_program() -> None:
    given = desk()
    given.assign()
    with given.scope():
        assert Phase.objects.get().start_on == START
