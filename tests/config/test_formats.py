from datetime import UTC, datetime

import pytest
from django.utils import translation
from django.utils.formats import date_format

WEDNESDAY = datetime(2026, 11, 4, 18, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Wednesday 4 November"), ("es", "miércoles 4 de noviembre")],
)
def test_a_long_day_is_said_as_its_language_says_it(language: str, said: str) -> None:
    with translation.override(language):
        assert date_format(WEDNESDAY, "LONG_DAY") == said


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Wed 4 Nov, 18:05"), ("es", "mié 4 nov, 18:05")]
)
def test_short_months_are_small_letters_in_spanish(language: str, said: str) -> None:
    with translation.override(language):
        assert date_format(WEDNESDAY, "DAY_AND_TIME") == said
