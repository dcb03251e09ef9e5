from django.urls import path

from reminders.hooks import views

app_name = "hooks"
urlpatterns = [
    path("texts/", views.text_answer, name="text-answer"),
    path("texts/<uuid:occurrence_id>/", views.text_status, name="text-status"),
    path("mail/", views.mail_event, name="mail-event"),
]
