from django.contrib.admin.apps import AdminConfig


class LibraryAdminConfig(AdminConfig):
    """Django's admin, opened by the library's people alone."""

    default_site = "exercises.admin_site.LibraryAdminSite"
