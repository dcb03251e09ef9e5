"""A clinic's own templates: what was typed is kept in versions, and offers the same program."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import AuditEvent, Clinic
from programs.models import Program, Template
from programs.prescribing.choosing import offered
from programs.prescribing.plan import ladders_of, load_source, unchanged
from programs.progression import RulesetError
from programs.templating import services
from programs.templating.keeping import kept
from programs.templating.services import NotKept
from tests.conftest import NOW
from tests.factories import clinician_for
from tests.programs.prescribing.given import START, Desk, desk
from tests.programs.templating.given import NAME, assign_from, reread, save

pytestmark = pytest.mark.django_db
CHANGED: dict[str, Any] = {
    "sets": 3, "reps_from": 9, "reps_to": 11, "rest_s": 75, "top_s": 2, "range_deg": 50,
    "sides": "left",
}  # fmt: skip


@pytest.fixture
def given() -> Desk:
    return desk()


@pytest.mark.parametrize("key", ["standing-curl", "nordic", "machine-dapre", "home-band"])
def test_what_is_kept_offers_the_program_that_it_was_kept_from(key: str) -> None:
    given = desk(key)
    changes = given.changes(**CHANGED | {"load_kg": given.changes().exercises[0].load_kg})
    changes = replace(changes, weeks=7, weekdays=(1, 4))
    source = reread(given, save(given, changes))
    again = unchanged(source, start_on=START)
    assert (again.weeks, again.weekdays) == (7, (1, 4))
    assert ladders_of(source, again) == [
        [replace(rung, pinned=after.pinned) for rung, after in zip(before, now, strict=True)]
        for before, now in zip(
            ladders_of(given.source, changes), ladders_of(source, again), strict=True
        )
    ]


def test_a_first_load_is_kept_for_the_first_step_alone() -> None:
    given = desk("weighted-curl")
    source = reread(given, save(given, given.changes(load_kg=Decimal("2.5"))))
    start, *others = (each for each in source.exercises[0].steps if each.key)
    loads = {each.key: each.entry.get("load_kg") for each in (start, *others)}
    assert [key for key, load in loads.items() if load == 2.5] == [source.exercises[0].start]


def test_the_rules_are_kept_with_the_numbers_and_approvals_that_were_chosen(given: Desk) -> None:
    changes = given.changes_of_all(parameters={"pain_down": 5}, approvals={"more": "propose"})
    made = save(given, changes)
    approvals = {rule["id"]: rule.get("approval") for rule in made.ruleset["rules"]}
    assert made.ruleset["parameters"]["pain_down"]["value"] == 5
    assert approvals["more"] == "propose"
    assert assign_from(given, made).ruleset == made.ruleset


def test_a_template_holds_nothing_of_the_patient(given: Desk) -> None:
    made = save(given)
    said = f"{made.body} {made.ruleset} {made.name}"
    assert str(given.patient.id) not in said
    assert START.isoformat() not in said
    assert set(made.body) == {"weeks", "weekdays", "prescriptions"}


def test_the_next_version_leaves_the_older_one_and_its_programs_alone(given: Desk) -> None:
    first = save(given)
    program = assign_from(given, first)
    second = save(given, given.changes(sets=3), follows=first.key, name={})
    assert (second.key, second.version, second.name) == (first.key, 2, NAME)
    with given.scope():
        assert Program.objects.get(id=program.id).template == first
        assert Template.objects.get(id=first.id).body == first.body


def test_saving_the_same_twice_is_one_template(given: Desk) -> None:
    first, again = save(given), save(given)
    follows = save(given, follows=first.key)
    assert first.id == again.id == follows.id


def test_another_template_of_the_same_name_is_refused_beside_the_name(given: Desk) -> None:
    save(given)
    with pytest.raises(NotKept) as refused:
        save(given, given.changes(sets=3), name={"es": "lca TEMPRANO"})
    assert refused.value.field == "name"


@pytest.mark.parametrize("told", [{"name": {}}, {"follows": "own-none"}])
def test_a_template_needs_a_name_and_what_it_follows_must_be_there(
    given: Desk, told: dict[str, Any]
) -> None:
    with pytest.raises(NotKept):
        save(given, **told)
    with given.scope():
        assert not Template.objects.filter(clinic=given.patient.clinic).exists()


def test_another_clinics_template_is_not_followed(given: Desk) -> None:
    made = save(given)
    stranger = replace(given, by=clinician_for())
    with (
        stranger.scope(),
        pytest.raises(NotKept),
    ):
        services.save_template(
            name=NAME,
            kept=kept(given.source, given.changes()),
            by=stranger.by,
            at=NOW,
            follows=made.key,
        )


def test_no_template_passes_the_clinics_limit_for_pain(given: Desk) -> None:
    Clinic.objects.filter(id=given.patient.clinic_id).update(pain_limit=2)
    with pytest.raises(RulesetError) as refused:
        save(given)
    assert [each.code for each in refused.value.faults] == ["pain_limit"]


def test_a_template_is_held_to_the_limit_of_the_day_it_is_assigned(given: Desk) -> None:
    made = save(given)
    Clinic.objects.filter(id=given.patient.clinic_id).update(pain_limit=2)
    given.patient.clinic.refresh_from_db()
    with pytest.raises(RulesetError):
        assign_from(given, made)


def test_renaming_is_the_next_version_and_the_same_name_changes_nothing(given: Desk) -> None:
    first = save(given)
    with given.scope():
        told = {"template": first, "by": given.by, "at": NOW}
        second = services.rename_template(name={"en": "Late ACL"}, **told)
        again = services.rename_template(name={"en": "Late ACL"}, **told)
    assert (second.version, second.body, again.id) == (2, first.body, second.id)


def names(given: Desk) -> list[str]:
    """Of what this clinic is offered, by key."""
    return [each.key for each in offered(given.patient.clinic_id, "nordic")]


def test_a_retired_template_is_offered_no_more_until_it_is_brought_back(given: Desk) -> None:
    made = save(given)
    with given.scope():
        assert names(given)[0] == made.key
        retired = [
            services.retire_template(template=made, by=given.by, at=NOW) for _twice in range(2)
        ]
        assert (retired, made.key in names(given)) == ([True, False], False)
        back = [services.bring_back_template(template=made, by=given.by) for _twice in range(2)]
        assert (back, made.key in names(given)) == ([True, False], True)


def test_a_rename_leaves_a_retired_one_retired_and_a_next_version_brings_it_back(
    given: Desk,
) -> None:
    made = save(given)
    with given.scope():
        services.retire_template(template=made, by=given.by, at=NOW)
        told = {"template": made, "by": given.by, "at": NOW}
        assert services.rename_template(name={"en": "Late ACL"}, **told).retired_at == NOW
    assert save(given, given.changes(sets=3), follows=made.key).retired_at is None


def test_what_was_done_is_on_record(given: Desk) -> None:
    made = save(given)
    with given.scope():
        services.retire_template(template=made, by=given.by, at=NOW)
    verbs = [each.verbs for each in AuditEvent.objects.order_by("id")]
    assert verbs[-2:] == [["save_template"], ["retire_template"]]


def go_on(given: Desk, template: Template, other: Template) -> Template:
    with given.scope():
        return services.add_phase(template=template, other=other, by=given.by, at=NOW)


def test_a_template_goes_on_with_another_ones_exercises_and_weeks_in_its_next_version(
    given: Desk,
) -> None:
    first = save(given)
    other = save(given, given.changes_of_all(weeks=4), name={"en": "Late ACL"})
    made = go_on(given, first, other)
    assert (made.version, made.ruleset, first.body.get("phases")) == (2, first.ruleset, None)
    assert made.body["phases"] == [
        {"name": {"en": "Late ACL"}, "weeks": 4, "prescriptions": other.body["prescriptions"]}
    ]
    program = assign_from(given, made)
    with given.scope():
        assert [each.name for each in program.phases.order_by("position")] == ["", "Late ACL"]


def test_a_template_that_goes_on_brings_its_own_phases_along_and_the_last_is_removed(
    given: Desk,
) -> None:
    first, second, third = (save(given, name={"en": name}) for name in ("a", "b", "c"))
    made = go_on(given, first, go_on(given, second, third))
    assert [each["name"]["en"] for each in made.body["phases"]] == ["b", "c"]
    with given.scope():
        less = services.drop_phase(template=made, by=given.by, at=NOW)
        again = services.drop_phase(template=less, by=given.by, at=NOW)
        assert services.drop_phase(template=again, by=given.by, at=NOW).id == again.id
    assert (len(less.body["phases"]), "phases" in again.body) == (1, False)


def test_a_phase_is_added_once_to_the_version_that_was_shown(given: Desk) -> None:
    first, other = save(given), save(given, name={"en": "Late ACL"})
    go_on(given, first, other)
    with pytest.raises(NotKept):
        go_on(given, first, other)


def test_a_phase_that_the_rules_are_not_for_is_refused(given: Desk) -> None:
    machine = replace(given, source=load_source(template=Template.objects.get(key="machine-dapre")))
    first = save(machine, machine.changes_of_all())
    with pytest.raises(RulesetError) as refused:
        go_on(given, first, save(given, name={"en": "At home"}))
    assert {each.code for each in refused.value.faults} >= {"wrong_equipment"}


def test_what_is_typed_for_a_patient_keeps_the_later_phases(given: Desk) -> None:
    made = go_on(given, save(given), save(given, name={"en": "Late ACL"}))
    source = reread(given, made)
    assert kept(source, unchanged(source, start_on=START)).body["phases"] == made.body["phases"]
