"""The exercises of a draft: added, moved and removed, with what was typed for each of them."""

from collections.abc import Sequence
from typing import Any

import pytest

from exercises.searching import find_exercise
from programs.models import Draft, Template
from programs.prescribing import exercises
from programs.prescribing.choosing import NOTHING
from programs.prescribing.drafting import drafted, find_draft, keep_draft, listed
from programs.prescribing.exercises import library_plan
from programs.prescribing.plan import load_source
from tests.conftest import NOW
from tests.programs.prescribing.given import Desk, desk

pytestmark = pytest.mark.django_db
LADDER = "hamstring-curl"


@pytest.fixture
def given() -> Desk:
    return desk()


def template(given: Desk) -> Template:
    """From nothing, as it is drafted by now."""
    draft = find_draft(patient=given.patient, by=given.by)
    return drafted(Template.objects.get(key=NOTHING), draft)


def act(given: Desk, verb: str, told: dict[str, list[str]] | None = None, **how: Any) -> None:
    """One press on a page that is up to date, unless it says which exercises it had."""
    with given.scope():
        now = template(given)
        seen = (told or {}) | {"listed": [how.pop("listed", listed(now.body))]}
        if "slug" in how:
            how["found"] = find_exercise(LADDER, how.pop("slug"))
        call = getattr(exercises, f"{verb}_exercise")
        call(patient=given.patient, template=now, told=seen, by=given.by, at=NOW, **how)


def add(given: Desk, *slugs: str, told: dict[str, list[str]] | None = None) -> None:
    for slug in slugs:
        act(given, "add", told, slug=slug)


def standing(given: Desk) -> list[str]:
    with given.scope():
        return [plan["exercise"] for plan in template(given).body["prescriptions"]]


def typed(given: Desk) -> dict[str, list[str]]:
    with given.scope():
        told = dict(Draft.objects.get().told)
        assert told.pop("listed") == [listed(template(given).body)]
    return told


def sets(*values: str) -> dict[str, list[str]]:
    """What was typed: the sets of each exercise, and the weeks."""
    return {f"x{place}-sets": [value] for place, value in enumerate(values)} | {"weeks": ["8"]}


def test_what_is_added_starts_with_the_dose_of_the_library(given: Desk) -> None:
    add(given, "nordic")
    with given.scope():
        source = load_source(template=template(given))
    (only,) = source.exercises
    assert (only.title, only.start, only.ticked) == ("Nordic curl", "nordic", ("nordic",))
    entry = only.step("nordic").entry
    assert (entry["sets"], entry["reps"], entry["rest_s"]) == (2, 5, 120)


def test_an_exercise_is_added_once_however_often_it_is_pressed(given: Desk) -> None:
    with given.scope():
        before = listed(template(given).body)
    act(given, "add", slug="bridge", listed=before)
    act(given, "add", slug="nordic", listed=before)
    add(given, "bridge")
    assert standing(given) == ["bridge"]


@pytest.mark.parametrize(
    ("place", "to", "order", "values"),
    [
        (2, 0, ["nordic", "bridge", "heel-slide"], ["5", "3", "4"]),
        (0, 1, ["heel-slide", "bridge", "nordic"], ["4", "3", "5"]),
        (0, 2, ["heel-slide", "nordic", "bridge"], ["4", "5", "3"]),
        (0, 9, ["bridge", "heel-slide", "nordic"], ["3", "4", "5"]),
    ],
)
def test_what_was_typed_moves_with_its_exercise(
    given: Desk, place: int, to: int, order: Sequence[str], values: Sequence[str]
) -> None:
    add(given, "bridge", "heel-slide", "nordic")
    act(given, "move", sets("3", "4", "5"), place=place, to=to)
    assert standing(given) == order
    assert typed(given) == sets(*values)


def test_moving_twice_by_one_press_moves_once(given: Desk) -> None:
    add(given, "bridge", "heel-slide")
    with given.scope():
        before = listed(template(given).body)
    for _ in range(2):
        act(given, "move", sets("3", "4"), place=0, to=1, listed=before)
    assert standing(given) == ["heel-slide", "bridge"]
    assert typed(given) == sets("4", "3")


def test_what_is_removed_takes_what_was_typed_for_it_along(given: Desk) -> None:
    add(given, "bridge", "heel-slide", "nordic")
    with given.scope():
        before = listed(template(given).body)
    for _ in range(2):
        act(given, "remove", sets("3", "4", "5"), place=0, listed=before)
    assert standing(given) == ["heel-slide", "nordic"]
    assert typed(given) == sets("4", "5")


def test_there_is_an_end_to_adding(given: Desk) -> None:
    body = {
        "prescriptions": [{"ladder": LADDER, "exercise": str(n)} for n in range(exercises.MOST)]
    }
    with given.scope():
        blank = Template.objects.get(key=NOTHING)
        blank.body = blank.body | body
        exercises.add_exercise(
            patient=given.patient,
            template=blank,
            found=find_exercise(LADDER, "bridge") or pytest.fail("no bridge"),
            told={"listed": [listed(body)]},
            by=given.by,
            at=NOW,
        )
        assert (Draft.objects.get().body or blank.body)["prescriptions"] == body["prescriptions"]


def test_typing_on_a_page_with_other_exercises_is_not_kept(given: Desk) -> None:
    add(given, "bridge", told={"weeks": ["8"]})
    with given.scope():
        kept = keep_draft(
            patient=given.patient,
            template=template(given),
            told=sets("9") | {"listed": ["another list"]},
            by=given.by,
            at=NOW,
        )
    assert not kept
    assert typed(given) == {"weeks": ["8"]}


def test_the_whole_ladder_is_a_plan_from_its_first_step_on(given: Desk) -> None:
    with given.scope():
        found = find_exercise(LADDER, "")
    assert found
    plan = library_plan(found)
    assert (plan["start"], len(plan["steps"]), plan["exercise"]) == ("heel-dig", 22, "")


def test_every_exercise_of_the_library_can_be_prescribed_by_the_rules_it_begins_with(
    given: Desk,
) -> None:
    for slug in ("heel-dig", "standing-curl-band", "machine-curl", "bridge", "nordic"):
        add(given, slug)
    with given.scope():
        given.source = load_source(template=template(given))
    program = given.assign(given.changes_of_all())
    with given.scope():
        assert [row.steps.count() for row in program.prescriptions.order_by("position")] == [
            1, 4, 1, 1, 1,
        ]  # fmt: skip
