"""Undo, a dose by hand and a clearance: each with a reason, each refused where it must be."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from accounts.roles import Role
from programs.decisions import services
from programs.decisions.entering import NOT_BEFORE
from programs.models import Decision, Finding, Program
from programs.progression.types import Dose
from tests.factories import CareLinkFactory, MembershipFactory
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya(now: datetime) -> Person:
    made = make_person(now)
    made.train_for(now, 2)
    return made


@pytest.fixture
def desk(maya: Person, now: datetime) -> Any:
    client = Client()
    client.force_login(User.objects.get(id=maya.clinician.user_id))
    with time_machine.travel(now + 4 * DAY, tick=False):
        yield client


@pytest.fixture
def assistant(maya: Person, now: datetime) -> Any:
    membership = MembershipFactory.create(clinic=maya.clinic, role=Role.ASSISTANT)
    CareLinkFactory.create(patient=maya.patient, user=membership.user)
    client = Client()
    client.force_login(membership.user)
    with time_machine.travel(now + 4 * DAY, tick=False):
        yield client


def rise(maya: Person) -> Decision:
    with maya.scope():
        return Decision.objects.filter(side="left").changes().latest("number")


def undo_url(maya: Person) -> str:
    return reverse("programs:decision-undo", args=[rise(maya).id])


def test_an_undo_asks_why_and_says_what_will_hold(desk: Client, maya: Person) -> None:
    page = desk.get(undo_url(maya)).content.decode()
    assert "left leg, 2\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}8" in page
    assert 'name="reason"' in page


def test_an_undo_without_a_reason_changes_nothing(desk: Client, maya: Person) -> None:
    answer = desk.post(undo_url(maya))
    assert answer.status_code == 422
    assert "Say why the change is taken back." in answer.content.decode()
    assert maya.dose().reps == 10


def test_an_undo_is_a_decision_with_its_reason_and_audited(desk: Client, maya: Person) -> None:
    desk.post(undo_url(maya), {"reason": "Too soon"})
    with maya.scope():
        made = Decision.objects.filter(side="left").latest("number")
    assert (made.kind, made.reason, maya.dose().reps) == ("undo", "Too soon", 8)
    assert AuditEvent.objects.filter(verbs__contains=["undo_decision"]).count() == 1


def test_an_assistant_is_offered_no_undo_and_refused_one(assistant: Client, maya: Person) -> None:
    url = undo_url(maya)
    page = assistant.get(reverse("desk:patient-detail", args=[maya.patient.id])).content.decode()
    assert url not in page
    assert assistant.post(url, {"reason": "x"}).status_code == 403
    made, by = rise(maya), replace(maya.clinician, role=Role.ASSISTANT)
    with maya.scope(), pytest.raises(PermissionDenied):
        services.undo_decision(decision=made, reason="x", by=by, at=made.at)


def dose_url(maya: Person) -> str:
    return reverse("programs:dose-change", args=[maya.prescription.id, "left"])


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"reason": ""}, "Say why the dose changes."),
        ({"reps": "40"}, "Reps: from 8 to 12 on this step."),
        ({"reps": "many"}, "Enter a whole number."),
        ({"load_kg": "3"}, "This step has no load."),
    ],
)
def test_a_wrong_dose_comes_back_with_the_error_beside_its_field(
    desk: Client, maya: Person, told: dict[str, str], fault: str
) -> None:
    whole = {"step": "0", "sets": "2", "reps": "8", "reason": "Seen today"}
    answer = desk.post(dose_url(maya), whole | told)
    assert answer.status_code == 422
    assert fault in answer.content.decode()
    assert maya.dose().reps == 10


def test_a_dose_by_hand_is_an_override_with_its_reason(desk: Client, maya: Person) -> None:
    desk.post(dose_url(maya), {"step": "0", "sets": "3", "reps": "9", "reason": "Strong"})
    with maya.scope():
        made = Decision.objects.filter(side="left").latest("number")
    assert (made.kind, made.approval, made.reason) == ("override", "clinician", "Strong")
    assert (maya.dose().sets, maya.dose().reps) == (3, 9)


def test_an_assistant_changes_reps_but_gives_no_step_up(assistant: Client, maya: Person) -> None:
    same = {"sets": "2", "reps": "9", "reason": "Seen today"}
    refused = assistant.post(dose_url(maya), {"step": "1", **same})
    assert "A step up needs a clinician." in refused.content.decode()
    assistant.post(dose_url(maya), {"step": "0", **same})
    assert (maya.dose().step, maya.dose().reps) == (0, 9)


def test_an_assistant_clears_nothing(assistant: Client, maya: Person, now: datetime) -> None:
    with maya.scope():
        services.report_red_flag(program=maya.program, flag="calf", by=maya.actor, at=now)
    page = assistant.get(reverse("desk:patient-detail", args=[maya.patient.id])).content.decode()
    url = reverse("programs:program-clear", args=[maya.program.id])
    assert url not in page
    assert assistant.post(url, {"reason": "x"}).status_code == 403
    assert maya.all(Program)[0].status == "locked"


def audited(verb: str, maya: Person, by: UUID) -> int:
    """How many audit rows say that this person did so to this patient."""
    rows = AuditEvent.objects.filter(verbs__contains=[verb], actor_id=by)
    return sum(row.patient_ids == [maya.patient.id] for row in rows)


def test_a_dose_by_hand_is_audited_and_keeps_its_reason(maya: Person, now: datetime) -> None:
    with maya.scope():
        made = services.override_dose(
            prescription=maya.prescription, sides=("left",), step=0, dose=Dose(sets=3, reps=8),
            reason="Knee calm", by=maya.clinician, at=now + 5 * DAY,
        )  # fmt: skip
    assert [(row.kind, row.reason) for row in made] == [("override", "Knee calm")]
    assert audited("override_dose", maya, maya.clinician.user_id) == 1


def test_an_opened_lock_is_audited_and_keeps_its_reason(maya: Person, now: datetime) -> None:
    at = now + 5 * DAY
    with maya.scope():
        services.report_red_flag(program=maya.program, flag="calf", by=maya.actor, at=at)
        rows = services.clear_lock(
            program=maya.program, reason="Seen in clinic", by=maya.clinician, at=at + DAY
        )
    assert [row.reason for row in rows] == ["Seen in clinic"]
    assert audited("clear_lock", maya, maya.clinician.user_id) == 1


def test_a_resisted_date_is_audited_and_keeps_its_reason(maya: Person, now: datetime) -> None:
    with maya.scope():
        services.set_resisted_date(
            patient=maya.patient, on=now.date(), reason="Graft is 12 weeks old",
            by=maya.clinician, at=now + 5 * DAY,
        )  # fmt: skip
    assert [(row.name, row.note) for row in maya.all(Finding)] == [
        (NOT_BEFORE, "Graft is 12 weeks old")
    ]
    assert audited("set_resisted_date", maya, maya.clinician.user_id) == 1
