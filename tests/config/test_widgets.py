"""Form fields are written as Django's templates would write them."""

from datetime import date

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from pytest_django.asserts import assertHTMLEqual

from config.widgets import Renderer

NASTY = "<b>\"'&"
CHOICES = [("a", "A"), (NASTY, NASTY), ("Group", [("b", "B"), ("c", "C")])]


class Everything(forms.Form):
    text = forms.CharField(max_length=20, initial=NASTY, label=NASTY)
    empty = forms.CharField(required=False)
    number = forms.IntegerField(min_value=1, max_value=12, initial=0)
    share = forms.FloatField(initial=1.5)
    load = forms.DecimalField(decimal_places=2, initial="4.25")
    mail = forms.EmailField()
    site = forms.URLField(assume_scheme="https")
    secret = forms.CharField(widget=forms.PasswordInput)
    hidden = forms.CharField(widget=forms.HiddenInput, initial=NASTY)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), initial=date(2026, 3, 1))
    hour = forms.TimeField()
    yes = forms.BooleanField(initial=True, required=False)
    pick = forms.ChoiceField(choices=CHOICES, initial=NASTY)
    picks = forms.MultipleChoiceField(choices=CHOICES, initial=["a", "c"])
    boxes = forms.MultipleChoiceField(
        choices=CHOICES, widget=forms.CheckboxSelectMultiple, initial=["b"]
    )
    one = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect(attrs={"class": NASTY}))
    words = forms.CharField(widget=forms.Textarea, initial=NASTY, required=False)
    blank = forms.CharField(widget=forms.Textarea, required=False)


DATA = {"text": "", "number": "many", "pick": "zzz", "picks": ["a", NASTY], "words": "x\ny"}


@pytest.mark.parametrize("data", [None, DATA], ids=["fresh", "sent back"])
@pytest.mark.parametrize("name", list(Everything.base_fields))
def test_a_field_is_written_as_by_djangos_templates(name: str, data: dict[str, object]) -> None:
    ours, theirs = (Everything(data, renderer=each) for each in (Renderer(), DjangoTemplates()))
    assertHTMLEqual(str(ours[name]), str(theirs[name]))


@pytest.mark.parametrize("name", ["boxes", "one"])
def test_an_option_of_a_group_stands_alone_too(name: str) -> None:
    ours, theirs = (Everything(renderer=each) for each in (Renderer(), DjangoTemplates()))
    for mine, given in zip(ours[name], theirs[name], strict=True):
        assertHTMLEqual(mine.tag(), given.tag())
