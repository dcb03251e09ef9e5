"""No program passes the clinic's limits: prescribed, changed by hand, or accepted too late."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Clinic
from patients.models import Patient
from programs.decisions.extras import is_beyond
from programs.limits import limits_of, most_load
from programs.models import Program
from programs.prescribing import services
from programs.prescribing.pain_limit import check_pain
from programs.prescribing.rule_forms import RuleForm, values
from programs.prescribing.services import DoseWanted
from programs.progression import RulesetError, load_preset, override
from programs.progression.types import Limits, Span
from tests.conftest import NOW
from tests.desk.test_pages import post
from tests.programs.prescribing.given import Desk, desk
from tests.programs.prescribing.test_rule_forms import sent as as_sent
from tests.programs.prescribing.test_views import browser, sent
from tests.programs.progression.presets.given import machine

ASSIGN = "programs:program-assign"


@pytest.mark.parametrize(
    ("approval", "asked"), [("every", ("*",)), ("resisted", ("b",)), ("rules", ())]
)
def test_the_clinic_says_which_steps_up_need_a_person(
    approval: str, asked: tuple[str, ...]
) -> None:
    patient = Patient(clinic=Clinic(approval=approval, largest_step_percent=8, pain_limit=2))
    one, two, three = machine(40).ladder
    found = limits_of(patient, (one, two._replace(resisted=True), three))
    assert found == Limits(8, 2, asked)


@pytest.mark.parametrize(("load", "most"), [(40_000, 44_000), (2_000, 2_500)])
def test_a_load_rises_by_the_percent_or_by_one_step_of_the_equipment(load: int, most: int) -> None:
    assert most_load(Limits(largest_step_percent=10), Span(0, 60_000, 500), load) == most


@pytest.mark.parametrize(("percent", "beyond"), [(15, False), (5, True)])
def test_a_rise_proposed_under_a_larger_step_is_beyond_a_smaller_one(
    percent: int, beyond: bool
) -> None:
    state = machine(40, limits=Limits(largest_step_percent=percent))
    dose = state.side("left").dose._replace(load_g=44_000)
    made = override(state, "left", step=state.side("left").step, dose=dose, now=NOW, reason="x")
    assert is_beyond(state, made.sides[0]) is beyond


@pytest.mark.parametrize(
    ("preset", "most", "found"),
    [
        ("standing_curl_default", 3, []),
        ("standing_curl_default", 2, ["$.parameters.pain_ok"]),
        ("pain_monitoring", 1, ["$.parameters.pain_safe"]),
    ],
)
def test_only_a_pain_that_lets_a_dose_rise_is_held_to_the_limit(
    preset: str, most: int, found: list[str]
) -> None:
    assert [each.path for each in check_pain(load_preset(preset), most)] == found


def _limit(given: Desk, **limits: Any) -> None:
    Clinic.objects.filter(id=given.patient.clinic_id).update(**limits)
    given.patient.clinic.refresh_from_db()


@pytest.mark.django_db
def test_a_pain_above_the_limit_is_refused_beside_its_number() -> None:
    given = desk()
    _limit(given, pain_limit=2)
    client = browser(given)
    page = post(client, ASSIGN, given.patient.id, **sent(client, given, number_pain_ok=3))
    assert page.status_code == 422
    assert "At most 2: your clinic’s limit for pain." in page.content.decode()
    with given.scope():
        assert not Program.objects.exists()


@pytest.mark.django_db
def test_a_template_above_the_limit_starts_at_it_and_is_assigned_so() -> None:
    given = desk()
    _limit(given, pain_limit=2)
    client = browser(given)
    told = sent(client, given)
    assert told["number_pain_ok"] == 2
    post(client, ASSIGN, given.patient.id, **told)
    with given.scope():
        numbers = Program.objects.get().ruleset["parameters"]
    assert (numbers["pain_ok"]["value"], numbers["pain_down"]["value"]) == (2, 6)


@pytest.mark.django_db
def test_no_way_round_the_page_assigns_a_pain_above_the_limit() -> None:
    given = desk()
    _limit(given, pain_limit=2)
    with pytest.raises(RulesetError) as refused:
        given.assign()
    assert [each.code for each in refused.value.faults] == ["pain_limit"]


def test_a_rules_own_number_above_the_limit_is_refused_beside_it() -> None:
    ruleset = load_preset("standing_curl_default").raw
    place = next(n for n, rule in enumerate(ruleset["rules"]) if rule["tier"] == "progress")
    rule = {**ruleset["rules"][place], "if": {"fact": "pain", "le": 6}}
    told = as_sent(values(rule))
    free, held = (RuleForm(told, ruleset=ruleset, place=place, pain_limit=n) for n in (None, 5))
    assert free.is_valid(), free.errors
    assert not held.is_valid()
    assert held.errors["rule-if-le"] == ["At most 5: your clinic’s limit for pain."]


@pytest.mark.django_db
def test_leaving_a_step_and_coming_back_raises_no_load_beyond_the_largest_step() -> None:
    given = desk("weighted-curl")
    program = given.assign()
    _dose(given, program, DoseWanted(0, 2, 8), by_hour=1)
    with pytest.raises(services.DoseRefused, match="at most 15 %") as refused:
        _dose(given, program, DoseWanted(1, 2, 8, Decimal("2.0")), by_hour=2)
    assert refused.value.field == "load_kg"


def _dose(given: Desk, program: Program, wanted: DoseWanted, *, by_hour: int) -> None:
    with given.scope():
        services.change_dose(
            prescription=program.prescriptions.select_related("program__patient__clinic").get(),
            side="left",
            wanted=replace(wanted, reason="seen today"),
            by=given.by,
            at=NOW + timedelta(hours=by_hour),
        )
