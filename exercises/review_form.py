"""What a reviewer fills in, and what they may ask for instead."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exercises.models import Revision
from exercises.services import REMARK, Review

YEARS = 2  # until the next review, unless the reviewer says otherwise


class ReviewForm(forms.Form):
    """A review; what the person wrote at their last one stands in it."""

    credentials = forms.CharField(
        label=_("Your credentials"),
        max_length=120,
        help_text=_("As they stand beside your name on the public page, for example PT, DPT."),
    )
    bio_en = forms.CharField(label=_("About you, in English"), max_length=600, required=False)
    bio_es = forms.CharField(label=_("About you, in Spanish"), max_length=600, required=False)
    due_on = forms.DateField(
        label=_("Next review by"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def review(self) -> Review:
        data = self.cleaned_data
        bio = {"en": data["bio_en"], "es": data["bio_es"]}
        return Review(
            credentials=data["credentials"],
            bio={language: words for language, words in bio.items() if words},
            due_on=data["due_on"],
        )


class ReturnForm(forms.Form):
    remark = forms.CharField(label=_("What is to change"), max_length=REMARK, required=False)


def offered(last: Revision | None, today: date) -> dict[str, Any]:
    """What a new review begins with: credentials and words about the person from their last."""
    bio = last.reviewer_bio if last else {}
    return {
        "credentials": last.reviewer_credentials if last else "",
        "bio_en": bio.get("en", ""),
        "bio_es": bio.get("es", ""),
        "due_on": today.replace(day=min(today.day, 28), year=today.year + YEARS),
    }
