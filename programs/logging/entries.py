"""One set as a phone, a page or another system tells it, checked in one place."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from patients import units
from programs.aims import Aim, plain_aim
from programs.logging.cards import Card
from programs.models import DoseVersion, SetLog, Side
from programs.wording import load_words

EFFORT = (0, 10)
REPS, HOLD_S, BAND, NUMBER = (1, 100), (0, 600), (0, 9), (1, 10)
MOST_KG = Decimal(200)


class Refused(Exception):
    """What was sent can't be taken; `faults` says why, by field ("" for the whole)."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__("; ".join(faults.values()))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class SetEntry:
    """One set of one side. `dose` is the version it was done under, `done_at` the phone's time.

    `revision` 0 is the first word; a higher one is an edit that was asked for. `proposed_kg`: what
    the phone's table says for the set that follows this one. `load_lb` and `proposed_lb`: the
    same as a page in pounds tells them.
    """

    prescription: UUID
    side: str
    number: int
    dose: UUID
    reps: int = 0
    load_kg: Decimal | None = None
    band_level: int | None = None
    hold_s: int = 0
    skipped: str = ""
    done_at: datetime | None = None
    revision: int = 0
    effort: int | None = None
    proposed_kg: Decimal | None = None
    load_lb: Decimal | None = None
    proposed_lb: Decimal | None = None


def as_planned(card: Card, *, effort: int | None = None) -> SetEntry:
    """The set of a card done as it says, with the effort where the card asks for it."""
    dose = card.planned.dose
    return SetEntry(
        prescription=card.prescription,
        side=card.side,
        number=card.number,
        dose=dose.id,
        reps=card.aim.reps,
        load_kg=card.aim.load_kg,
        band_level=dose.band_level,
        hold_s=dose.hold_s,
        effort=effort if card.aim.asks else None,
    )


def session_key(program: UUID, day: date, slot: int) -> UUID:
    """The name of a session, known before it is begun: a phone may do so without a network."""
    return uuid.uuid5(program, f"{day}:{slot}")


def set_key(session: UUID, entry: SetEntry) -> UUID:
    """The name of a set, the same wherever and however often it is sent from."""
    return uuid.uuid5(session, f"{entry.prescription}:{entry.side}:{entry.number}")


def check_set(entry: SetEntry, dose: DoseVersion, aim: Aim | None = None) -> None:
    """Raise Refused with every field that is missing or impossible for a set of this dose.

    `aim`: where the set is planned as more, or asks for more, than the dose says.
    """
    aim = aim or plain_aim(dose, entry.number)
    told = {} if entry.skipped else _of_values(entry, dose) | _of_aim(entry, aim)
    if faults := _of_place(entry) | told:
        raise Refused(faults)


def _of_place(entry: SetEntry) -> dict[str, str]:
    faults = {}
    if entry.side not in Side.values:
        faults["side"] = _("Say which leg.")
    if not _within(entry.number, NUMBER):
        faults["number"] = _("There is no such set.")
    if entry.skipped and (entry.skipped not in SetLog.Skip.values or entry.reps):
        faults["skipped"] = _("Choose a reason from the list.")
    return faults


def _of_values(entry: SetEntry, dose: DoseVersion) -> dict[str, str]:
    faults = {}
    if not _within(entry.hold_s, HOLD_S):
        faults["hold_s"] = _("Enter 0 to 600 seconds.")
    if dose.load_kg is not None and not _within(entry.load_kg, (0, MOST_KG)):
        faults[f"load_{units.spoken()}"] = _("Enter 0 to %(most)s.") % {"most": load_words(MOST_KG)}
    if dose.band_level is not None and not _within(entry.band_level, BAND):
        faults["band_level"] = _("Choose a band from the list.")
    return faults


def _of_aim(entry: SetEntry, aim: Aim) -> dict[str, str]:
    """None at all is an answer only where as many as possible are asked for."""
    faults = {}
    if not aim.max_reps and not _within(entry.reps, REPS):
        faults["reps"] = _("Enter 1 to 100 reps. If you did none, tap Skip.")
    if aim.max_reps and not _within(entry.reps, (0, REPS[1])):
        faults["reps"] = _("Enter 0 to 100 reps.")
    if (aim.asks or entry.effort is not None) and not _within(entry.effort, EFFORT):
        faults["effort"] = _("Tap a number from 0 to 10.")
    return faults


def _within(value: Decimal | int | None, span: tuple[int, Decimal | int]) -> bool:
    return value is not None and span[0] <= value <= span[1]
