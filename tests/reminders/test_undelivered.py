"""Who was not reached: the care team's queue says so until a message arrives."""

import pytest

from accounts.scope import clinic_scope
from programs.decisions import services as decisions
from programs.models import Signal
from tests.reminders.scenes import a_program, planned, send

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])


def test_who_was_not_reached_is_in_the_queue_until_something_arrives(mail):
    program = a_program()
    mail.answers = ["554 never"]
    send(planned(program))
    assert [kind for kind, _facts in waiting(program)] == ["undelivered"]
    with clinic_scope(program.clinic_id):
        decisions.note_delivered(programs=[program.id])
    assert waiting(program) == []


def waiting(program):
    with clinic_scope(program.clinic_id):
        return list(Signal.objects.values_list("kind", "facts"))
