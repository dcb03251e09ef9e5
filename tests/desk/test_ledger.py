"""Decisions that were made, as the patient page lists them."""

import re

import pytest
from django.utils.safestring import SafeString

from desk.ledger import folded
from desk.presenters import Made
from tests.conftest import NOW
from tests.desk.test_pages import look, sign_in
from tests.programs.people import make_person


def made(title: str, run: str = "") -> Made:
    words = dict.fromkeys(("before", "after", "by", "reason", "said", "undo_url"), "")
    return Made(
        key="", day=NOW.date(), day_words="", kind="hold", title=title, facts=SafeString(""),
        run=run, **words,
    )  # fmt: skip


def test_another_decision_ends_a_run_of_overtaken_proposals() -> None:
    rows = [made("Left", "1"), made("Right", "2"), made("Left", "1"), made("More")]
    lines = [each.title for each in folded([*rows, made("Left", "1")])]
    assert lines == ["Left, 2 times", "Right", "More", "Left"]


@pytest.mark.django_db
def test_proposals_left_unanswered_are_one_line() -> None:
    person = make_person(NOW, sets=3, reps=12)
    at = person.train_for(NOW, 5)
    answer = look(sign_in(person), "desk:patient-detail", person.patient.id, at=at)
    page = answer.content.decode()
    lines = re.findall(r"<summary>.*?<span>(Proposal.*?)</span></summary>", page)
    assert lines == ["Proposal overtaken, both legs, 3 times"]
