"""Every address of Flexion. Who may open which is accounts.access.POLICY."""

from allauth.account import views as account
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from config import errors, health
from exercises import sharing_views as sharing
from patients import sign_in
from patients import views as people

entrance = [
    path("", account.login, name="account_login"),
    path("out/", people.sign_out, name="account_logout"),
    path("code/", sign_in.ask_for_code, name="account_request_login_code"),
    path("code/confirm/", sign_in.type_code, name="account_confirm_login_code"),
    path("closed/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),
    path("password/", account.password_reset, name="account_reset_password"),
    path("password/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
urlpatterns = [
    path("", people.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("robots.txt", sharing.robots, name="robots"),
    path("sitemap.xml", sharing.sitemap, name="sitemap"),
    path("language/", people.language, name="language"),
    path("sign-in/", include(entrance)),
    path("exercises/", include("exercises.urls")),
    path("api/v1/", include("config.api")),
    path("library/", admin.site.urls),
    path("desk/", include("desk.urls")),  # before the many that begin with no word of their own
    path("settings/data/", include("desk.mine.urls")),
    path("", include("patients.urls")),
    path("", include("patients.members.urls")),
    path("", include("programs.urls")),
    path("", include("reminders.urls")),
    path("hooks/", include("reminders.hooks.urls")),
    path("", include("reminders.feed.urls")),
    path("", include("desk.handout.urls")),
    path("", include("desk.report.urls")),
    path("", include("desk.monitoring.urls")),
    path("", include("desk.counts.urls")),
]
if settings.DEMO:
    from config.demo import views as demo

    urlpatterns += [path("demo/", include(demo.urlpatterns))]
handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler429 = errors.too_many  # asked for by allauth
handler500 = errors.server_error
