"""The handout: tagged, on one page, in the patient's language, and known again when scanned."""

import json
import re
import time
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
import time_machine
import typst
from django.urls import reverse
from django.utils import translation

from accounts.models import AuditEvent
from desk.handout import printing
from desk.handout.printing import SIZES, as_pdf
from desk.handout.sheet import Sheet
from desk.handout.versions import moments_of
from exercises import shipped
from exercises.models import Revision
from patients.models import Patient
from programs.logging.plan import PlannedExercise, SessionPlan, load_plan
from programs.models import Prescription, PrescriptionStep, Program
from programs.prescribing.dosing import DoseWanted, change_dose
from tests.conftest import NOW
from tests.desk.test_pages import Browser, look, post, sign_in
from tests.factories import PatientFactory, clinician_for
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db
LINK = "https://flexion.example/sheet/0190a1b2-0000-7000-8000-000000000000/3/"
SLUGS = ("standing-curl-band", "bridge", "nordic-assisted", "ball-curl")


@pytest.fixture
def person() -> Person:
    return make_person(NOW)


def sheet_of(person: Person, exercises: int = 1, language: str = "en") -> Sheet:
    """The person's program with these many different exercises, each of both legs."""
    with person.scope(), translation.override(language):
        program = Program.objects.select_related("patient__clinic", "lead").get()
        plan = load_plan(program)
        found = tuple(_as(plan.exercises[0], slug) for slug in SLUGS[:exercises])
        return Sheet(program, SessionPlan(found), 3, LINK, NOW + timedelta(microseconds=7))


def _as(exercise: PlannedExercise, slug: str) -> PlannedExercise:
    content = shipped.exercises()[slug]
    revision = Revision(body=content.body, figure=content.figure)
    step = PrescriptionStep(revision=revision, laterality="each")
    return replace(exercise, sides=tuple(replace(each, step=step) for each in exercise.sides))


def pages(made: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", made))


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("exercises", [1, 2, 3, 4])
def test_up_to_four_exercises_are_one_tagged_page(
    person: Person, exercises: int, language: str
) -> None:
    sheet = sheet_of(person, exercises, language)
    began = time.perf_counter()
    with person.scope(), translation.override(language):
        made = as_pdf(sheet)
    print(f"{exercises} {language}: {time.perf_counter() - began:.3f} s, {len(made)} bytes")  # noqa: T201 (what is measured)
    assert pages(made) == 1
    assert b"/StructTreeRoot" in made
    assert f"/Lang({language})".encode() in made.replace(b" ", b"")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made


def test_a_page_that_would_not_be_accessible_is_not_made(person: Person) -> None:
    """typst's own check: a picture without words for who can't see it breaks PDF/UA-1."""
    template = printing.TEMPLATE.read_text().replace("alt: told.qr_alt, ", "")
    sheet = sheet_of(person)
    with person.scope():
        given = {"data": json.dumps(sheet.told(steps=3)), "size": json.dumps(asdict(SIZES[0]))}
    compiler = typst.Compiler(template.encode(), sys_inputs=given)
    with pytest.raises(typst.TypstError, match="alt"):
        compiler.compile(format="pdf", pdf_standards=["ua-1"])


def test_the_sheet_says_the_dose_the_rules_and_when_to_stop(person: Person) -> None:
    sheet = sheet_of(person)
    with person.scope():
        told = sheet.told(steps=8)
    (exercise,) = told["exercises"]
    assert exercise["doses"] == [("each leg", "2\u00a0×\u00a08")]
    assert dict(exercise["facts"])["How far"] == "45°"
    assert "Band" not in dict(exercise["facts"])
    assert told["amounts"][-1] == ("Pain 6 or more", "Stop for today. We make it easier.")
    assert len(told["rules"]) == 2
    assert len(told["now"]) + len(told["soon"]) == 11
    assert told["now_title"].startswith("Stop, and call 911")
    assert told["grid"]["columns"] == [
        {"name": "Left leg", "sets": 2},
        {"name": "Right leg", "sets": 2},
    ]


def test_another_tempo_is_not_contradicted_by_the_steps(person: Person) -> None:
    person = make_person(NOW, down_s=5)
    with person.scope():
        program = Program.objects.select_related("patient__clinic", "lead").get()
        told = Sheet(program, load_plan(program), 1, LINK, NOW).told(steps=8)
    (exercise,) = told["exercises"]
    assert dict(exercise["facts"])["Speed"].endswith("5\u00a0s down")
    assert not any("3 seconds" in step for step in exercise["steps"])


def test_few_steps_are_one_of_each_kind(person: Person) -> None:
    sheet = sheet_of(person)
    with person.scope():
        (exercise,) = sheet.told(steps=3)["exercises"]
    assert [step.split()[0] for step in exercise["steps"]] == ["Loop", "Bend", "Check"]


def change(person: Person, at: datetime) -> None:
    with person.scope():
        row = Prescription.objects.select_related("program__patient").get()
        wanted = DoseWanted(step=1, sets=2, reps=10, reason="stronger")
        change_dose(prescription=row, side="left", wanted=wanted, by=person.clinician, at=at)


def test_a_changed_dose_is_the_next_version(person: Person) -> None:
    with person.scope():
        assert len(moments_of(person.program)) == 1
    change(person, NOW + DAY)
    with person.scope():
        first, _second = moments_of(person.program)
    assert first == NOW - DAY


def test_the_clinician_prints_it_in_the_patients_language(person: Person) -> None:
    with person.scope():
        Patient.objects.filter(id=person.patient.id).update(language="es")
    with patch("desk.handout.views.as_pdf", wraps=as_pdf) as made:
        answer = look(sign_in(person), "handout:print", person.patient.id)
    assert answer["Content-Type"] == "application/pdf"
    assert pages(answer.content) == 1
    assert b"(es" in answer.content
    assert f"/sheet/{person.program.id}/1/" in made.call_args.args[0].link
    event = AuditEvent.objects.latest("id")
    assert (event.kind, event.verbs, event.patient_ids) == (
        "export",
        ["print_handout"],
        [person.patient.id],
    )


def test_a_program_that_waits_is_not_printed(person: Person) -> None:
    with person.scope():
        Program.objects.filter(id=person.program.id).update(status="locked")
    answer = look(sign_in(person), "handout:print", person.patient.id)
    assert answer.url == reverse("desk:patient-detail", args=[person.patient.id])
    page = look(sign_in(person), "desk:patient-detail", person.patient.id)
    assert "handout.pdf" not in page.content.decode()


def test_the_button_stands_on_the_patients_page(person: Person) -> None:
    page = look(sign_in(person), "desk:patient-detail", person.patient.id)
    assert reverse("handout:print", args=[person.patient.id]) in page.content.decode()


@pytest.mark.parametrize("page", ["handout:print", "handout:open"])
def test_a_handout_takes_no_post_and_no_stranger(person: Person, page: str) -> None:
    args = [person.patient.id] if page == "handout:print" else [person.program.id, 1]
    assert post(sign_in(person), page, *args).status_code == 405
    stranger = clinician_for(PatientFactory.create())
    assert look(sign_in(user_id=stranger.user_id), page, *args).status_code == 404


def test_an_old_print_leads_on_and_says_that_it_is_old(person: Person) -> None:
    at = NOW + timedelta(days=1, hours=1)
    change(person, NOW + DAY)
    client = sign_in(user_id=person.actor.user_id)
    old = follow(client, person, 1, at)
    assert "This sheet is old: version 1, of Sun 22 Nov." in old
    assert "This sheet is up to date." in follow(client, person, 2, at)
    assert look(client, "handout:open", person.program.id, 3, at=at).status_code == 404


def test_a_sheet_of_a_program_that_ended_is_old_at_the_desk_too(person: Person) -> None:
    with person.scope():
        Program.objects.filter(id=person.program.id).update(status="ended")
    client = sign_in(person)
    answer = look(client, "handout:open", person.program.id, 1)
    assert answer.url == reverse("desk:patient-detail", args=[person.patient.id])
    assert "This sheet is old" in client.get(answer.url).content.decode()


def follow(client: Browser, person: Person, version: int, at: datetime) -> str:
    """The page that the code of this version ends on."""
    answer = look(client, "handout:open", person.program.id, version, at=at)
    assert answer.url == reverse("programs:today")
    with time_machine.travel(at, tick=False):
        return str(client.get(answer.url).content.decode())
