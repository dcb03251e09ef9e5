"""Addresses of outcome scores: the patient's page, and the desk's."""

from django.urls import path

from programs.outcomes import views

outcomes_urls = [
    path("outcomes/", views.outcomes, name="outcomes"),
    path(
        "desk/patients/<uuid:patient_id>/outcomes/", views.patient_outcomes, name="patient-outcomes"
    ),
]
