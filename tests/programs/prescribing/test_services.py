from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.models import AuditEvent, Change
from accounts.roles import Role
from programs.models import Decision, DoseVersion, Interruption, Program, Signal
from programs.prescribing import services
from programs.prescribing.services import DoseWanted
from programs.progression import RulesetError
from tests.conftest import NOW
from tests.programs.prescribing.given import START, Desk, desk

pytestmark = pytest.mark.django_db


def test_a_program_owns_its_ladder_with_pinned_revisions() -> None:
    given = desk()
    program = given.assign()
    with given.scope():
        steps = list(program.prescriptions.get().steps.select_related("revision__exercise"))
    assert [step.position for step in steps] == list(range(7))
    assert steps[1].revision.exercise.slug == "standing-curl-limited"
    assert all(step.revision.state == "published" for step in steps)


def test_each_side_starts_at_the_entry_dose_of_the_first_step() -> None:
    given = desk()
    program = given.assign()
    with given.scope():
        doses = DoseVersion.objects.filter(prescription__program=program)
        found = {(row.side, row.number, row.step, row.sets, row.reps) for row in doses}
    assert found == {("left", 1, 1, 2, 8), ("right", 1, 1, 2, 8)}


def test_a_program_for_one_leg_has_one_dose() -> None:
    given = desk()
    program = given.assign(given.changes(sides="left"))
    with given.scope():
        sides = DoseVersion.objects.filter(prescription__program=program).values_list("side")
        assert list(sides) == [("left",)]


def test_what_differs_from_the_template_reaches_every_step_but_the_range_only_the_first() -> None:
    given = desk()
    program = given.assign(given.changes(sets=3, range_deg=40))
    with given.scope():
        steps = list(program.prescriptions.get().steps.all())
    assert {step.entry["sets"] for step in steps} == {3}
    assert steps[1].entry["range_deg"] == 40
    assert steps[2].entry["range_deg"] == 110


def test_the_bounds_end_at_the_chosen_reps() -> None:
    given = desk()
    program = given.assign(given.changes(reps_to=15))
    with given.scope():
        assert program.prescriptions.get().steps.all()[1].bounds["reps"]["high"] == 15


def test_a_program_lasts_the_chosen_weeks() -> None:
    program = desk().assign()
    assert program.start_on == START
    assert program.end_on == START + timedelta(days=12 * 7 - 1)


def test_a_changed_number_stands_in_the_programs_own_rules() -> None:
    given = desk()
    program = given.assign(replace(given.changes(), parameters={"pain_down": 5}))
    assert program.ruleset["parameters"]["pain_down"]["value"] == 5
    assert given.source.template.ruleset["parameters"]["pain_down"]["value"] == 6


def test_a_changed_approval_stands_in_the_programs_own_rules() -> None:
    given = desk()
    program = given.assign(replace(given.changes(), approvals={"more": "propose"}))
    assert [r["approval"] for r in program.ruleset["rules"] if r["id"] == "more"] == ["propose"]


def test_rules_with_a_fault_are_not_assigned() -> None:
    given = desk()
    with pytest.raises(RulesetError):
        given.assign(replace(given.changes(), parameters={"pain_down": 99}))
    with given.scope():
        assert not Program.objects.exists()


def test_a_second_program_is_refused_while_one_runs() -> None:
    given = desk()
    given.assign()
    with pytest.raises(services.AlreadyRuns):
        given.assign()
    with given.scope():
        assert Program.objects.count() == 1


def test_assigning_leaves_an_audit_row_and_a_change() -> None:
    given = desk()
    program = given.assign()
    assert Change.objects.filter(kind="program", subject=program.id).exists()
    assert AuditEvent.objects.get(verbs=["assign_program"]).patient_ids == [given.patient.id]


def test_resisted_steps_need_their_date_after_a_hamstring_graft() -> None:
    given = desk(graft="hamstring")
    with pytest.raises(services.NotAssignable) as refusal:
        given.assign()
    assert refusal.value.field == "steps"
    with given.scope():
        assert not Program.objects.exists()


def test_unticked_resisted_steps_can_be_assigned_without_the_date() -> None:
    given = desk(meniscus_repair=True)
    unresisted = ("heel-slide", "standing-curl-limited", "standing-curl")
    assert given.assign(given.changes(steps=unresisted)).status == "active"


def test_resisted_later_steps_can_be_assigned_with_the_date() -> None:
    given = desk(graft="hamstring", resisted_not_before=date(2027, 3, 1))
    assert given.assign().status == "active"


def test_a_resisted_first_step_waits_for_its_date() -> None:
    given = desk("weighted-curl", graft="hamstring", resisted_not_before=date(2027, 3, 1))
    with pytest.raises(services.NotAssignable) as refusal:
        given.assign()
    assert refusal.value.field == "start"


def test_a_pause_closes_the_days_from_today_on() -> None:
    given = desk()
    program = given.assign()
    _pause(given, program)
    with given.scope():
        pause = Interruption.objects.get(program=program)
        program.refresh_from_db()
    assert (pause.kind, pause.first_day, pause.last_day) == ("pause", date(2026, 11, 23), None)
    assert (program.status, pause.reason) == ("paused", "travelling")


def test_pausing_twice_changes_nothing() -> None:
    given = desk()
    program = given.assign()
    _pause(given, program)
    with pytest.raises(services.NotNow):
        _pause(given, program)


def test_resuming_ends_the_pause_yesterday() -> None:
    given = desk()
    program = given.assign()
    _pause(given, program)
    with given.scope():
        services.resume_program(program=program, by=given.by, at=NOW + timedelta(days=4))
        assert Interruption.objects.get(program=program).last_day == date(2026, 11, 26)
        program.refresh_from_db()
    assert program.status == "active"


def test_an_ended_program_leaves_the_queue_and_ends_today() -> None:
    given = desk()
    program = given.assign()
    with given.scope():
        Signal.objects.create(
            clinic_id=program.clinic_id,
            patient=given.patient,
            program=program,
            kind="stuck",
            since=NOW,
        )
        services.end_program(program=program, by=given.by, at=NOW + timedelta(days=9))
        program.refresh_from_db()
        assert not program.signals.exists()
    assert (program.status, program.end_on) == ("ended", date(2026, 12, 2))


def test_a_dose_by_hand_is_a_decision_of_its_own() -> None:
    given = desk()
    program = given.assign()
    _dose(given, program, DoseWanted(1, 2, 10, reason="strong today"))
    with given.scope():
        made = Decision.objects.get()
        assert (made.kind, made.side, made.reason) == ("override", "left", "strong today")
        assert made.by_id == given.by.user_id
        assert (made.after.number, made.after.reps) == (2, 10)


def test_a_dose_by_hand_on_another_step_starts_from_its_entry() -> None:
    given = desk()
    program = given.assign()
    _dose(given, program, DoseWanted(2, 2, 8))
    with given.scope():
        dose = DoseVersion.objects.get(prescription__program=program, number=2)
    assert (dose.step, dose.range_deg) == (2, 110)


@pytest.mark.parametrize(
    "wanted",
    [
        DoseWanted(1, 2, 40),
        DoseWanted(1, 9, 8),
        DoseWanted(60, 2, 8),
        DoseWanted(1, 2, 8, Decimal(3)),
    ],
)
def test_a_dose_beyond_the_bounds_is_refused(wanted: DoseWanted) -> None:
    given = desk()
    program = given.assign()
    with pytest.raises(services.DoseRefused):
        _dose(given, program, wanted)
    with given.scope():
        assert not Decision.objects.exists()


def test_a_load_rises_by_one_step_of_the_weight_at_most() -> None:
    given = desk("weighted-curl")
    program = given.assign()
    with pytest.raises(services.DoseRefused):
        _dose(given, program, DoseWanted(1, 2, 8, Decimal("1.5")))
    _dose(given, program, DoseWanted(1, 2, 8, Decimal("1.0")))
    with given.scope():
        assert DoseVersion.objects.get(number=2).load_kg == 1


def test_an_assistant_gives_no_step_up() -> None:
    given = desk()
    program = given.assign()
    given.by = replace(given.by, role=Role.ASSISTANT)
    with pytest.raises(services.DoseRefused):
        _dose(given, program, DoseWanted(2, 2, 8))


def test_a_resisted_step_by_hand_waits_for_its_date() -> None:
    given = desk(graft="hamstring", resisted_not_before=date(2027, 3, 1))
    program = given.assign()
    with pytest.raises(services.DoseRefused):
        _dose(given, program, DoseWanted(3, 2, 8))


def _pause(given: Desk, program: Program) -> None:
    with given.scope():
        services.pause_program(program=program, reason="travelling", by=given.by, at=NOW)


def _dose(given: Desk, program: Program, wanted: DoseWanted) -> None:
    with given.scope():
        services.change_dose(
            prescription=program.prescriptions.select_related("program__patient__clinic").get(),
            side="left",
            wanted=replace(wanted, reason=wanted.reason or "seen today"),
            by=given.by,
            at=NOW + timedelta(hours=1),
        )
