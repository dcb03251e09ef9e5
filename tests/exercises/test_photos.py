"""A clinic's own picture: known by its content, made anew, described, and that clinic's alone."""

from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.roles import Actor, Role
from accounts.scope import clinic_scope
from exercises import imaging, services
from exercises.models import Exercise, Picture, Revision
from exercises.schema import read_picture
from tests.actors import of
from tests.exercises.drafts import posted
from tests.exercises.files_of_pictures import SVG, bomb, drawn, moving, photographed, sent
from tests.factories import ClinicFactory, MembershipFactory, actor

pytestmark = pytest.mark.django_db
ALT = {"photo_alt_en": "A woman holds a chair.", "photo_alt_es": "Una mujer se sujeta a una silla."}


def told(data: bytes) -> str:
    with pytest.raises(imaging.PictureFault) as fault:
        imaging.made_of(sent(data))
    return str(fault.value)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("name", ["a.jpg", "a.txt"])
def test_a_picture_is_known_by_its_content_and_made_anew(kind: str, name: str) -> None:
    made = imaging.made_of(sent(drawn(kind), name))
    assert made.data[:4] + made.data[8:12] == b"RIFFWEBP"
    assert (made.width, made.height) == (40, 20)


def test_place_camera_and_profile_are_gone_and_it_stands_upright() -> None:
    source = photographed()
    assert all(word in source for word in (b"SecretCam", b"SecretPlace", b"SecretProfile"))
    made = imaging.made_of(sent(source))
    assert b"Secret" not in made.data
    with Image.open(BytesIO(made.data)) as found:
        assert not found.getexif()
        assert {"exif", "xmp", "icc_profile"} & found.info.keys() == set()
        assert found.size == (made.width, made.height) == (20, 40)


def test_a_large_picture_is_made_smaller() -> None:
    made = imaging.made_of(sent(drawn("PNG", (3200, 800))))
    assert (made.width, made.height) == (1600, 400)


@pytest.mark.parametrize("side", [60_000, 8_000])
def test_a_bomb_of_pixels_is_refused_before_it_is_opened(side: int) -> None:
    assert "million pixels" in told(bomb(side))


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imaging, "LARGEST", 100)
    assert "MB" in told(drawn())


@pytest.mark.parametrize(
    "data", [SVG, b"", b"GIF89a", b"<html>", drawn()[:200], drawn("PNG")[:60], bomb(100)]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    assert "no JPEG, PNG or WebP" in told(data)


def test_a_picture_that_moves_is_refused() -> None:
    assert "moves" in told(moving())


def save(by: Actor, revision: Revision, **changes: Any) -> Any:
    address = reverse("admin:exercises_revision_change", args=[revision.pk])
    with clinic_scope(by.clinic_id):
        sent = posted(revision, cited=[], **changes)
    return of(by).post(address, sent)


@pytest.fixture
def pictured(ours: Actor, own: Revision) -> Revision:
    """The clinic's draft with a picture."""
    answer = save(ours, own, photo=sent(photographed()), **ALT)
    assert answer.status_code == 302, answer.context["errors"]
    with clinic_scope(ours.clinic_id):
        own.refresh_from_db()
    return own


def address_of(revision: Revision) -> str:
    spec = read_picture(revision.figure)
    assert spec
    return reverse("exercises:own-picture", args=[spec.id])


def test_a_picture_is_kept_with_its_words_and_nothing_of_its_name(
    pictured: Revision, ours: Actor
) -> None:
    spec = read_picture(pictured.figure)
    assert spec
    assert (spec.width, spec.height, spec.alt["en"]) == (20, 40, ALT["photo_alt_en"])
    with clinic_scope(ours.clinic_id):
        row = Picture.objects.get(pk=spec.id)
    assert (row.clinic_id, row.file.name) == (
        ours.clinic_id,
        f"pictures/{ours.clinic_id}/{row.pk}.webp",
    )


@pytest.mark.parametrize("missing", ["photo_alt_en", "photo_alt_es"])
def test_a_picture_without_words_is_not_kept(ours: Actor, own: Revision, missing: str) -> None:
    answer = save(ours, own, photo=sent(drawn()), **ALT | {missing: ""})
    assert missing in answer.context["adminform"].form.errors
    with clinic_scope(ours.clinic_id):
        assert not Picture.objects.exists()


def test_a_bad_picture_is_told_beside_its_field(ours: Actor, own: Revision) -> None:
    answer = save(ours, own, photo=sent(SVG), **ALT)
    assert "no JPEG" in str(answer.context["adminform"].form.errors["photo"])


def test_words_change_without_the_picture_and_it_can_be_taken_off(
    pictured: Revision, ours: Actor
) -> None:
    before = read_picture(pictured.figure)
    for more, expected in (({"photo_alt_en": "A man."}, "A man."), ({"photo_off": "on"}, None)):
        assert save(ours, pictured, **more).status_code == 302
        with clinic_scope(ours.clinic_id):
            pictured.refresh_from_db()
        now = read_picture(pictured.figure)
        assert (now and now.alt["en"]) == expected
        assert now is None or (before and now.id == before.id)


def test_it_is_served_to_people_of_the_clinic_and_to_nobody_else(
    pictured: Revision, ours: Actor, client: Client
) -> None:
    address = address_of(pictured)
    answer = of(ours).get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert answer.content[:4] == b"RIFF"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "img-src 'self';" in answer["Content-Security-Policy"]
    for clinic, role in ((ClinicFactory.create(), Role.CLINICIAN), (None, Role.LIBRARY_ADMIN)):
        other = of(actor(MembershipFactory.create(clinic=clinic, role=role)))
        assert other.get(address).status_code == 404
    assert client.get(address).status_code == 302


def test_a_file_that_is_lost_is_not_found(pictured: Revision, ours: Actor) -> None:
    spec = read_picture(pictured.figure)
    assert spec
    with clinic_scope(ours.clinic_id):
        row = Picture.objects.get(pk=spec.id)
    row.file.storage.delete(row.file.name)
    assert of(ours).get(address_of(pictured)).status_code == 404


@pytest.mark.parametrize("query", ["?lang=es", "?as=patient&lang=es"])
def test_it_stands_beside_the_figure_in_the_words_of_the_page(
    pictured: Revision, ours: Actor, query: str
) -> None:
    address = reverse("admin:exercises_revision_look", args=[pictured.pk]) + query
    text = of(ours).get(address).content.decode()
    assert (
        f'src="{address_of(pictured)}" width="20" height="40" alt="{ALT["photo_alt_es"]}"' in text
    )
    assert "fig-move" in text


def test_the_shipped_library_takes_no_picture(
    editor: Client, draft: Revision, admin: Actor
) -> None:
    page = editor.get(reverse("admin:exercises_revision_change", args=[draft.pk]))
    assert b'name="photo"' not in page.content
    assert save(admin, draft, photo=sent(drawn()), **ALT).status_code == 403
    with pytest.raises(PermissionDenied):
        services.add_picture(made=imaging.made_of(sent(drawn())), by=admin, at=timezone.now())


def test_a_picture_of_another_clinic_is_not_shown_here(pictured: Revision) -> None:
    held = MembershipFactory.create(clinic=ClinicFactory.create(), role=Role.LIBRARY_ADMIN)
    by, content = actor(held), services.content_of(pictured)
    with clinic_scope(by.clinic_id):
        exercise = Exercise.objects.create(slug="x", clinic_id=by.clinic_id)
        with pytest.raises(PermissionDenied):
            services.draft_revision(exercise=exercise, content=content, by=by, at=timezone.now())
