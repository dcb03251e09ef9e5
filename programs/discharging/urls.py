"""The address of a program's discharge."""

from django.urls import path

from programs.discharging import views

discharging_urls = [
    path(
        "desk/programs/<uuid:program_id>/discharge/",
        views.program_discharge,
        name="program-discharge",
    ),
]
