"""The pages of templates: the list, one with its versions, and saving from a patient's program."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Clinic
from programs.models import Draft, Template
from tests.desk.test_pages import Browser, look, post, queries
from tests.factories import clinician_for
from tests.programs.prescribing.given import Desk, desk
from tests.programs.prescribing.test_views import browser, sent, sign_in
from tests.programs.templating.given import NAME, save

pytestmark = pytest.mark.django_db
ASSIGN, SAVE = "programs:program-assign", "programs:template-save"
LIST, ONE = "programs:template-list", "programs:template-detail"


@pytest.fixture
def given() -> Desk:
    return desk()


def keep(client: Browser, given: Desk, **changed: Any) -> Any:
    """Press "Save as a template" on the page of the program, with these fields changed."""
    return post(client, ASSIGN, given.patient.id, save="1", **sent(client, given, **changed))


def own(given: Desk) -> list[Template]:
    with given.scope():
        return list(Template.objects.filter(clinic=given.patient.clinic).order_by("key", "version"))


def text(page: Any) -> str:
    return str(page.content.decode())


def test_the_list_shows_what_ships_and_says_how_to_make_ones_own(given: Desk) -> None:
    page = look(browser(given), LIST)
    shown = {each.name: each.contents for each in page.context["shipped"]}
    assert "None yet." in text(page)
    assert shown["Standing curl, at home"].when == "12 weeks, Mon, Wed, Fri"
    assert shown["Standing curl, at home"].source == "Flexion default, not validated"
    assert "each leg" in shown["Nordic curl, 10 weeks"].exercises[0].dose


def test_what_is_typed_is_saved_from_the_page_of_the_program(given: Desk) -> None:
    client = browser(given)
    answer = keep(client, given, **{"x0-sets": "4"})
    assert answer.url == reverse(SAVE, args=[given.patient.id])
    page = look(client, SAVE, given.patient.id)
    assert page.context["contents"].exercises[0].dose.startswith("4\u00a0×")
    for _ in range(2):
        saved = post(client, SAVE, given.patient.id, follows="new", name_en="Early ACL")
        assert saved.url == reverse(ASSIGN, args=[given.patient.id])
    (made,) = own(given)
    assert (made.name, made.version) == ({"en": "Early ACL"}, 1)
    assert "Early ACL, version 1" in text(look(client, ASSIGN, given.patient.id))


def test_a_saved_template_is_offered_and_assigned(given: Desk) -> None:
    made = save(given, given.changes(sets=4))
    client = browser(given)
    page = look(client, ASSIGN, given.patient.id, template=made.key)
    assert page.context["page"].template_name == "Early ACL"
    assert page.context["form"].exercises[0]["sets"].value() == 4


def test_the_next_version_keeps_the_name(given: Desk) -> None:
    made, client = save(given), browser(given)
    keep(client, given, **{"x0-sets": "4"})
    post(client, SAVE, given.patient.id, follows=made.key)
    assert [(each.version, each.name) for each in own(given)] == [(1, NAME), (2, NAME)]


def test_a_program_from_an_own_template_is_offered_as_its_next_version(given: Desk) -> None:
    made, client = save(given), browser(given)
    told = sent(client, given) | {"template": made.key}
    post(client, ASSIGN, given.patient.id, save="1", **told)
    form = look(client, SAVE, given.patient.id).context["form"]
    assert (form["follows"].value(), form["name_es"].value()) == (made.key, "LCA temprano")


def test_a_template_without_a_name_is_refused_beside_it(given: Desk) -> None:
    client = browser(given)
    keep(client, given)
    page = post(client, SAVE, given.patient.id, follows="new", name_es="LCA")
    assert (page.status_code, own(given)[0].name) == (302, {"es": "LCA"})
    page = post(client, SAVE, given.patient.id, follows="new")
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["name_en"])


def test_a_field_that_needs_checking_is_told_and_nothing_is_saved(given: Desk) -> None:
    client = browser(given)
    keep(client, given, **{"x0-sets": "0"})
    assert "needs checking first" in text(look(client, SAVE, given.patient.id))
    page = post(client, SAVE, given.patient.id, follows="new", name_en="Early ACL")
    assert (page.status_code, own(given)) == (422, [])


def test_the_clinics_limit_holds_for_a_template(given: Desk) -> None:
    client = browser(given)
    keep(client, given, number_pain_ok="3")
    Clinic.objects.filter(id=given.patient.clinic_id).update(pain_limit=2)
    assert (
        post(client, SAVE, given.patient.id, follows="new", name_en="Early ACL").status_code == 422
    )
    assert own(given) == []


def test_without_a_draft_there_is_nothing_to_save(given: Desk) -> None:
    answer = look(browser(given), SAVE, given.patient.id)
    assert answer["Location"] == reverse(ASSIGN, args=[given.patient.id])


def test_a_version_says_in_words_what_differs_from_the_one_before(given: Desk) -> None:
    first = save(given)
    changes = given.changes_of_all(weeks=6, parameters={"pain_down": 5})
    save(given, changes, follows=first.key)
    page = look(browser(given), ONE, first.id)
    newest, oldest = page.context["versions"]
    told = {each.label: each.words for each in newest.differences}
    assert told.pop("Weeks") == "<del>12</del> <ins>6</ins> weeks"
    assert set(told) == {"Rule “Step down”", "Rule “Hold”"}
    assert (
        "If pain during or after is <del>6</del> <ins>5</ins> or more" in told["Rule “Step down”"]
    )
    assert oldest.differences == ()
    assert "changed by your clinic" in text(page)


def test_a_template_is_renamed_retired_and_brought_back(given: Desk) -> None:
    made, client = save(given), browser(given)
    assert post(client, ONE, made.id, rename="1", name_en="").status_code == 422
    assert post(client, ONE, made.id, rename="1", name_en="Late ACL").status_code == 302
    for _ in range(2):
        assert post(client, ONE, made.id, retire="1").status_code == 302
    assert [each.name for each in look(client, LIST).context["retired"]] == ["Late ACL"]
    post(client, ONE, made.id, bring_back="1")
    assert [each.name for each in look(client, LIST).context["own"]] == ["Late ACL"]


def test_a_name_that_is_taken_is_refused(given: Desk) -> None:
    made = save(given)
    save(given, given.changes(sets=4), name={"en": "Late ACL"})
    page = post(browser(given), ONE, made.id, rename="1", name_en="late acl")
    assert "another template of this name" in text(page)


def test_a_phase_is_added_shown_and_removed(given: Desk) -> None:
    made, client = save(given), browser(given)
    other = save(given, given.changes_of_all(weeks=4), name={"en": "Late ACL"})
    assert post(client, ONE, made.id, add_phase="1", other="none").status_code == 422
    for _ in range(2):
        answer = post(client, ONE, made.id, add_phase="1", other=str(other.id))
    page = look(client, ONE, made.id)
    (later,) = page.context["contents"].later
    assert (later.words, later.exercises[0].name) == ("Late ACL, 4 weeks", "Small lift")
    assert page.context["versions"][0].differences[0].label == "Phase 2"
    assert "then" in text(look(client, LIST))
    assert answer.url == reverse(ONE, args=[made.id])
    post(client, ONE, page.context["template"].id, drop_phase="1")
    assert [each.version for each in own(given) if each.key == made.key] == [1, 2, 3]


def test_what_ships_stays_as_it_is(given: Desk) -> None:
    shipped = given.source.template
    client = browser(given)
    assert 'name="retire"' not in text(look(client, ONE, shipped.id))
    post(client, ONE, shipped.id, rename="1", name_en="Mine")
    post(client, ONE, shipped.id, retire="1")
    shipped.refresh_from_db()
    assert (shipped.retired_at, shipped.name["en"]) == (None, "Standing curl, at home")
    assert own(given) == []


def test_a_stranger_sees_nothing_of_another_clinics_templates(given: Desk) -> None:
    made = save(given)
    other = sign_in(user_id=clinician_for().user_id)
    assert look(other, ONE, made.id).status_code == 404
    assert post(other, ONE, made.id, retire="1").status_code == 404
    assert look(other, SAVE, given.patient.id).status_code == 404
    assert look(other, LIST).context["own"] == []
    colleague = sign_in(user_id=clinician_for(clinic=given.patient.clinic).user_id)
    assert look(colleague, SAVE, given.patient.id).status_code == 403
    assert look(colleague, ONE, made.id).status_code == 200


def test_the_pages_cost_ten_queries_however_many_templates(given: Desk) -> None:
    client = browser(given)
    made = save(given)
    for sets in range(2, 5):
        save(given, given.changes(sets=sets), follows=made.key)
        save(given, given.changes(sets=sets), name={"en": f"Template {sets}"})
    keep(client, given)
    assert queries(client, LIST) <= 10
    assert queries(client, ONE, made.id) <= 10
    assert queries(client, SAVE, given.patient.id) <= 10


def test_a_draft_of_an_older_version_is_not_taken_for_the_exercises_of_the_next(
    given: Desk,
) -> None:
    client, made = browser(given), save(given)
    told = sent(client, given, template=made.key, **{"x0-sets": "7"})
    told["listed"] = (
        look(client, ASSIGN, given.patient.id, template=made.key).context["form"].listed
    )
    post(client, ASSIGN, given.patient.id, preview="1", **told)
    form = look(client, ASSIGN, given.patient.id, template=made.key).context["form"]
    assert form.exercises[0]["sets"].value() == "7"
    save(given, given.changes(sets=3), follows=made.key)
    form = look(client, ASSIGN, given.patient.id, template=made.key).context["form"]
    assert form.exercises[0]["sets"].value() == 3


def test_what_has_left_the_library_is_no_obstacle_to_saving(given: Desk) -> None:
    client = browser(given)
    keep(client, given)
    with given.scope():
        draft = Draft.objects.get()
        draft.body = given.source.body | {
            "prescriptions": [given.source.body["prescriptions"][0] | {"start": "gone"}]
        }
        draft.told = {}
        draft.save()
    assert look(client, SAVE, given.patient.id).status_code == 200
