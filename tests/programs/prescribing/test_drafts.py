"""What is typed is kept as a draft, and a rule of the draft is changed on its own page."""

from typing import Any

import pytest
from django.urls import reverse

from programs.models import Draft, Program
from programs.prescribing.rule_forms import RuleForm
from tests.desk.test_pages import Browser, look, post, queries
from tests.factories import clinician_for
from tests.programs.prescribing.given import Desk, desk
from tests.programs.prescribing.test_views import browser, sent, sign_in

pytestmark = pytest.mark.django_db
ASSIGN, RULE = "programs:program-assign", "programs:program-rule"


@pytest.fixture
def given() -> Desk:
    return desk()


def shown(client: Browser, given: Desk, place: int, **changed: Any) -> dict[str, Any]:
    """A rule's form as its page shows it, with these fields changed."""
    form = look(client, RULE, given.patient.id, place, template="standing-curl").context["form"]
    told = {field.html_name: field.value() for field in form}
    return told | {name.replace("__", "-"): value for name, value in changed.items()}


def keep(client: Browser, given: Desk, **changed: Any) -> Any:
    """Type this; the page keeps it."""
    return post(client, ASSIGN, given.patient.id, preview="1", **sent(client, given, **changed))


def test_what_was_typed_stands_there_again(given: Desk) -> None:
    client = browser(given)
    keep(client, given, **{"x0-sets": "4", "x0-rest_s": ""})
    form = look(client, ASSIGN, given.patient.id).context["form"]
    values = (form.exercises[0]["sets"].value(), form.exercises[0]["rest_s"].value())
    assert values == ("4", "")


def test_a_draft_is_its_writers_own(given: Desk) -> None:
    keep(browser(given), given, **{"x0-sets": "4"})
    other = sign_in(user_id=clinician_for(given.patient).user_id)
    form = look(other, ASSIGN, given.patient.id).context["form"]
    assert form.exercises[0]["sets"].value() == 2


def test_typing_twice_is_one_draft_and_assigning_ends_it(given: Desk) -> None:
    client = browser(given)
    keep(client, given, **{"x0-sets": "4"})
    keep(client, given, **{"x0-sets": "3"})
    with given.scope():
        assert Draft.objects.get().told["x0-sets"] == ["3"]
    post(client, ASSIGN, given.patient.id, **sent(client, given))
    with given.scope():
        assert (Program.objects.count(), Draft.objects.count()) == (1, 0)


def test_starting_over_throws_the_draft_away(given: Desk) -> None:
    client = browser(given)
    keep(client, given, **{"x0-sets": "4"})
    for _ in range(2):
        answer = post(client, ASSIGN, given.patient.id, start_over="1", template="standing-curl")
        assert answer.url.endswith("?template=standing-curl")
    with given.scope():
        assert not Draft.objects.exists()


def test_a_draft_of_another_day_starts_today_at_the_earliest(given: Desk) -> None:
    client = browser(given)
    keep(client, given)
    with given.scope():
        row = Draft.objects.get()
        row.told["start_on"] = ["2026-11-02"]
        row.save(update_fields=["told"])
    form = look(client, ASSIGN, given.patient.id).context["form"]
    assert form["start_on"].value() == "2026-11-23"


def test_going_to_a_rule_keeps_what_was_typed(given: Desk) -> None:
    client = browser(given)
    told = sent(client, given, **{"x0-sets": "4"})
    answer = post(client, ASSIGN, given.patient.id, rule="2", **told)
    assert answer.url == reverse(RULE, args=[given.patient.id, 2])
    with given.scope():
        assert Draft.objects.get().told["x0-sets"] == ["4"]


def test_a_changed_rule_is_kept_shown_and_assigned(given: Desk) -> None:
    client = browser(given)
    keep(client, given)
    told = shown(client, given, 2, **{"rule-priority": "1", "rule-has": ["when", "priority"]})
    told |= {"rule-priority-pick": "number"}
    answer = post(client, RULE, given.patient.id, 2, save="1", **told)
    assert answer.url == reverse(ASSIGN, args=[given.patient.id])
    post(client, ASSIGN, given.patient.id, **sent(client, given))
    with given.scope():
        assert Program.objects.get().ruleset["rules"][2]["priority"] == 1
    assert "priority" not in given.source.template.ruleset["rules"][2]


def test_one_more_rule_starts_whole_and_is_added(given: Desk) -> None:
    client = browser(given)
    count = len(given.source.template.ruleset["rules"])
    told = shown(client, given, count)
    for _ in range(2):
        post(client, RULE, given.patient.id, count, save="1", template="standing-curl", **told)
    with given.scope():
        assert not Draft.objects.exists()
    keep(client, given)
    post(client, RULE, given.patient.id, count, save="1", **told)
    with given.scope():
        assert Draft.objects.get().ruleset["rules"][count]["id"] == f"own_{count}"


def test_a_fault_stands_in_the_sentence_and_nothing_picked_is_lost(given: Desk) -> None:
    client = browser(given)
    keep(client, given)
    told = shown(client, given, 1, **{"rule-if-any-0-fact": "reps_last"})
    page = post(client, RULE, given.patient.id, 1, save="1", **told)
    assert page.status_code == 422
    assert page.context["form"]["rule-if-any-0-fact"].value() == "reps_last"
    assert 'class="error fault"' in page.content.decode()
    with given.scope():
        assert Draft.objects.get().ruleset is None


def test_what_is_picked_is_redrawn_with_fields_for_it(given: Desk) -> None:
    client = browser(given)
    keep(client, given)
    told = shown(client, given, 1, **{"rule-if-any-0-pick": "streak"})
    client.defaults["HTTP_HX_REQUEST"] = "true"
    page = post(client, RULE, given.patient.id, 1, show="1", **told)
    assert page.context["form"]["rule-if-any-0-of-fact"].value() == "pain"
    assert "<html" not in page.content.decode()


@pytest.mark.parametrize("kind", ["all", "any", "not", "known", "use", "every", "count", "value"])
def test_a_redrawn_rule_has_no_empty_field(given: Desk, kind: str) -> None:
    ruleset = given.source.template.ruleset
    told = {"rule-id": "x", "rule-tier": "hold", "rule-if-pick": kind}
    form = RuleForm.redrawn(told, ruleset=ruleset, place=1)
    assert [field.name for field in form if field.value() is None] == []


def test_a_rule_that_may_go_goes_and_one_that_must_stay_stays(given: Desk) -> None:
    client = browser(given)
    keep(client, given)
    stays = post(client, RULE, given.patient.id, 0, remove="1")
    assert (stays.status_code, "This rule has to stay." in stays.content.decode()) == (422, True)
    post(client, RULE, given.patient.id, 5, remove="1")
    with given.scope():
        assert "more" not in [each["id"] for each in Draft.objects.get().ruleset["rules"]]


def test_there_is_no_page_beyond_the_next_rule(given: Desk) -> None:
    client = browser(given)
    assert look(client, RULE, given.patient.id, 99, template="standing-curl").status_code == 404
    assert look(client, RULE, given.patient.id, 0, template="nowhere").status_code == 404


def test_without_a_draft_the_page_of_its_rule_leads_back_to_prescribing(given: Desk) -> None:
    answer = look(browser(given), RULE, given.patient.id, 0)
    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse(ASSIGN, args=[given.patient.id]),
    )


def test_a_rule_of_another_clinics_patient_is_not_found(given: Desk) -> None:
    other = sign_in(user_id=clinician_for().user_id)
    assert look(other, RULE, given.patient.id, 0).status_code == 404
    colleague = sign_in(user_id=clinician_for(clinic=given.patient.clinic).user_id)
    assert look(colleague, RULE, given.patient.id, 0).status_code == 403


def test_a_draft_costs_ten_queries_to_look_at(given: Desk) -> None:
    client = browser(given)
    keep(client, given)
    assert queries(client, ASSIGN, given.patient.id) <= 10
    assert queries(client, RULE, given.patient.id, 1) <= 10


def test_assigning_may_invite_in_the_same_step() -> None:
    given = desk(email="someone@home.example")
    client = browser(given)
    assert 'name="invite"' in look(client, ASSIGN, given.patient.id).content.decode()
    told = sent(client, given, invite="1")
    answer = post(client, ASSIGN, given.patient.id, **told)
    assert answer.status_code == 307
    assert answer.url == reverse("patients:patient-invite", args=[given.patient.id])
    page = client.post(answer.url, told)
    assert "Invitation for" in page.content.decode()
    with given.scope():
        assert (Program.objects.count(), given.patient.invitations.count()) == (1, 1)


def test_nobody_is_invited_who_has_no_address() -> None:
    given = desk(email="", phone="")
    page = look(browser(given), ASSIGN, given.patient.id).content.decode()
    assert 'name="invite"' not in page
