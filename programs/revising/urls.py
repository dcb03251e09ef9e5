"""Addresses of the newer texts of a program's exercises."""

from django.urls import path

from programs.revising import views

revising_urls = [
    path("desk/patients/<uuid:patient_id>/texts/", views.revision_compare, name="revision-compare"),
    path(
        "programs/<uuid:program_id>/texts/<uuid:revision_id>/",
        views.revision_accept,
        name="revision-accept",
    ),
]
