from django.urls import path

from exercises import picture_views, views

app_name = "exercises"
urlpatterns = [
    path("", views.exercise_list, name="exercise-list"),
    path("<str:language>.png", picture_views.library_picture, name="library-picture"),
    path("pictures/<uuid:picture_id>.webp", picture_views.own_picture, name="own-picture"),
    path("<slug:slug>/", views.exercise_detail, name="exercise-detail"),
    path("<slug:slug>/<int:number>.svg", picture_views.exercise_tile, name="exercise-tile"),
    path(
        "<slug:slug>/<int:number>-<str:language>.png",
        picture_views.exercise_picture,
        name="exercise-picture",
    ),
]
