"""Each rule that the database holds about programs, logs and decisions, broken once."""

from datetime import timedelta

import pytest

from programs.models import (
    Answer,
    CheckIn,
    Clearance,
    Decision,
    Discharge,
    DoseVersion,
    Draft,
    Finding,
    FurtherAnswer,
    Interruption,
    NotToday,
    PainReport,
    Phase,
    Prescription,
    PrescriptionStep,
    Program,
    QueueRow,
    Session,
    SessionNote,
    SessionReport,
    SetLog,
    Signal,
    Template,
    UsualPain,
)
from tests.broken import DAY, Broken, once, twice
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
PRESCRIBED = [
    twice("one_template_per_key_and_version", Template),
    once("a_clinics_template_was_saved_by_someone", Template, retired_at=NOW),
    twice("one_draft_per_person_and_patient", Draft),
    twice("one_running_program_per_patient", Program),
    once("program_ends_after_start", Program, end_on=DAY - timedelta(days=1)),
    once("program_days_are_weekdays", Program, weekdays=[]),
    once("program_days_are_weekdays", Program, weekdays=[7]),
    twice("one_open_interruption_per_kind", Interruption),
    twice("one_discharge_per_program", Discharge),
    once("a_discharge_says_what_to_do", Discharge, plan=""),
    once("a_discharge_says_what_to_do", Discharge, contact=""),
    twice("one_phase_per_position", Phase),
    twice("one_prescription_per_position", Prescription),
    twice("one_step_per_position", PrescriptionStep),
    twice("one_dose_version_per_number", DoseVersion),
    once("dose_sets_1_10", DoseVersion, sets=0),
    once("dose_sets_1_10", DoseVersion, sets=11),
    once("dose_reps_1_50", DoseVersion, reps=0),
    once("dose_reps_1_50", DoseVersion, reps=51),
    once("dose_load_0_200", DoseVersion, load_kg=-1),
    once("dose_load_0_200", DoseVersion, load_kg=201),
    once("dose_range_5_150", DoseVersion, range_deg=4),
    once("dose_range_5_150", DoseVersion, range_deg=151),
]
LOGGED = [
    twice("one_session_per_day_and_slot", Session),
    twice("one_log_per_set_and_revision", SetLog),
    once("log_reps_0_100", SetLog, reps=101),
    once("log_set_1_10", SetLog, number=0),
    once("log_set_1_10", SetLog, number=11),
    once("log_load_0_200", SetLog, load_kg=-1),
    once("log_load_0_200", SetLog, load_kg=201),
    once("a_skipped_set_has_no_reps", SetLog, skipped="tired"),
    once("set_effort_0_10", SetLog, effort=11),
    once("next_load_0_200", SetLog, next_kg=201),
    once("proposed_load_0_200", SetLog, proposed_kg=201),
    twice("one_pain_report_per_exercise", PainReport),
    once("pain_0_10", PainReport, pain=11),
    twice("one_report_per_session", SessionReport),
    once("effort_0_10", SessionReport, effort=11),
    twice("one_check_in_per_session", CheckIn),
    once("morning_pain_0_10", CheckIn, pain=11),
    twice("one_note_per_place_and_revision", SessionNote),
    once("a_first_note_says_something", SessionNote, text=""),
    once("usual_pain_0_10", UsualPain, pain=11),
    twice("one_not_today_per_reason", NotToday),
    once("back_after_not_today", NotToday, back_on=DAY),
    twice("one_clearance_per_flag", Clearance),
    once("clearance_has_a_reason", Clearance, reason=""),
]
DECIDED = [
    twice("one_decision_per_number", Decision),
    once("a_proposal_changes_nothing_yet", Decision, approval="propose"),
    once(
        "a_proposal_changes_nothing_yet",
        Decision,
        approval="propose",
        proposed={},
        after=DoseVersion,
    ),
    once("only_an_accepted_answer_has_a_dose", Answer, dose=None),
    once("only_an_accepted_answer_has_a_dose", Answer, kind="refused"),
    twice("one_signal_per_kind", Signal),
    twice("one_row_per_signal_and_clinician", QueueRow),
    twice("one_answer_per_name_and_revision", FurtherAnswer),
    once("an_answer_says_something", FurtherAnswer, value=""),
    once("a_finding_has_one_value", Finding, word="two"),
    once("a_finding_has_one_value", Finding, number=None),
]
BROKEN = PRESCRIBED + LOGGED + DECIDED


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_the_database_refuses_it(broken: Broken) -> None:
    broken.try_it()
