from django.urls import path

from reminders import preference_views, views

app_name = "reminders"
urlpatterns = [
    path("settings/reminders/", preference_views.preferences, name="preferences"),
    path("go/<uuid:occurrence_id>/", views.occurrence_open, name="occurrence-open"),
    path("stop-emails/<str:token>/", views.stop, name="stop"),
]
