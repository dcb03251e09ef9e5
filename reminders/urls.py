from django.urls import path

from reminders import views

app_name = "reminders"
urlpatterns = [
    path("go/<uuid:occurrence_id>/", views.occurrence_open, name="occurrence-open"),
    path("stop-emails/<str:token>/", views.stop, name="stop"),
]
