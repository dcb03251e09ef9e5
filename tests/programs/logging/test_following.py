"""Sets that differ, and the set whose load follows another, through the services."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.ids import uuid7
from programs.decisions.facts import history_of
from programs.decisions.reading import load_case
from programs.logging import services
from programs.logging.cards import Card, next_card
from programs.logging.entries import Refused, SetEntry
from programs.models import Decision, DoseVersion, Session, SetLog, Signal
from tests.programs.heavy import in_pounds, make_heavy
from tests.programs.people import Person, logs_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def max_(now: datetime) -> Person:
    """Forty kilograms, four sets: 20, 30, 40, and what follows."""
    return make_heavy(now)


@pytest.fixture
def erin(now: datetime) -> Person:
    """Three sets, each by the effort of the one before."""
    return make_heavy(now, "effort_regulated", sets=3)


def card_of(person: Person, session: Session) -> Card:
    with person.scope():
        found = Session.objects.select_related("program").get(id=session.id)
        return next_card(services.load_progress(found))


def done(person: Person, session: Session, now: datetime, *sets: dict[str, Any]) -> SetLog:
    """Log the next sets, each as planned with these changes; returns the last row."""
    for changed in sets:
        logged = person.log(session, now, **changed)
    assert logged
    return logged.row


def test_each_set_of_a_plan_has_its_own_reps_and_load(max_: Person, now: datetime) -> None:
    session = max_.start(now)
    seen: list[Any] = []
    for _ in range(3):
        aim = card_of(max_, session).aim
        seen.append((aim.reps, aim.load_kg, aim.max_reps))
        max_.log(session, now)
    assert seen == [(10, 20, False), (6, 30, False), (6, 40, True)]


@pytest.mark.parametrize(
    ("reps", "load"), [(0, 35), (3, "37.5"), (5, 40), (7, "42.5"), (10, "42.5"), (20, 45)]
)
def test_the_last_set_weighs_what_the_third_led_to(
    max_: Person, now: datetime, reps: int, load: Any
) -> None:
    session = max_.start(now)
    row = done(max_, session, now, {}, {}, {"reps": reps, "proposed_kg": Decimal(45)})
    assert (row.next_kg, row.proposed_kg) == (Decimal(load), Decimal(45))
    assert card_of(max_, session).aim.load_kg == Decimal(load)


def test_another_load_than_planned_is_taken_and_followed(max_: Person, now: datetime) -> None:
    row = done(max_, max_.start(now), now, {}, {}, {"reps": 8, "load_kg": Decimal(50)})
    assert (row.load_kg, row.next_kg) == (Decimal(50), Decimal("52.5"))


def test_the_load_stays_where_the_set_before_was_skipped(max_: Person, now: datetime) -> None:
    session = max_.start(now)
    row = done(max_, session, now, {}, {}, {"reps": 0, "skipped": "tired"})
    assert (row.next_kg, card_of(max_, session).aim.load_kg) == (None, Decimal(40))


def test_a_repeated_post_keeps_the_first_answer_and_its_load(max_: Person, now: datetime) -> None:
    session = max_.start(now)
    first = done(max_, session, now, {}, {}, {"reps": 8})
    with max_.scope():
        found = Session.objects.select_related("program").get(id=session.id)
        again = services.load_progress(found).plan.exercises[0].sides[0]
        entry = SetEntry(
            first.prescription_id, "left", 3, again.dose.id, reps=2, load_kg=Decimal(40)
        )
        logged = services.log_set(session=found, entry=entry, by=max_.actor, at=now)
    assert (logged.differs, logged.row.reps, logged.row.next_kg) == (True, 8, Decimal("42.5"))


def test_a_clinics_largest_step_holds_within_a_session(max_: Person, now: datetime) -> None:
    with max_.scope():
        max_.clinic.largest_step_percent = 5
        max_.clinic.save()
    row = done(max_, max_.start(now), now, {}, {}, {"reps": 12})
    assert (row.next_kg, row.unpublished) == (Decimal(40), False)


@pytest.mark.parametrize(("effort", "load"), [(5, 45), (7, "42.5"), (8, 40), (9, "37.5"), (10, 35)])
def test_effort_steers_the_set_that_follows(
    erin: Person, now: datetime, effort: int, load: Any
) -> None:
    row = done(erin, erin.start(now), now, {"effort": effort})
    assert (row.effort, row.next_kg) == (effort, Decimal(load))


def test_loads_follow_from_set_to_set(erin: Person, now: datetime) -> None:
    session = erin.start(now)
    done(erin, session, now, {"effort": 9}, {"effort": 9})
    assert card_of(erin, session).aim.load_kg == 35


def test_a_set_that_decides_by_effort_needs_it(erin: Person, now: datetime) -> None:
    with pytest.raises(Refused, match="Tap a number"):
        done(erin, erin.start(now), now, {"effort": None})


def test_a_skipped_set_needs_no_effort(erin: Person, now: datetime) -> None:
    skipped = {"effort": None, "reps": 0, "skipped": "time"}
    assert done(erin, erin.start(now), now, skipped).skipped == "time"


def test_outside_the_rows_the_load_stays_and_a_clinician_is_told(
    erin: Person, now: datetime
) -> None:
    session = erin.start(now)
    row = done(erin, session, now, {"effort": 3})
    assert (row.next_kg, row.unpublished) == (Decimal(40), True)
    with erin.scope():
        found = Session.objects.select_related("program").get(id=session.id)
        services.finish_session(session=found, effort=5, by=erin.actor, at=now)
        signal = Signal.objects.get(kind=Signal.Kind.UNCLEAR)
    assert signal.facts == {"side": "left", "number": 1, "reps": 6, "effort": 3, "sets": 1}


def test_the_rules_see_each_sets_own_aim(max_: Person, now: datetime) -> None:
    session = max_.start(now)
    done(max_, session, now, {}, {}, {"reps": 8}, {"reps": 7})
    with max_.scope():
        case = load_case(max_.program.id, now, lock=False)
        sets = history_of(case, case.prescriptions[0]).sessions[-1].sets
    assert [(each.target_reps, each.load_g, each.of, each.max_reps) for each in sets] == [
        (10, 20_000, 4, False),
        (6, 30_000, 4, False),
        (6, 40_000, 4, True),
        (6, 42_500, 4, True),
    ]
    assert [each.reps for each in sets] == [10, 6, 8, 7]


def test_legs_together_follow_together(now: datetime) -> None:
    pair = make_heavy(now, together=True)
    session = pair.start(now)
    row = done(pair, session, now, {}, {}, {"reps": 8})
    assert (row.side, card_of(pair, session).aim.load_kg) == ("both", Decimal("42.5"))
    with pair.scope():
        case = load_case(pair.program.id, now, lock=False)
        sets = history_of(case, case.prescriptions[0]).sessions[-1].sets
    assert {(each.side, each.reps) for each in sets if each.number == 3} == {
        ("left", 8),
        ("right", 8),
    }


def test_a_lighter_warm_up_than_planned_misses_its_target(max_: Person, now: datetime) -> None:
    session = max_.start(now)
    done(max_, session, now, {"load_kg": Decimal(15)})
    with max_.scope():
        case = load_case(max_.program.id, now, lock=False)
        sets = history_of(case, case.prescriptions[0]).sessions[-1].sets
    assert (sets[0].reps, sets[0].target_reps) == (9, 10)


def test_the_next_working_load_comes_of_the_last_set(max_: Person, now: datetime) -> None:
    session = max_.start(now)
    done(max_, session, now, {}, {}, {"reps": 6}, {"reps": 1})
    with max_.scope():
        found = Session.objects.select_related("program").get(id=session.id)
        services.report_pain(
            session=found, prescription=max_.prescription.id, pain=1, by=max_.actor, at=now
        )
        services.finish_session(session=found, effort=6, by=max_.actor, at=now)
    assert [each.kind for each in max_.all(Decision)] == ["regress"]
    assert max_.dose().load_kg == 35


def test_a_set_that_nothing_follows_stores_no_load_for_it(max_: Person, now: datetime) -> None:
    done(max_, max_.start(now), now, {"proposed_kg": Decimal(50)})
    (row,) = logs_of(max_)
    assert (row.next_kg, row.proposed_kg, row.effort) == (None, None, None)


def test_a_log_under_an_older_dose_follows_that_dose(max_: Person, now: datetime) -> None:
    session, old = max_.start(now), max_.dose()
    with max_.scope():
        newer = {each.attname: getattr(old, each.attname) for each in old._meta.concrete_fields}
        DoseVersion.objects.create(**newer | {"id": uuid7(), "number": 2, "sets": 3, "at": now})
    row = done(max_, session, now, {}, {}, {"dose": old.id, "reps": 8})
    assert (row.dose_id, row.next_kg) == (old.id, Decimal("42.5"))


def test_pounds_follow_the_table_in_pounds(now: datetime) -> None:
    lena = make_heavy(now, load_kg=63.5)
    in_pounds(lena)
    session = lena.start(now)
    assert card_of(lena, session).aim.load_kg == Decimal("31.75")
    row = done(lena, session, now, {}, {}, {"reps": 8})
    assert row.next_kg == Decimal("65.77")


@pytest.mark.parametrize(
    ("field", "value"), [("effort", 11), ("next_kg", 201), ("proposed_kg", -1)]
)
def test_the_database_refuses_what_no_set_can_be(
    max_: Person, now: datetime, field: str, value: int
) -> None:
    row = done(max_, max_.start(now), now, {})
    row.pk, row.key = uuid7(), uuid7()
    setattr(row, field, value)
    with max_.scope(), pytest.raises(IntegrityError, match=r"0_10|0_200"), transaction.atomic():
        row.save(force_insert=True)
