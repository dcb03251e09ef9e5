"""Addresses of the clinic's counts."""

from django.urls import path

from desk.counts import views

app_name = "counts"
urlpatterns = [
    path("desk/counts/", views.counts, name="page"),
    path("desk/counts/counts.csv", views.counts_csv, name="file"),
]
