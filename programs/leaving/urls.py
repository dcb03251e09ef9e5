"""The address at which a patient leaves."""

from django.urls import path

from programs.leaving import views

leaving_urls = [path("settings/leave/", views.leave, name="leave")]
