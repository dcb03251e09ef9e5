"""Addresses of a patient's own data."""

from django.urls import path

from desk.mine import views

app_name = "mydata"
urlpatterns = [
    path("", views.data, name="data"),
    path("read/", views.data_page, name="page"),
    path("tables.zip", views.data_tables, name="tables"),
    path("data.json", views.data_json, name="json"),
]
