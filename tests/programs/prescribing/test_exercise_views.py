"""Prescribing from nothing: the page, its list of exercises, and what it says beside them."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from patients.models import Equipment
from programs.models import Draft, Prescription, Program, Template
from programs.prescribing.plan import load_source
from tests.desk.test_pages import FREE, Browser, look, post, queries, sign_in
from tests.factories import clinician_for
from tests.programs.prescribing.given import Desk, desk, make_searchable
from tests.programs.prescribing.test_views import browser

pytestmark = pytest.mark.django_db
ASSIGN, EXERCISES = "programs:program-assign", "programs:program-exercises"
NOTHING = {"template": "from-nothing"}


@pytest.fixture
def given() -> Desk:
    return desk(equipment=Equipment.values)


def page(client: Browser, given: Desk, **asked: str) -> Any:
    return look(client, ASSIGN, given.patient.id, **{**NOTHING, **asked})


def sheet(client: Browser, given: Desk, **changed: Any) -> dict[str, Any]:
    """Every field of the page as it stands, with these changed."""
    context = page(client, given).context
    forms = [context["form"], *context["form"].exercises]
    told = {field.html_name: field.value() for one in forms for field in one}
    plain = {name: "" if value is None else value for name, value in told.items()}
    return {**NOTHING, "listed": context["page"].listed, **plain, **changed}


def press(client: Browser, given: Desk, **pressed: Any) -> Any:
    return post(client, EXERCISES, given.patient.id, **sheet(client, given, **pressed))


def add(client: Browser, given: Desk, *slugs: str) -> None:
    for slug in slugs:
        press(client, given, add=f"hamstring-curl:{slug}")


def names(client: Browser, given: Desk) -> list[str]:
    return [each.name for each in page(client, given).context["page"].exercises]


def test_it_starts_with_nothing_and_says_so(given: Desk) -> None:
    text = page(browser(given), given).content.decode()
    for said in ("No exercise yet.", "Nothing to look ahead at yet", "pain lowers the dose"):
        assert said in text
    offered = look(browser(given), ASSIGN, given.patient.id).content.decode()
    assert "Start from nothing" in offered


def test_nothing_cannot_be_assigned_and_the_page_says_what_to_do(given: Desk) -> None:
    client = browser(given)
    answer = post(client, ASSIGN, given.patient.id, **sheet(client, given))
    assert answer.status_code == 422
    assert "A program needs an exercise. Add one, then assign it." in answer.content.decode()
    with given.scope():
        assert not Program.objects.exists()


def test_three_exercises_are_added_ordered_and_assigned(given: Desk) -> None:
    client = browser(given)
    add(client, given, "heel-slide", "bridge", "standing-curl-band")
    press(client, given, move="2-0", **{"x2-sets": "3"})
    answer = post(client, ASSIGN, given.patient.id, **sheet(client, given))
    assert answer.url == reverse("desk:patient-detail", args=[given.patient.id])
    with given.scope():
        rows = Prescription.objects.order_by("position")
        assert [row.doses.get(side="left").sets for row in rows] == [3, 2, 2]
        assert rows[0].steps.count() == 4
        assert not Draft.objects.exists()


def test_what_was_typed_stays_whatever_is_pressed(given: Desk) -> None:
    client = browser(given)
    add(client, given, "heel-slide")
    press(client, given, add="hamstring-curl:bridge", weeks="9", **{"x0-sets": "4"})
    assert sheet(client, given)["weeks"] == "9"
    press(client, given, remove="1", **{"x0-reps_from": "7"})
    told = sheet(client, given)
    assert (told["x0-sets"], told["x0-reps_from"]) == ("4", "7")
    assert names(client, given) == ["Heel slide"]


def test_a_press_twice_is_one_press(given: Desk) -> None:
    client = browser(given)
    told = sheet(client, given, add="hamstring-curl:bridge")
    for _ in range(2):
        answer = post(client, EXERCISES, given.patient.id, **told)
        assert answer.url.startswith(reverse(ASSIGN, args=[given.patient.id]))
    assert names(client, given) == ["Bridge on two legs"]


@pytest.mark.parametrize(
    "pressed",
    [
        {"add": "nowhere:bridge"},
        {"add": "x"},
        {"move": "1-a"},
        {"move": "7-0"},
        {"remove": "-1"},
        {},
    ],
)
def test_a_press_on_what_is_not_there_changes_nothing(given: Desk, pressed: dict[str, str]) -> None:
    client = browser(given)
    add(client, given, "heel-slide", "bridge")
    assert press(client, given, **pressed).status_code == 302
    assert names(client, given) == ["Heel slide", "Bridge on two legs"]


def test_a_page_with_other_exercises_is_not_assigned(given: Desk) -> None:
    client = browser(given)
    add(client, given, "heel-slide")
    stale = sheet(client, given)
    add(client, given, "bridge")
    answer = post(client, ASSIGN, given.patient.id, **stale)
    assert answer.status_code == 422
    assert "were changed elsewhere" in answer.content.decode()


def test_the_search_answers_with_a_list_and_without_htmx_with_the_page(given: Desk) -> None:
    make_searchable()
    client = browser(given)
    answer = press(client, given, look="1", find="heel", weeks="9")
    found = client.get(answer.url).context["page"].candidates.found
    assert [each.name for each in found[:2]] == ["Heel dig", "Heel slide"]
    assert sheet(client, given)["weeks"] == "9"
    client.defaults["HTTP_HX_REQUEST"] = "true"
    part = post(client, EXERCISES, given.patient.id, look="1", find="zumba", **NOTHING)
    assert "Nothing in the library has that name" in part.content.decode()
    assert "<html" not in part.content.decode()


def test_after_a_press_htmx_gets_the_sheet_and_the_keyboard_its_place(given: Desk) -> None:
    client = browser(given)
    add(client, given, "heel-slide", "bridge")
    told = sheet(client, given, move="0-1")
    client.defaults["HTTP_HX_REQUEST"] = "true"
    answer = post(client, EXERCISES, given.patient.id, **told)
    part = client.get(answer.url).content.decode()
    assert 'data-focus data-say="Heel slide is now 2 of 2."' in part
    assert "<html" not in part


def test_each_exercise_of_several_can_be_looked_ahead_at(given: Desk) -> None:
    client = browser(given)
    add(client, given, "heel-slide", "bridge")
    told = sheet(client, given, preview="1")
    seen = [post(client, ASSIGN, given.patient.id, **told, shown=n) for n in ("0", "1", "9")]
    phones = [each.context["page"].preview.phone.name for each in seen]
    assert phones == ["Heel slide", "Bridge on two legs", "Heel slide"]
    assert look(client, "programs:program-fan", given.patient.id, shown="1").status_code == 200


def test_the_spread_of_nothing_says_so(given: Desk) -> None:
    answer = look(browser(given), "programs:program-fan", given.patient.id, **NOTHING)
    assert "There is no exercise yet." in answer.content.decode()


def test_more_than_four_exercises_are_a_caution_and_can_be_assigned(given: Desk) -> None:
    client = browser(given)
    add(client, given, "heel-slide", "bridge", "heel-dig", "nordic")
    assert not page(client, given).context["page"].preview.many
    add(client, given, "prone-curl")
    (said,) = page(client, given).context["page"].preview.many
    assert said.startswith("5 exercises, about ")
    assert post(client, ASSIGN, given.patient.id, **sheet(client, given)).status_code == 302


def test_what_the_patient_does_not_own_is_said_beside_the_exercise() -> None:
    given = desk(equipment=["chair"])
    client = browser(given)
    add(client, given, "heel-slide", "standing-curl-band")
    mat, band = (each.cautions for each in page(client, given).context["page"].exercises)
    assert mat == ("Needed from day one, not noted as owned: mat.",)
    assert band == (
        "Needed from day one, not noted as owned: yellow band.",
        "Needed for later steps, not noted as owned: blue band, green band, red band.",
    )


def test_a_step_that_is_locked_for_the_patient_is_named_with_its_day() -> None:
    given = desk(equipment=Equipment.values, graft="hamstring", resisted_not_before="2027-01-04")
    client = browser(given)
    add(client, given, "heel-slide", "standing-curl-band")
    free, locked = (each.cautions for each in page(client, given).context["page"].exercises)
    assert free == ()
    assert locked[0].startswith("Locked until 4 January 2027: Looped band, yellow")


def test_a_fault_stands_with_the_exercise_it_is_about() -> None:
    given = desk(equipment=Equipment.values, graft="hamstring")
    client = browser(given)
    add(client, given, "heel-slide", "bridge")
    answer = post(client, ASSIGN, given.patient.id, **sheet(client, given))
    first, second = answer.context["form"].exercises
    assert (answer.status_code, first.errors, list(second.errors)) == (422, {}, ["steps"])
    assert "Bridge on two legs: After this operation" in answer.content.decode()


def test_that_nothing_lowers_the_dose_on_pain_is_said_beside_the_rules(given: Desk) -> None:
    client = browser(given)
    add(client, given, "bridge")
    assert not page(client, given).context["page"].rule_cautions
    post(client, "programs:program-rule", given.patient.id, 1, remove="1")
    (said,) = page(client, given).context["page"].rule_cautions
    assert said.startswith("No rule lowers the dose when it hurts.")


def test_a_preview_brings_the_cautions_to_their_places() -> None:
    given = desk(equipment=[])
    client = browser(given)
    add(client, given, "heel-slide", "bridge")
    told = sheet(client, given, preview="1")
    client.defaults["HTTP_HX_REQUEST"] = "true"
    part = post(client, ASSIGN, given.patient.id, **told).content.decode()
    for place in ("x0-cautions", "x1-cautions", "many"):
        assert f'id="{place}" hx-swap-oob="true"' in part


def test_a_program_may_start_on_a_later_day(given: Desk) -> None:
    client = browser(given)
    add(client, given, "bridge")
    told = sheet(client, given, start_on="2026-12-07")
    answer = post(client, ASSIGN, given.patient.id, **told)
    with given.scope():
        assert Program.objects.get().start_on.isoformat() == "2026-12-07"
    assert "Assigned from Mon 7 Dec on." in client.get(answer.url).content.decode()


def test_the_list_is_changed_by_post_only_and_by_nobody_else(given: Desk) -> None:
    assert look(browser(given), EXERCISES, given.patient.id).status_code == 405
    told = {**NOTHING, "add": "hamstring-curl:bridge"}
    stranger = sign_in(user_id=clinician_for().user_id)
    assert post(stranger, EXERCISES, given.patient.id, **told).status_code == 404
    colleague = sign_in(user_id=clinician_for(clinic=given.patient.clinic).user_id)
    assert post(colleague, EXERCISES, given.patient.id, **told).status_code == 403
    with given.scope():
        assert not Draft.objects.exists()


def test_three_exercises_cost_ten_queries_to_look_at(given: Desk) -> None:
    client = browser(given)
    add(client, given, "heel-slide", "bridge", "nordic")
    assert queries(client, ASSIGN, given.patient.id) <= 10


def test_what_began_with_nothing_is_kept_as_a_template_once_it_has_an_exercise(given: Desk) -> None:
    client = browser(given)
    post(client, ASSIGN, given.patient.id, save="1", **sheet(client, given))
    told = {"name_en": "Bridges", "follows": "new"}
    empty = post(client, "programs:template-save", given.patient.id, **told)
    assert "A template needs an exercise." in empty.content.decode()
    add(client, given, "bridge")
    post(client, "programs:template-save", given.patient.id, **told)
    with given.scope():
        kept = Template.objects.get(name__en="Bridges")
    assert load_source(template=kept).exercises[0].title == "Bridge on two legs"
    assert "From nothing" not in look(client, "programs:template-list").content.decode()


def test_assigning_three_exercises_costs_sixteen_queries(given: Desk) -> None:
    client = browser(given)
    add(client, given, "heel-slide", "bridge", "nordic")
    told = sheet(client, given)
    with CaptureQueriesContext(connection) as seen:
        post(client, ASSIGN, given.patient.id, **told)
    counted = [one["sql"] for one in seen if not any(word in one["sql"] for word in FREE)]
    assert len([sql for sql in counted if "django_session" not in sql]) <= 16 - 1


def test_what_was_typed_on_a_page_of_other_exercises_is_not_taken_for_these(given: Desk) -> None:
    client = browser(given)
    add(client, given, "bridge", "heel-slide")
    old = sheet(client, given, **{"x0-sets": "7"})
    press(client, given, remove="0")
    for pressed in ({}, {"save": "1"}, {"rule": "0"}, {"preview": "1"}):
        answer = post(client, ASSIGN, given.patient.id, **old, **pressed)
        form = answer.context["form"]
        assert [each["sets"].value() for each in form.exercises] == [2]
        assert "exercises" in " ".join(form.non_field_errors())
    with given.scope():
        assert not Program.objects.exists()
        assert Draft.objects.get().told["x0-sets"] != ["7"]
