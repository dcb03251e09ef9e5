"""The demo's people. All of them are plainly invented, and so is their clinic."""

import zlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal
from uuid import UUID, uuid5

from django.conf import settings

from accounts.roles import Role

NAMESPACE = UUID("5f1e0de0-0000-7000-8000-000000000000")
CLINIC_ID = uuid5(NAMESPACE, "clinic")
CLINIC_NAME = "Willowbend Knee Clinic (demo)"
PASSWORD = "willow bends, never breaks"  # noqa: S105  the demo's own, printed at its start
WEEKS = 12
ACTIVITY = {"en": "Walk down the stairs", "es": "Bajar las escaleras"}
KINDS = ("steady", "flare", "patchy", "silent", "fast")
type Kind = Literal["steady", "flare", "patchy", "silent", "fast"]


@dataclass(frozen=True)
class Colleague:
    name: str
    email: str
    role: Role


STAFF = (
    Colleague("Orla Brackenridge", "owner@willowbend.example", Role.OWNER),
    Colleague("Ines Larkspur", "ines@willowbend.example", Role.CLINICIAN),
    Colleague("Abel Rushmere", "abel@willowbend.example", Role.CLINICIAN),
    Colleague("Tilda Fernhollow", "tilda@willowbend.example", Role.CLINICIAN),
    Colleague("Pip Sedgewick", "assistant@willowbend.example", Role.ASSISTANT),
    Colleague("Wren Mossgrove", "library@willowbend.example", Role.LIBRARY_ADMIN),
    Colleague("Hazel Thornbury", "review@willowbend.example", Role.REVIEWER),
)
LIBRARIAN, REVIEWER = STAFF[-2:]
CREDENTIALS = "PT, DPT (invented)"
BIOGRAPHY = {
    "en": "Hazel is made up for this demo. No real person has reviewed this page.",
    "es": "Hazel es inventada para esta demo. Ninguna persona real ha revisado esta página.",
}
CLINICIANS = tuple(person for person in STAFF if person.role == Role.CLINICIAN)

FIRST = """
    Mara Ada Otis Rosa Tomas Mira Jun Hugo Lena Emil Noor Dana Jonah Selma Ivo Petra Niko Asta
    Bruno Cora Dario Edda Falk Greta Hana Idris Juno Kai Lotta Milo Nadia Osk Pia Quill Runa Sven
    Thea Ulla Vito Wanda
""".split()  # noqa: SIM905  forty names read better in lines
LAST = """
    Hazelbrook Birchwood Ferncastle Thistledown Quillfeather Windlow Oakhollow Pebblebrook
    Applegarth Stonecrop Saltmarsh Mossgarth Reedwater Cloverfield Duskmeadow Elderpool Foxglen
    Gorseway Heathermoor Ivyreach Juniperhill Kelpstrand Larchfold Meadowrue Nettlebank Orchardlea
    Pinecairn Quincebury Rowanside Sorrelton Tansyfield Umberleigh Vetchley Willowmere Yarrowdale
    Alderwick Brambleton Cowslipe Daisyford Eiderdale
""".split()  # noqa: SIM905  as above


@dataclass(frozen=True)
class Person:
    """A patient of the demo: `number` settles everything about them, so that a run repeats."""

    number: int

    @property
    def name(self) -> str:
        return f"{FIRST[self.number]} {LAST[self.number]}"

    @property
    def email(self) -> str:
        return f"{FIRST[self.number].lower()}.{LAST[self.number].lower()}@home.example"

    @property
    def phone(self) -> str:
        """A number that is set aside for stories, and rings nowhere."""
        return f"+1201555{100 + self.number:04}"

    @property
    def kind(self) -> str:
        return KINDS[self.number % len(KINDS)]

    @property
    def seed(self) -> int:
        return zlib.crc32(self.name.encode())

    @property
    def note(self) -> Path:
        """A file that says up to which day this person's history has been made."""
        return Path(settings.BASE_DIR) / "var" / "demo" / "lived" / str(self.number)

    def note_day(self, day: date) -> None:
        self.note.parent.mkdir(parents=True, exist_ok=True)
        self.note.write_text(day.isoformat())

    def has_lived_until(self, day: date) -> bool:
        return self.note.exists() and self.note.read_text() >= day.isoformat()

    @property
    def clinician(self) -> Colleague:
        return CLINICIANS[0 if self.number < len(KINDS) else self.number % len(CLINICIANS)]

    @property
    def language(self) -> str:
        return "es" if self.number % 8 == 4 else "en"

    @property
    def side(self) -> str:
        return ("left", "right")[self.number % 2]


PATIENTS = tuple(Person(number) for number in range(40))
EVERY_KIND = PATIENTS[: len(KINDS)]
