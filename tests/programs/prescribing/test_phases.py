"""The phases of a program: the first is assigned, each next one is started by a clinician."""

from copy import copy
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Clinic
from accounts.roles import Role
from desk.queries import told_of
from patients.models import Patient
from programs.decisions import services as decisions
from programs.decisions.facts import history_of
from programs.decisions.reading import load_case
from programs.logging import services as logs
from programs.logging.cards import next_card
from programs.logging.entries import as_planned
from programs.logging.plan import load_plan
from programs.models import Answer, DoseVersion, Phase, Program, Session, Signal
from programs.prescribing.dosing import DoseRefused, DoseWanted, change_dose
from programs.prescribing.giving import NotAssignable
from programs.prescribing.phases import NotNext, start_phase
from programs.progression import RulesetError
from tests.conftest import NOW
from tests.desk.test_pages import FREE, Browser, look, post, queries, sign_in
from tests.factories import clinician_for, patient_actor
from tests.programs.decisions.test_story import at_the_top, proposals
from tests.programs.people import DAY, Person
from tests.programs.prescribing.given import Desk, desk
from tests.programs.prescribing.test_views import browser

pytestmark = pytest.mark.django_db
BANDS = ["standing-curl-band-yellow", "standing-curl-band-red"]
STRENGTH: dict[str, Any] = {
    "name": {"en": "Strength", "es": "Fuerza"},
    "weeks": 6,
    "prescriptions": [
        {"ladder": "hamstring-curl", "steps": BANDS, "start": BANDS[0], "sides": "left"}
    ],
}
LAST = STRENGTH | {"name": {"en": "Running"}, "weeks": 2}
LATER = NOW + 4 * DAY


def phased(*phases: dict[str, Any], **patient: Any) -> Desk:
    """A desk whose template goes on with these phases."""
    given = desk(**patient)
    template = copy(given.source.template)
    template.body = template.body | {"phases": list(phases or [STRENGTH])}
    return replace(given, source=replace(given.source, template=template))


def trainee(given: Desk, **changed: Any) -> Person:
    """The patient on the first phase."""
    program = given.assign(replace(given.changes(**changed), start_on=NOW.date()))
    with given.scope():
        exercise = program.prescriptions.get()
    actor = patient_actor(given.patient)
    return Person(given.patient.clinic, given.patient, actor, given.by, program, exercise)


def begin(person: Person, at: datetime = LATER, position: int = 1) -> bool:
    """The clinician starts this phase."""
    with person.scope():
        phase = Phase.objects.get(program=person.program, position=position)
        return start_phase(phase=phase, by=person.clinician, at=at)


def sides(person: Person, day: date | None) -> list[str]:
    with person.scope():
        plan = load_plan(person.program, day=day)
    return [each.side for exercise in plan.exercises for each in exercise.sides]


def test_assigning_gives_the_first_phase_and_names_those_to_come() -> None:
    person = trainee(phased(STRENGTH, LAST))
    with person.scope():
        rows = Phase.objects.order_by("position").values_list("name", "weeks", "start_on")
        assert list(rows) == [("", 12, NOW.date()), ("Strength", 6, None), ("Running", 2, None)]
        assert person.program.prescriptions.count() == 1
    assert person.program.end_on == NOW.date() + timedelta(weeks=20, days=-1)


def test_a_phase_takes_the_place_of_the_one_before_from_its_day_on() -> None:
    person, today = trainee(phased()), LATER.date()
    assert begin(person)
    assert sides(person, today) == ["left"]
    assert sides(person, today - DAY) == ["left", "right"]
    with person.scope():
        dose = DoseVersion.objects.latest("at")
        program = Program.objects.get()
    assert (dose.number, dose.band_level, dose.at) == (1, 1, LATER)
    assert program.end_on == today + timedelta(weeks=6, days=-1)


def test_starting_a_phase_twice_starts_it_once() -> None:
    person = trainee(phased())
    assert [begin(person), begin(person)] == [True, False]
    with person.scope():
        assert person.program.prescriptions.count() == 2


def test_a_session_that_has_begun_is_ended_as_it_was_planned() -> None:
    person, today = trainee(phased()), LATER.date()
    session = person.start(LATER)
    begin(person)
    assert (sides(person, today), sides(person, today + DAY)) == (["left", "right"], ["left"])
    person.log(session, LATER)
    with person.scope():
        progress = logs.load_progress(Session.objects.select_related("program").get())
    assert {owner for owner, _side, _number in progress.sets} == {person.prescription.id}
    assert progress.plan.exercise(person.prescription.id)


def test_no_phase_is_left_out_and_none_starts_while_the_program_is_held() -> None:
    person = trainee(phased(STRENGTH, LAST))
    with pytest.raises(NotNext):
        begin(person, position=2)
    with person.scope():
        Program.objects.update(status="paused")
    with pytest.raises(NotNext):
        begin(person)
    assert sides(person, None) == ["left", "right"]


def test_only_a_clinician_starts_a_phase() -> None:
    person = trainee(phased())
    person.clinician = replace(person.clinician, role=Role.ASSISTANT)
    with pytest.raises(PermissionDenied):
        begin(person)


def test_no_time_that_passes_starts_a_phase() -> None:
    person, much_later = trainee(phased()), NOW + timedelta(weeks=15)
    with person.scope():
        decisions.decide_program(program=person.program.id, trigger="day.tick", at=much_later)
        assert Phase.objects.get(position=1).start_on is None
    assert sides(person, much_later.date()) == ["left", "right"]


def test_a_phase_is_held_to_the_clinics_limit() -> None:
    person = trainee(phased())
    Clinic.objects.update(pain_limit=2)
    with pytest.raises(RulesetError):
        begin(person)


def test_a_resisted_phase_waits_for_its_date_after_an_operation() -> None:
    given = phased(graft="hamstring")
    exercise = given.changes().exercises[0]
    plain = tuple(key for key in exercise.steps if "band" not in key)
    person = trainee(given, steps=plain)
    with pytest.raises(NotAssignable):
        begin(person)
    with given.scope():
        Patient.objects.update(resisted_not_before=LATER.date())
    assert begin(person)


def test_an_exercise_that_has_left_the_library_is_told() -> None:
    person = trainee(
        phased(STRENGTH | {"prescriptions": [STRENGTH["prescriptions"][0] | {"ladder": "x"}]})
    )
    with pytest.raises(NotAssignable):
        begin(person)


def test_decisions_look_at_the_phase_that_holds_and_its_own_sessions() -> None:
    person = trainee(phased())
    person.train(NOW)
    begin(person)
    with person.scope():
        case = load_case(person.program.id, LATER)
        (exercise,) = case.prescriptions
        history = history_of(case, exercise)
        assert (exercise.sides, history.sessions, dict(history.extra)["phase"]) == ("left", (), 2)
        whole = load_case(person.program.id, LATER, phases=True)
        assert len(whole.prescriptions) == 2


def test_the_rules_go_on_in_the_new_phase() -> None:
    person = trainee(phased())
    begin(person)
    with person.scope():
        person.prescription = person.program.prescriptions.latest("id")
    person.train_for(LATER + DAY, 2)
    assert (person.dose().number, person.dose().reps) == (2, 10)


def test_what_was_proposed_before_is_overtaken_and_is_out_of_the_queue(now: datetime) -> None:
    maya = at_the_top(now)
    later = maya.train_for(now, 2)
    with maya.scope():
        Phase.objects.create(
            clinic=maya.clinic, program=maya.program, position=1, weeks=6, planned=[]
        )
    begin(maya, later)
    assert proposals(maya) == []
    assert {each.kind for each in maya.all(Answer)} == {Answer.Kind.SUPERSEDED}
    assert maya.all(Signal) == []


def test_a_dose_of_a_phase_that_is_over_stays() -> None:
    person = trainee(phased())
    begin(person)
    wanted = DoseWanted(step=1, sets=3, reps=8, reason="Try")
    with person.scope(), pytest.raises(DoseRefused) as refused:
        change_dose(
            prescription=person.prescription,
            side="left",
            wanted=wanted,
            by=person.clinician,
            at=LATER,
        )
    assert "phase is over" in refused.value.message


def test_a_set_that_a_phone_sends_late_is_taken_under_its_old_dose() -> None:
    person = trainee(phased())
    with person.scope():
        today = load_plan(person.program, day=LATER.date())
        fake = Session(program=person.program, local_date=LATER.date())
        card = next_card(logs.Progress(fake, today, {}, {}))
    begin(person)
    session = person.start(LATER + timedelta(minutes=1))
    with person.scope():
        session = Session.objects.select_related("program").get(id=session.id)
        entry = as_planned(card, effort=5)
        logged = logs.log_set(session=session, entry=entry, by=person.actor, at=LATER)
    assert logged.row.prescription_id == person.prescription.id


def test_the_desks_lists_show_the_phase_that_holds() -> None:
    person = trainee(phased())
    begin(person)
    with person.scope():
        told, names = told_of([person.program.id], LATER.date())
    (dose,) = told[person.program.id].doses
    assert dose.side == "left"
    assert "yellow" in names[dose.prescription, dose.step]


def test_a_line_of_the_queue_tells_of_the_phase_that_holds() -> None:
    person = trainee(phased())
    begin(person)
    with person.scope(), connection.cursor() as cursor:
        cursor.execute("select queue_told(%s)::json", [person.program.id])
        told = cursor.fetchone()[0]
    assert [dose[1] for dose in told["doses"]] == ["left"]


def test_starting_a_phase_costs_sixteen_statements() -> None:
    given = phased()
    person, client = trainee(given), browser(given)
    person.train(NOW)
    look(client, "desk:patient-detail", given.patient.id, at=LATER)
    with person.scope():
        url = reverse("programs:phase-start", args=[Phase.objects.get(position=1).id])
    with time_machine.travel(LATER, tick=False), CaptureQueriesContext(connection) as seen:
        client.post(url)
    asked = [one["sql"] for one in seen if not any(word in one["sql"] for word in FREE)]
    assert len(asked) <= 16, [one[:90] for one in asked]


def test_the_patients_page_says_where_it_stands_and_offers_the_next_phase() -> None:
    given = phased(STRENGTH, LAST)
    person, client = trainee(given), browser(given)
    card = look(client, "desk:patient-detail", given.patient.id).context["page"].card
    assert card.phase.words == "Phase 1 of 3, week 1 of 12"
    assert (card.phase.over, card.phase.next) == ("", "Start phase 2: Strength")
    over = look(client, "desk:patient-detail", given.patient.id, at=NOW + timedelta(weeks=12))
    assert over.context["page"].card.phase.over.startswith("Its 12 weeks are over since")
    for _ in range(2):
        answer = client.ask("post", card.phase.start_url, LATER, {})
        assert answer.url == reverse("desk:patient-detail", args=[given.patient.id])
    card = look(client, "desk:patient-detail", given.patient.id, at=LATER).context["page"].card
    assert card.phase.words == "Phase 2 of 3: Strength, week 1 of 6"
    assert [each.side for each in card.doses] == ["left"]
    with person.scope():
        assert Phase.objects.filter(start_on=None).count() == 1


def test_a_program_of_one_phase_says_nothing_of_phases() -> None:
    given = desk()
    given.assign()
    page = look(browser(given), "desk:patient-detail", given.patient.id, at=NOW + 3 * DAY)
    assert page.context["page"].card.phase is None


def test_a_stranger_starts_no_phase() -> None:
    given = phased()
    person = trainee(given)
    with person.scope():
        phase = Phase.objects.get(position=1)
    for user, status in (
        (clinician_for().user_id, 404),
        (clinician_for(clinic=given.patient.clinic).user_id, 403),
    ):
        assert post(sign_in(user_id=user), "programs:phase-start", phase.id).status_code == status


def test_the_page_before_assigning_names_the_later_phases() -> None:
    given = phased()
    with given.scope():
        template = given.source.template
        template.pk, template.clinic, template.key = None, given.patient.clinic, "own-x"
        template.by_id, template.at = given.by.user_id, NOW
        template.save(force_insert=True)
    client: Browser = browser(given)
    page = look(client, "programs:program-assign", given.patient.id, template="own-x")
    assert "After it: Strength, 6 weeks." in page.content.decode()
    assert queries(client, "programs:program-assign", given.patient.id) <= 10
