"""Addresses of a patient's calendar: the file itself, and the page where it is made."""

from django.urls import path

from reminders.feed import views

app_name = "feed"
urlpatterns = [
    path("calendar/<str:token>.ics", views.file, name="file"),
    path("settings/reminders/calendar/", views.feed_settings, name="settings"),
]
