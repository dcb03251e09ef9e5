"""The address of a patient's care team."""

from django.urls import path

from programs.caring import views

caring_urls = [
    path("desk/patients/<uuid:patient_id>/team/", views.patient_team, name="patient-team")
]
