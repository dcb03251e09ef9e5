"""Addresses of remote monitoring, all of one patient."""

from django.urls import include, path

from desk.monitoring import views

app_name = "monitoring"
pages = [
    path("", views.monitoring, name="page"),
    path("episode/", views.episode, name="episode"),
    path("timer/", views.timer, name="timer"),
    path("time/", views.time, name="time"),
    path("contact/", views.contact, name="contact"),
    path("report.pdf", views.report, name="report"),
]
urlpatterns = [path("desk/patients/<uuid:patient_id>/monitoring/", include(pages))]
