"""Addresses of the handout; the one in its code is short, so that the code is coarse."""

from django.urls import path

from desk.handout import entering_views, views

app_name = "handout"
urlpatterns = [
    path("desk/patients/<uuid:patient_id>/handout.pdf", views.sheet_print, name="print"),
    path("desk/programs/<uuid:program_id>/home-plan.pdf", views.home_print, name="home"),
    path("desk/patients/<uuid:patient_id>/sheet/", entering_views.sheet_enter, name="enter"),
    path("sheet/<uuid:program_id>/<int:version>/", views.sheet_open, name="open"),
]
