"""A library's file becomes drafts: once, again, changed, cut short, and beside people's work."""

import json
from dataclasses import replace
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import AuditEvent
from accounts.roles import Actor
from exercises import services
from exercises.importing import resource
from exercises.importing.files import counts, read_file
from exercises.importing.resource import ExerciseResource
from exercises.models import Exercise, Revision
from exercises.schema import BodyFault
from exercises.searching import find_exercises
from tests.conftest import NOW
from tests.exercises.files import a_file, an_exercise, data_of

pytestmark = pytest.mark.django_db
CREATED = {"created": 1, "updated": 0, "unchanged": 0, "reported": 0}
UNCHANGED = CREATED | {"created": 0, "unchanged": 1}
UPDATED = CREATED | {"created": 0, "updated": 1}
REPORTED = CREATED | {"created": 0, "reported": 1}


def bring(*rows: Any, by: Actor | None = None, dry_run: bool = False) -> dict[str, int]:
    """Import these rows and return the four numbers."""
    own = ExerciseResource(by=by, at=NOW)
    return counts(own.read(read_file(data_of(*rows)), dry_run=dry_run))


def faults(*rows: Any) -> list[str]:
    result = ExerciseResource(by=None, at=NOW).read(read_file(data_of(*rows)), dry_run=True)
    return [message for row in result.invalid_rows for message in row.error.messages]


def the_draft(slug: str = "air-bike") -> Revision:
    return Revision.objects.get(exercise__slug=slug, state="draft")


def publish(draft: Revision, now: datetime, **words: Any) -> Revision:
    """Give a draft all that it lacks, as a person would, and publish it."""
    whole = services.content_of(Revision.objects.get(exercise__slug="standing-curl"))
    own = services.content_of(draft)
    steps = [each | {"lead": "So:"} for each in own.body["en"]["steps"]]
    both = {key: whole.body[key] | {"steps": steps} | words for key in ("en", "es")}
    content = replace(own, body=both, figure=whole.figure)
    services.draft_revision(exercise=draft.exercise, content=content, by=None, at=now)
    return services.publish_revision(revision=draft, by=None, at=now)


def test_a_row_becomes_a_draft_with_its_facts_and_where_it_came_from() -> None:
    assert bring(an_exercise(equipment="bands")) == CREATED
    draft = the_draft()
    assert [step["text"] for step in draft.body["en"]["steps"]] == [
        "Lie flat on the floor.",
        "Pedal slowly.",
    ]
    assert (draft.muscles, draft.equipment) == (["abdominals", "glutes"], ["band"])
    assert (draft.level, draft.resisted, draft.figure) == ("beginner", True, {})
    assert draft.licence == "Unlicense (public domain)"
    assert draft.origin == "free-exercise-db/Air_Bike"


def test_a_second_import_changes_nothing() -> None:
    bring(an_exercise())
    before = Revision.objects.values().get()
    assert bring(an_exercise()) == UNCHANGED
    assert Revision.objects.values().get() == before


def test_a_changed_row_changes_its_draft_in_place() -> None:
    bring(an_exercise())
    assert bring(an_exercise(name="Bicycle")) == UPDATED
    assert (the_draft().body["en"]["name"], the_draft().number) == ("Bicycle", 1)


@pytest.mark.usefixtures("published")
def test_a_changed_row_of_a_published_exercise_becomes_a_new_draft(now: datetime) -> None:
    bring(an_exercise())
    standing = publish(the_draft(), now)
    assert bring(an_exercise()) == UNCHANGED
    assert bring(an_exercise(level="expert")) == UPDATED
    draft = the_draft()
    assert (draft.number, draft.level, draft.body) == (2, "expert", standing.body)


def test_what_a_person_added_to_a_draft_stays_when_its_row_changes(
    admin: Actor, now: datetime
) -> None:
    bring(an_exercise())
    draft = the_draft()
    content = services.content_of(draft)
    spanish = {"es": {"name": "Bicicleta"}}
    content = replace(content, body=content.body | spanish)
    services.draft_revision(exercise=draft.exercise, content=content, by=admin, at=now)
    assert bring(an_exercise(name="Bicycle")) == UPDATED
    assert {key: words["name"] for key, words in the_draft().body.items()} == {
        "en": "Bicycle",
        "es": "Bicicleta",
    }


def test_what_a_person_changed_is_reported_not_overwritten(admin: Actor, now: datetime) -> None:
    bring(an_exercise())
    draft = the_draft()
    content = replace(services.content_of(draft), level="expert")
    services.draft_revision(exercise=draft.exercise, content=content, by=admin, at=now)
    assert bring(an_exercise()) == UNCHANGED
    assert bring(an_exercise(level="intermediate")) == REPORTED
    assert faults(an_exercise(level="intermediate")) == [
        "level: changed here since it was imported"
    ]
    assert the_draft().level == "expert"


def test_a_row_never_takes_the_address_of_another_exercise(published: Revision) -> None:
    assert bring(an_exercise("Standing_Curl")) == REPORTED
    assert faults(an_exercise("Standing_Curl")) == ["id: standing-curl is another exercise here"]
    assert Revision.objects.get() == published


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"instructions": []}, "instructions: there are none"),
        ({"instructions": ["Lie down.", " "]}, "instructions: line 2 is empty"),
        ({"instructions": "Lie down."}, "instructions: JSON is needed"),
        ({"instructions": ["x" * 1001]}, "instructions: line 1 is longer than 1000 letters"),
        ({"name": " "}, "name: empty"),
        ({"level": "easy"}, "level: one of beginner, intermediate, expert"),
        ({"equipment": "rope"}, "equipment: 'rope' is unknown"),
        ({"equipment": ["rope"]}, "equipment: ['rope'] is unknown"),
        ({"primaryMuscles": ["nose"]}, "primaryMuscles: 'nose' is unknown"),
        ({"secondaryMuscles": None}, "secondaryMuscles: a list is needed"),
        ({"id": "../x"}, "id: letters, digits, - and _ are needed"),
        ({"id": "x" * 61}, "id: longer than 60"),
        ({"source": "x" * 101}, "source: a text of at most 100 letters"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_by_its_column(change: dict[str, Any], fault: str) -> None:
    assert faults(an_exercise() | change) == [fault]


def test_a_row_that_is_wrong_keeps_no_other_out() -> None:
    assert bring(an_exercise("A", instructions=[]), "no row", an_exercise("B")) == {
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "reported": 2,
    }
    assert Exercise.objects.get().slug == "b"


def test_an_exercise_that_stands_twice_in_a_file_is_reported() -> None:
    assert faults(an_exercise("A"), an_exercise("a")) == ["id: stands in this file before"]


def test_a_crash_in_the_middle_is_taken_up_without_doubles(monkeypatch: Any) -> None:
    rows = [an_exercise(key) for key in "abc"]
    real = resource.import_exercise

    def falls(row: Any, **given: Any) -> Any:
        if row.slug == "b":
            raise SystemExit
        return real(row=row, **given)

    with monkeypatch.context() as patch:
        patch.setattr(resource, "import_exercise", falls)
        with pytest.raises(SystemExit):
            bring(*rows)
    assert bring(*rows) == {"created": 2, "updated": 0, "unchanged": 1, "reported": 0}
    assert [row.number for row in Revision.objects.all()] == [1, 1, 1]


def test_a_dry_run_counts_and_writes_nothing() -> None:
    assert bring(an_exercise(), dry_run=True) == CREATED
    assert not Exercise.objects.exists()


def test_what_is_imported_is_on_record_with_who_did_it(admin: Actor) -> None:
    bring(an_exercise(), by=admin)
    events = AuditEvent.objects.filter(actor_id=admin.user_id).values_list("route", flat=True)
    assert set(events) == {"library.exercise", "library.draft"}


def test_what_is_imported_shows_nowhere_until_it_is_published(client: Client) -> None:
    bring(an_exercise())
    assert find_exercises("air") == []
    assert b"air-bike" not in client.get("/exercises/").content
    assert client.get("/exercises/air-bike/").status_code == 404


def test_an_imported_draft_cannot_be_published_before_it_is_whole(now: datetime) -> None:
    bring(an_exercise())
    with pytest.raises(BodyFault, match="es: missing") as caught:
        services.publish_revision(revision=the_draft(), by=None, at=now)
    assert "figure.pose: None is not drawn" in caught.value.faults
    assert "en.steps[0]: empty" in caught.value.faults


def run(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("import_exercises", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().splitlines()


def test_the_command_names_each_row_that_it_left_and_ends_with_the_numbers(tmp_path: Path) -> None:
    path = a_file(tmp_path, an_exercise("A"), an_exercise("B", instructions=[]))
    told = run(path)
    assert told[0] == "row 2 B: instructions: there are none"
    assert json.loads(told[-1]) == {"created": 1, "updated": 0, "unchanged": 0, "reported": 1}


def test_the_command_shows_the_difference_in_a_dry_run(tmp_path: Path) -> None:
    bring(an_exercise("A"))
    path = a_file(tmp_path, an_exercise("A", name="Bicycle"), an_exercise("B"))
    told = run("--dry-run", path)
    assert told[:2] == ["a: body.en.name: Air Bike -> Bicycle", "b: new"]
    assert Revision.objects.count() == 1


@pytest.mark.parametrize("data", [b"", b"[", b'{"id": 1}', b"\xff", b"id,name\n1\n\n2,3,4\n"])
def test_a_file_that_is_none_is_refused_as_a_whole(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(CommandError, match="x: "):
        run(str(tmp_path / "x"))
