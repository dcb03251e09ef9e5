"""What is exported comes back the same: here, and in a place that has nothing yet."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from exercises.importing.files import counts, faults_of, read_file
from exercises.importing.native import WRITERS
from exercises.importing.resource import ExerciseResource
from exercises.models import Exercise, Revision
from tests.conftest import NOW
from tests.exercises.files import an_exercise, data_of

pytestmark = pytest.mark.django_db
KINDS = sorted(WRITERS)


def exported(kind: str) -> bytes:
    return WRITERS[kind](ExerciseResource(by=None, at=NOW).written()).encode()


def bring(data: bytes) -> dict[str, int]:
    return counts(ExerciseResource(by=None, at=NOW).read(read_file(data), dry_run=False))


def said_of(data: bytes) -> list[dict[str, Any]]:
    """Each row but for which revision it is."""
    told = [dict(row) for row in read_file(data).dict]
    return [{key: row[key] for key in row if key not in ("revision", "state")} for row in told]


@pytest.fixture
def both(published: Revision) -> None:
    """One exercise that is whole, and one that was imported."""
    bring(data_of(an_exercise(name='Air "Bike", =slow\nly')))


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("kind", KINDS)
def test_an_export_read_back_changes_nothing(kind: str) -> None:
    assert bring(exported(kind)) == {"created": 0, "updated": 0, "unchanged": 2, "reported": 0}


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("kind", KINDS)
def test_an_export_read_where_nothing_is_gives_the_same_exercises_as_drafts(kind: str) -> None:
    before = exported(kind)
    for row in Exercise.objects.all():  # a published revision can't be deleted
        Exercise.objects.filter(pk=row.pk).update(slug=f"zz-{row.slug}")
    assert bring(before) == {"created": 2, "updated": 0, "unchanged": 0, "reported": 0}
    assert said_of(exported(kind))[:2] == said_of(before)
    assert Revision.objects.filter(state="draft").count() == 3


def test_a_translation_by_file_becomes_part_of_the_draft() -> None:
    bring(data_of(an_exercise()))
    row = json.loads(exported("json"))[0]
    row["body"]["es"] = {"name": "Bicicleta"}
    assert bring(data_of(row))["updated"] == 1
    draft = Revision.objects.get()
    assert [draft.body[key]["name"] for key in ("en", "es")] == ["Air Bike", "Bicicleta"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"id": "Two words"}, "id: small letters, digits and single -, at most 60"),
        ({"body": {"fr": {}}}, "body: an object with en and es is needed"),
        ({"body": {"en": {"name": ""}}}, "en.name: empty"),
        ({"figure": {"pose": "A"}}, "figure.pose: the name of a pose is needed"),
        ({"figure": {"pose": "handstand"}}, "figure.pose: 'handstand' is not drawn"),
        ({"level": "easy"}, "level: 'easy' is unknown"),
        ({"resisted": 3}, "resisted: true or false"),
        ({"muscles": ["nose"]}, "muscles: 'nose' is unknown"),
        ({"equipment": "rope"}, "equipment: JSON is needed"),
        ({"beside": ["A b"]}, "beside: 'A b' is no address"),
        ({"sources": [{}]}, "sources: 1 wants key, citation, doi and note"),
        ({"licence": "x" * 81}, "licence: a text of at most 80 letters"),
    ],
)
def test_what_is_wrong_with_an_exported_row_is_told(change: dict[str, Any], fault: str) -> None:
    row = {"id": "a", "body": {"en": {"name": "A"}}} | change
    result = ExerciseResource(by=None, at=NOW).read(read_file(data_of(row)), dry_run=True)
    assert faults_of(result, [(1, row["id"])]) == [(1, row["id"], fault)]


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("kind", KINDS)
def test_the_command_writes_what_the_importing_one_reads(tmp_path: Path, kind: str) -> None:
    path, out = str(tmp_path / "x"), StringIO()
    call_command("export_exercises", path, "--format", kind, stdout=out)
    call_command("import_exercises", path, stdout=out, stderr=StringIO())
    told = out.getvalue().splitlines()
    assert (told[0], json.loads(told[-1])["unchanged"]) == ("2 exercises", 2)
