"""The page of an act that needs a reason: its form, and each error beside its field."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

WRONG = 422


@dataclass(frozen=True)
class Act:
    """What is about to be done, whom it is about, where it is posted, and the button's words.

    `back`: where who doesn't want it returns to; else the patient's page.
    """

    patient: UUID
    title: str
    url: str
    button: str
    lead: str = ""
    back: str = ""


def act_page(request: HttpRequest, act: Act, form: forms.Form) -> HttpResponse:
    """The form by itself; 422 where it came back with errors."""
    context: dict[str, Any] = {
        "act": act,
        "form": form,
        "back": act.back or reverse("desk:patient-detail", args=[act.patient]),
        "item": "patients",
    }
    status = WRONG if form.errors else 200
    return render(request, "programs/decisions/act.html", context, status=status)
