from django.urls import path

from reminders import device_views, digest_views, preference_views, sent_views, views

app_name = "reminders"
urlpatterns = [
    path("settings/reminders/", preference_views.preferences, name="preferences"),
    path("settings/reminders/device/", device_views.device, name="device"),
    path("desk/patients/<uuid:patient_id>/reminders/", sent_views.patient_sent, name="patient"),
    path("desk/digest/", digest_views.digest, name="digest"),
    path("go/<uuid:occurrence_id>/", views.occurrence_open, name="occurrence-open"),
    path("later/<str:token>/", views.later, name="later"),
    path("stop-messages/<str:token>/", views.stop, name="stop"),
]
