"""The pages of the clinic's templates."""

from django.urls import path

from programs.templating import views

templating_urls = [
    path("desk/templates/", views.template_list, name="template-list"),
    path("desk/templates/<uuid:template_id>/", views.template_detail, name="template-detail"),
    path("desk/patients/<uuid:patient_id>/assign/save/", views.template_save, name="template-save"),
]
