"""Addresses of the handout; the one in its code is short, so that the code is coarse."""

from django.urls import path

from desk.handout import views

app_name = "handout"
urlpatterns = [
    path("desk/patients/<uuid:patient_id>/handout.pdf", views.sheet_print, name="print"),
    path("sheet/<uuid:program_id>/<int:version>/", views.sheet_open, name="open"),
]
