"""A file sent to the editor: checked first, taken in a part at a time, by library people alone."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.roles import Actor, Role
from exercises.importing import uploads
from exercises.models import LibraryImport, Revision
from tests.exercises.files import an_exercise, data_of
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
ADD = "/library/exercises/libraryimport/add/"
EXPORT = "/library/exercises/exercise/export/"


def send(client: Client, *rows: Any, data: bytes = b"") -> Any:
    file = SimpleUploadedFile("library.json", data or data_of(*rows))
    return client.post(ADD, {"file": file})


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_file_is_checked_and_shown_before_anything_is_written(editor: Client) -> None:
    rows = (an_exercise("A"), an_exercise("B", instructions=[]))
    page = editor.get(send(editor, *rows)["location"])
    text = text_of(page)
    assert "1 exercise would become a draft or change one. Nothing is written yet." in text
    assert "2 B instructions: there are none" in text
    assert "a new" in text
    assert not Revision.objects.exists()


def test_each_press_takes_in_the_next_rows_and_tells_how_far_it_is(
    editor: Client, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "PART", 2)
    place = send(editor, *[an_exercise(key) for key in "abc"])["location"]
    first = editor.post(place, follow=True)
    assert "2 of 3 rows" in text_of(first)
    assert b"js/go-on.js" in first.content
    last = editor.post(place, follow=True)
    assert "Done." in text_of(last)
    assert b"js/go-on.js" not in last.content
    assert Revision.objects.filter(state="draft").count() == 3
    assert "library.draft" in AuditEvent.objects.filter(actor_id=admin.user_id).last().verbs


def test_a_press_too_many_changes_nothing(editor: Client) -> None:
    place = send(editor, an_exercise())["location"]
    editor.post(place)
    before = LibraryImport.objects.values().get()
    assert editor.post(place).status_code == 302
    assert LibraryImport.objects.values().get() == before
    assert Revision.objects.count() == 1


def test_what_somebody_wrote_between_check_and_press_is_reported(editor: Client) -> None:
    place = send(editor, an_exercise())["location"]
    again = send(editor, an_exercise(level="expert"))["location"]
    editor.post(place)
    Revision.objects.update(level="intermediate")
    text = text_of(editor.post(again, follow=True))
    assert "1 Air_Bike level: changed here since it was imported" in text


def test_the_difference_of_a_changed_row_is_shown(editor: Client) -> None:
    editor.post(send(editor, an_exercise())["location"])
    page = editor.get(send(editor, an_exercise(level="expert"))["location"])
    assert "air-bike level beginner expert" in text_of(page)


def test_a_file_without_changes_says_so(editor: Client) -> None:
    editor.post(send(editor, an_exercise())["location"])
    page = editor.get(send(editor, an_exercise())["location"])
    assert "Nothing in this file would change anything." in text_of(page)


def test_a_file_that_is_none_is_refused_beside_the_field(editor: Client) -> None:
    answer = send(editor, data=b"[")
    assert "not JSON" in text_of(answer)
    assert not LibraryImport.objects.exists()


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_the_library_is_given_out_as_a_file(editor: Client, published: Revision, kind: str) -> None:
    answer = editor.get(EXPORT, {"format": kind})
    assert answer["content-disposition"] == f'attachment; filename="exercises.{kind}"'
    sent = send(editor, data=answer.content)
    assert "Nothing in this file" in text_of(editor.get(sent["location"]))


def test_an_unknown_form_of_export_is_not_found(editor: Client) -> None:
    assert editor.get(EXPORT, {"format": "xls"}).status_code == 404


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.ASSISTANT, Role.OWNER])
def test_other_roles_neither_send_nor_get_a_file(client: Client, role: Role) -> None:
    client.force_login(MembershipFactory.create(role=role).user)
    assert send(client, an_exercise()).status_code == 403
    assert client.get(EXPORT).status_code == 403
    assert client.get(reverse("admin:exercises_libraryimport_changelist")).status_code == 403
