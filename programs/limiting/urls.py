"""The address of the clinic's limits."""

from django.urls import path

from programs.limiting import views

limiting_urls = [path("desk/limits/", views.clinic_limits, name="clinic-limits")]
