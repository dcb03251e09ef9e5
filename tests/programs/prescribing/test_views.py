from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from programs.models import DoseVersion, Program
from tests.desk.test_pages import FREE, Browser, look, post, queries, sign_in
from tests.factories import clinician_for
from tests.programs.prescribing.given import Desk, desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def given() -> Desk:
    return desk()


def browser(given: Desk) -> Browser:
    return sign_in(user_id=given.by.user_id)


def sent(client: Browser, given: Desk, **changed: Any) -> dict[str, Any]:
    """The form as the page offers it, with these fields changed."""
    form = look(client, "programs:program-assign", given.patient.id).context["form"]
    forms = [form, *form.exercises]
    told = {field.html_name: field.value() for one in forms for field in one}
    plain = {name: "" if value is None else value for name, value in told.items()}
    return {"template": "standing-curl", "start_on": "2026-11-25"} | plain | changed


def test_the_page_offers_the_template_as_it_is(given: Desk) -> None:
    page = look(browser(given), "programs:program-assign", given.patient.id)
    assert page.context["page"].changed == "as in the template"
    assert "Starts at" in page.content.decode()
    assert page.context["page"].preview.picture.results


def test_the_rules_read_as_sentences(given: Desk) -> None:
    page = look(browser(given), "programs:program-assign", given.patient.id).content.decode()
    assert "If pain during or after is <input" in page
    assert 'name="number_pain_down"' in page
    assert 'name="approval_more"' in page


def test_another_template_can_be_chosen(given: Desk) -> None:
    page = look(
        browser(given), "programs:program-assign", given.patient.id, template="weighted-curl"
    )
    assert page.context["page"].template_key == "weighted-curl"


def test_assigning_as_offered_makes_the_program(given: Desk) -> None:
    client = browser(given)
    answer = post(client, "programs:program-assign", given.patient.id, **sent(client, given))
    assert answer.status_code == 302
    assert answer.url == reverse("desk:patient-detail", args=[given.patient.id])
    with given.scope():
        assert Program.objects.get().patient_id == given.patient.id


def test_assigning_twice_makes_one_program(given: Desk) -> None:
    client = browser(given)
    told = sent(client, given)
    first = post(client, "programs:program-assign", given.patient.id, **told)
    again = post(client, "programs:program-assign", given.patient.id, **told)
    assert (first.url, again.status_code) == (again.url, 302)
    with given.scope():
        assert Program.objects.count() == 1


def test_two_changed_fields_are_drawn_and_assigned(given: Desk) -> None:
    client = browser(given)
    told = sent(client, given, **{"x0-sets": 3, "number_pain_down": 5})
    page = post(client, "programs:program-assign", given.patient.id, preview="1", **told)
    assert page.context["page"].changed == "2 fields differ from the template"
    post(client, "programs:program-assign", given.patient.id, **told)
    with given.scope():
        assert Program.objects.get().ruleset["parameters"]["pain_down"]["value"] == 5
        assert set(DoseVersion.objects.values_list("sets", flat=True)) == {3}


def test_a_preview_assigns_nothing(given: Desk) -> None:
    client = browser(given)
    told = sent(client, given)
    post(client, "programs:program-assign", given.patient.id, preview="1", **told)
    with given.scope():
        assert not Program.objects.exists()


def test_a_preview_for_htmx_is_the_partial_alone(given: Desk) -> None:
    client = browser(given)
    told = sent(client, given, preview="1")
    client.defaults["HTTP_HX_REQUEST"] = "true"
    page = post(client, "programs:program-assign", given.patient.id, **told).content.decode()
    assert 'id="preview"' in page
    assert "<html" not in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("x0-sets", 0),
        ("x0-reps_from", 31),
        ("x0-reps_to", 4),
        ("x0-up_s", ""),
        ("x0-range_deg", 200),
        ("x0-start", "nordic"),
        ("start_on", "2026-11-01"),
        ("start_on", "soon"),
        ("weeks", 99),
        ("number_pain_down", 10),
        ("approval_more", "always"),
    ],
)
def test_a_bad_value_is_shown_and_nothing_typed_is_lost(
    given: Desk, field: str, value: Any
) -> None:
    client = browser(given)
    told = sent(client, given, **{"x0-rest_s": 75}) | {field: value}
    page = post(client, "programs:program-assign", given.patient.id, **told)
    assert page.status_code == 422
    assert 'value="75"' in page.content.decode()
    assert "error" in page.content.decode()
    with given.scope():
        assert not Program.objects.exists()


def test_resisted_steps_without_their_date_are_refused_beside_the_steps() -> None:
    given = desk(graft="hamstring")
    client = browser(given)
    page = post(client, "programs:program-assign", given.patient.id, **sent(client, given))
    assert page.status_code == 422
    assert "After this operation" in page.content.decode()


def dapre(given: Desk, client: Browser, **changed: Any) -> dict[str, Any]:
    """The form of a scheme of which parts are derived."""
    page = look(client, "programs:program-assign", given.patient.id, template="machine-dapre")
    form = page.context["form"]
    told = {field.html_name: field.value() for one in (form, *form.exercises) for field in one}
    told = {name: "" if value is None else value for name, value in told.items()}
    told.pop("acknowledged")
    return {**told, "template": "machine-dapre", "start_on": "2026-11-25", **changed}


def test_what_is_not_published_must_be_acknowledged_before_assigning(given: Desk) -> None:
    client = browser(given)
    told = dapre(given, client, **{"x0-load_kg": "42.5"})
    page = post(client, "programs:program-assign", given.patient.id, **told)
    assert page.status_code == 422
    assert "Say that you know it" in page.content.decode()
    assert 'value="42.5"' in page.content.decode()
    with given.scope():
        assert not Program.objects.exists()


def test_an_acknowledgement_is_kept_and_on_record(given: Desk) -> None:
    client = browser(given)
    told = dapre(given, client, acknowledged="on", **{"x0-load_kg": "42.5"})
    post(client, "programs:program-assign", given.patient.id, **told)
    with given.scope():
        assert Program.objects.get().acknowledged_at
        assert {str(load) for load in DoseVersion.objects.values_list("load_kg", flat=True)} == {
            "42.50"
        }
    assert AuditEvent.objects.filter(verbs__contains=["acknowledge_unpublished"]).exists()


def test_a_load_between_two_steps_of_the_machine_is_refused_beside_it(given: Desk) -> None:
    client = browser(given)
    told = dapre(given, client, acknowledged="on", **{"x0-load_kg": "41"})
    page = post(client, "programs:program-assign", given.patient.id, **told)
    assert "in steps of 2.5 kg" in page.content.decode()


def test_a_schemes_source_sets_and_tables_are_shown(given: Desk) -> None:
    page = look(
        browser(given), "programs:program-assign", given.patient.id, template="machine-dapre"
    ).content.decode()
    assert "Knight 1985" in page
    assert "known from texts that cite it" in page
    assert "Test set only in the clinic." in page
    assert "set 4 follows set 3, by the table" in page
    assert 'name="number_less"' in page


def test_rules_that_are_published_ask_for_no_acknowledgement(given: Desk) -> None:
    page = look(browser(given), "programs:program-assign", given.patient.id)
    assert 'name="acknowledged"' not in page.content.decode()


def test_the_fan_is_drawn_the_same_each_time_with_its_numbers(given: Desk) -> None:
    client = browser(given)
    pages = [look(client, "programs:program-fan", given.patient.id) for _ in range(2)]
    first, second = (page.context["spread"] for page in pages)
    assert first == second
    assert "<title>Doses of 200 virtual patients by week</title><desc>" in first.chart
    assert first.chart.count("c-fan") == 3
    assert first.table.count("<tr>") == 13


def test_the_fan_for_htmx_is_the_fragment_alone(given: Desk) -> None:
    client = browser(given)
    told = sent(client, given, **{"x0-sets": 3})
    client.defaults["HTTP_HX_REQUEST"] = "true"
    page = post(client, "programs:program-fan", given.patient.id, **told).content.decode()
    assert "c-fan middle" in page
    assert "<html" not in page
    with given.scope():
        assert not Program.objects.exists()


def test_the_fan_costs_ten_queries(given: Desk) -> None:
    assert queries(browser(given), "programs:program-fan", given.patient.id) <= 10


def test_the_page_does_not_wait_for_the_fan(given: Desk) -> None:
    page = look(browser(given), "programs:program-assign", given.patient.id).content.decode()
    assert "c-fan" not in page
    assert f"{reverse('programs:program-fan', args=[given.patient.id])}?template=" in page


def test_a_colleague_off_the_team_may_not_prescribe(given: Desk) -> None:
    other = sign_in(user_id=clinician_for(clinic=given.patient.clinic).user_id)
    assert look(other, "programs:program-assign", given.patient.id).status_code == 403


def test_another_clinics_patient_is_not_found(given: Desk) -> None:
    other = sign_in(user_id=clinician_for().user_id)
    assert look(other, "programs:program-assign", given.patient.id).status_code == 404


@pytest.mark.parametrize("name", ["pause", "resume", "end"])
def test_a_program_is_changed_by_post_only(given: Desk, name: str) -> None:
    program = given.assign()
    assert look(browser(given), f"programs:program-{name}", program.id).status_code == 405


def test_a_pause_without_a_reason_changes_nothing(given: Desk) -> None:
    program = given.assign()
    post(browser(given), "programs:program-pause", program.id)
    with given.scope():
        assert Program.objects.get().status == "active"


def test_pausing_twice_is_safe(given: Desk) -> None:
    program, client = given.assign(), browser(given)
    for _ in range(2):
        post(client, "programs:program-pause", program.id, reason="away")
    with given.scope():
        assert Program.objects.get().interruptions.count() == 1


def test_a_dose_is_changed_from_the_patients_page(given: Desk) -> None:
    program, client = given.assign(), browser(given)
    with given.scope():
        prescription = program.prescriptions.get()
    told = {"step": 1, "sets": 2, "reps": 10, "reason": "strong"}
    answer = post(client, "programs:dose-change", prescription.id, "left", **told)
    assert answer.url == reverse("desk:patient-detail", args=[given.patient.id])
    with given.scope():
        assert DoseVersion.objects.get(side="left", number=2).reps == 10


def test_the_form_of_a_dose_starts_from_the_dose_as_it_is(given: Desk) -> None:
    program, client = given.assign(), browser(given)
    with given.scope():
        dose = DoseVersion.objects.get(side="left", prescription__program=program)
    form = look(client, "programs:dose-change", dose.prescription_id, "left").context["form"]
    shown = (form["step"].value(), form["sets"].value(), form["reps"].value())
    assert shown == (dose.step, dose.sets, dose.reps)
    assert look(client, "programs:dose-change", dose.prescription_id, "both").status_code == 404


def test_a_load_is_asked_for_only_where_a_step_takes_one(given: Desk) -> None:
    program, client = given.assign(), browser(given)
    with given.scope():
        steps = program.prescriptions.get().steps
        taken = any(each.bounds.get("load_g") for each in steps.all())
        place = steps.first().prescription_id
    form = look(client, "programs:dose-change", place, "left").context["form"]
    assert ("load_kg" in form.fields) == taken


def test_a_stranger_changes_no_dose(given: Desk) -> None:
    program = given.assign()
    with given.scope():
        prescription = program.prescriptions.get()
    other = sign_in(user_id=clinician_for(clinic=given.patient.clinic).user_id)
    told = {"step": 1, "sets": 2, "reps": 10}
    refused = post(other, "programs:dose-change", prescription.id, "left", **told)
    assert refused.status_code == 403
    with given.scope():
        assert not DoseVersion.objects.filter(number=2).exists()


def test_prescribing_costs_ten_queries_to_look_at(given: Desk) -> None:
    assert queries(browser(given), "programs:program-assign", given.patient.id) <= 10


def test_assigning_costs_sixteen_queries(given: Desk) -> None:
    client = browser(given)
    told = sent(client, given)
    with CaptureQueriesContext(connection) as seen:
        post(client, "programs:program-assign", given.patient.id, **told)
    counted = [one["sql"] for one in seen if not any(word in one["sql"] for word in FREE)]
    assert len([sql for sql in counted if "django_session" not in sql]) <= 16 - 1
