"""What people text back: a "no more" is honoured at once; to everything else a machine answers."""

import re
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Clinic, Language
from accounts.scope import clinic_scope
from patients.models import Channel, Patient
from reminders.services.consent import stop_channel


class Meaning(StrEnum):
    STOP, START, HELP, OTHER = "stop", "start", "help", "other"


WORDS = {
    Meaning.STOP: {
        Language.ENGLISH: "STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT",
        Language.SPANISH: "ALTO PARAR BAJA",
    },
    Meaning.START: {Language.ENGLISH: "START UNSTOP", Language.SPANISH: "ALTA"},
    Meaning.HELP: {Language.ENGLISH: "HELP", Language.SPANISH: "AYUDA"},
}
KNOWN = {
    word: (meaning, language)
    for meaning, languages in WORDS.items()
    for language, words in languages.items()
    for word in words.split()
}
SAID = {
    Meaning.STOP: _(
        "Flexion: you get no more reminders by text. You can turn them on again in your settings:"
        " %(settings)s"
    ),
    Meaning.START: _(
        "Flexion: no text turns reminders on. You do that in your settings: %(settings)s"
    ),
    Meaning.HELP: _(
        "Flexion sends the reminders that you agreed to. To stop them, answer STOP. Nobody reads"
        " what you text here: call your clinic, in an emergency %(emergency_number)s."
    ),
    Meaning.OTHER: _(
        "Flexion: nobody reads what you text here. Call your clinic, in an emergency"
        " %(emergency_number)s. To stop reminders, answer STOP."
    ),
}


def answer_text(*, number: str, body: str, at: datetime) -> str:
    """Do what this text asks for and return what to say back, in the language of who sent it."""
    word = re.sub(r"[\W_]+", "", body).upper()
    meaning, language = KNOWN.get(word, (Meaning.OTHER, settings.LANGUAGE_CODE))
    if meaning == Meaning.STOP:
        stop_texts(number=number, wording=f"text-{word.lower()}", at=at)
    with clinic_scope(*_clinics()):
        patient = _reached_at(number).select_related("clinic").first()
    with translation.override(patient.language if patient else language):
        local = patient.clinic.emergency_number if patient else gettext("your local number")
        link = settings.SITE_URL + reverse("reminders:preferences")
        return SAID[meaning] % {"settings": link, "emergency_number": local}


def stop_texts(*, number: str, wording: str, at: datetime) -> int:
    """Stop texts to this number for every patient who has it, at all clinics, or for none.

    Takes no `by`: whoever holds the phone may stop what comes there. Returns how many patients
    it stopped for; saying it twice is safe.
    """
    with clinic_scope(*_clinics()):
        patients = list(_reached_at(number).select_for_update(no_key=True))
        return sum(_stop(patient, wording, at) for patient in patients)


def _stop(patient: Patient, wording: str, at: datetime) -> bool:
    return stop_channel(
        clinic=patient.clinic_id,
        patient=patient.id,
        channel=Channel.SMS,
        wording=wording,
        at=at,
        route="hooks:text-answer",
    )


def _reached_at(number: str) -> QuerySet[Patient]:
    """The patients of this number, as +12015550123; of anything else, nobody. Needs the scope."""
    found = Patient.objects.order_by("id")
    return found.filter(phone=number) if number.startswith("+") else found.none()


def _clinics() -> list[UUID]:
    return list(Clinic.objects.values_list("id", flat=True))
