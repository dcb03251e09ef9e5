"""What a reviewer fills in, and what they may ask for instead."""

from datetime import date
from typing import Any

from django import forms
from django.utils.text import normalize_newlines
from django.utils.translation import gettext_lazy as _

from exercises.models import Revision
from exercises.services import Review

YEARS = 2  # until the next review, unless the reviewer says otherwise


def _about(label: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=600, required=False, widget=area)


class ReviewForm(forms.Form):
    """A review; what the person wrote at their last one stands in it."""

    credentials = forms.CharField(
        label=_("Your credentials"),
        max_length=120,
        help_text=_("As they stand beside your name on the public page, for example PT, DPT."),
    )
    bio_en = _about(_("About you, in English"))
    bio_es = _about(_("About you, in Spanish"))
    due_on = forms.DateField(
        label=_("Next review by"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def given(self) -> dict[str, Review]:
        data = self.cleaned_data
        bio = {"en": data["bio_en"], "es": data["bio_es"]}
        review = Review(
            credentials=data["credentials"],
            bio={language: words for language, words in bio.items() if words},
            due_on=data["due_on"],
        )
        return {"review": review}


class ReturnForm(forms.Form):
    remark = forms.CharField(label=_("What is to change"), required=False)

    def given(self) -> dict[str, str]:
        return {"remark": normalize_newlines(self.cleaned_data["remark"])}


def offered(last: Revision | None, today: date) -> dict[str, Any]:
    """What a new review begins with: credentials and words about the person from their last."""
    bio = last.reviewer_bio if last else {}
    return {
        "credentials": last.reviewer_credentials if last else "",
        "bio_en": bio.get("en", ""),
        "bio_es": bio.get("es", ""),
        "due_on": today.replace(day=min(today.day, 28), year=today.year + YEARS),
    }
