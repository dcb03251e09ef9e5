"""Addresses of a clinic's people."""

from django.urls import path

from patients.members import views

app_name = "members"
urlpatterns = [
    path("desk/people/", views.people, name="people"),
    path("join/<str:token>/", views.join, name="join"),
]
