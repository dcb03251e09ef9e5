"""What the desk's pages read for what they show: at most so many rows for each row of a page."""

from datetime import datetime
from functools import partial

import pytest
import time_machine
from django.urls import reverse

from bench import people, scale
from bench.browser import Browser
from tests import flush

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_a_patients_page_reads_three_rows_for_each_that_it_shows(now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        practice = people.open_practice(now)
        lived = people.weeks_behind(practice, weeks=5)
        flush.settle()
        address = reverse("desk:patient-detail", args=[lived.patient.id])
        visit = partial(Browser(practice.user).get, address)
        cost = scale.measure("patient", visit, scale.shown_of(practice, lived))
    assert cost.ratio <= scale.MOST, cost.by_statement
