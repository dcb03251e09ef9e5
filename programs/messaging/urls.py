"""Addresses of the messages, at both ends."""

from django.urls import path

from programs.messaging import views

messaging_urls = [
    path("messages/", views.messages, name="messages"),
    path(
        "desk/patients/<uuid:patient_id>/messages/", views.patient_messages, name="patient-messages"
    ),
]
