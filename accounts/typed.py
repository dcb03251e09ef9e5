"""Classes of Django to inherit from: generic to the type checker, and as they are when they run."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin import options
from django.contrib.sitemaps import Sitemap as PlainSitemap

if TYPE_CHECKING:
    BaseFormSet = forms.BaseFormSet[Any]
    BaseModelAdmin = options.BaseModelAdmin[Any]
    ModelAdmin = admin.ModelAdmin[Any]
    ModelForm = forms.ModelForm[Any]
    Sitemap = PlainSitemap[Any]
    StackedInline = admin.StackedInline[Any, Any]
else:
    BaseFormSet = forms.BaseFormSet
    BaseModelAdmin = options.BaseModelAdmin
    ModelAdmin = admin.ModelAdmin
    ModelForm = forms.ModelForm
    Sitemap = PlainSitemap
    StackedInline = admin.StackedInline
