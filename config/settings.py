"""Flexion's settings: one file, read from the environment, safe where nothing is said.

.env.example lists every variable. Without DATABASE_URL, manage.py brings embedded servers.
"""

import os
import tomllib
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]


def flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, str(int(default))).lower() in {"1", "true", "yes", "on"}


def listed(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def database(url: str) -> dict[str, str]:
    """Read postgresql://user:password@host:port/name?host=/socket/folder."""
    parts = urlsplit(url)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    return {
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": query.get("port", str(parts.port or "")),
    }


DEMO = flag("FLEXION_DEMO")
DEBUG = flag("DEBUG")
MAINTENANCE = flag("MAINTENANCE")
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
ENCRYPTED = SITE_URL.startswith("https://")
LOCAL = urlsplit(SITE_URL).hostname in {"127.0.0.1", "localhost"}
SECRET_KEY = os.environ.get("SECRET_KEY", "only-for-127.0.0.1-" * 4 if LOCAL else "")
ALLOWED_HOSTS = listed("ALLOWED_HOSTS", urlsplit(SITE_URL).hostname or "")
CSRF_TRUSTED_ORIGINS = listed("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "accounts",
    "config",
    "patients",
    "exercises",
    "programs",
    "reminders",
    "desk",
    "exercises.admin_config.LibraryAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django_htmx",
    "django_structlog",
    "allauth",
    "allauth.account",
    "phonenumber_field",
    "rest_framework",
    "drf_spectacular",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "config.request_lines.RouteMiddleware",
    "config.problems.ApiProblems",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.errors.Maintenance",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.errors.MethodNotAllowedPage",
    "patients.middleware.ActingMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["config.pictograms"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

FORM_RENDERER = "config.widgets.Renderer"

# Databases: the app's role serves; the owner's login stands only where migrations run.
# No disk turns any more: reading here and there costs hardly more than reading on.
_FLASH = "-c random_page_cost=1.1"
# How alike a word must be to what was typed, to be taken for a slip of the keys.
_LIKENESS = "-c pg_trgm.similarity_threshold=0.4"
_options: dict[str, Any] = {
    "application_name": "flexion",
    "prepare_threshold": 2,
    "options": f"{_FLASH} {_LIKENESS}",
}
_database = {
    "ENGINE": "django.db.backends.postgresql",
    "CONN_MAX_AGE": 0,
    "OPTIONS": _options,
} | database(os.environ.get("DATABASE_URL", ""))
if pool := int(os.environ.get("DATABASE_POOL", "0")):
    _options["pool"] = {"min_size": 2, "max_size": pool, "timeout": 10}
DATABASES = {
    "default": _database,
    "planner": _database
    | {"OPTIONS": {"application_name": "flexion-planner"}, "TEST": {"MIRROR": "default"}}
    | database(os.environ.get("DATABASE_PLANNER_URL", "")),
}
_owner = database(os.environ.get("DATABASE_OWNER_URL", ""))
DATABASE_OWNER = {key: _owner[key] for key in ("USER", "PASSWORD") if _owner["USER"]}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
BROKER_URL = os.environ.get("BROKER_URL", "")

# Sign-in.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "patients.adapter.SignInAdapter"
ACCOUNT_FORMS = {
    "login": "patients.forms.PasswordForm",
    "request_login_code": "patients.forms.RequestCodeForm",
    "confirm_login_code": "patients.forms.TypeCodeForm",
}
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 2
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8}
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = ACCOUNT_LOGIN_BY_CODE_FORMAT
ACCOUNT_LOGIN_TIMEOUT = 3 * ACCOUNT_LOGIN_BY_CODE_TIMEOUT  # a code, and two new ones
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "0"))
SESSION_COOKIE_AGE = 30 * 24 * 3600

# Cookies and headers.
SESSION_COOKIE_NAME = "__Host-session" if ENCRYPTED else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if ENCRYPTED else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = ENCRYPTED
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ENCRYPTED else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = ENCRYPTED
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if ACCOUNT_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"

# Words and time.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

# Static files.
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "config.storage.WholeSheets",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
PLAIN_STATIC = DEBUG or DEMO  # straight from static/, without a build
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = PLAIN_STATIC
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if PLAIN_STATIC
        else "config.storage.HashedStorage"
    },
}

# Pictures that clinics add: the default storage, on a disk that is kept and backed up.
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT", BASE_DIR / "var" / "media"))

# Mail: EMAIL_URL is smtp://user:password@host:port or smtps://…
_mail = urlsplit(os.environ.get("EMAIL_URL", "smtp://127.0.0.1:2525"))
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Flexion <flexion@localhost>")
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": _mail.hostname,
            "port": _mail.port or 25,
            "username": unquote(_mail.username or ""),
            "password": unquote(_mail.password or ""),
            "use_ssl": _mail.scheme == "smtps",
            "use_tls": _mail.query == "tls",
            "timeout": 10,
        },
    }
}

# Shared with whoever tells what became of emails: whsec_..., see https://www.standardwebhooks.com
MAIL_EVENTS_SECRET = os.environ.get("MAIL_EVENTS_SECRET", "")

# Text messages: SMS_URL is https://ACCOUNT:TOKEN@api.twilio.com; without it there are none.
SMS_URL = os.environ.get("SMS_URL", "")
SMS_CODES_FROM = os.environ.get("SMS_CODES_FROM", "")
SMS_REMINDERS_FROM = os.environ.get("SMS_REMINDERS_FROM", "")
SMS_COUNTRIES = listed("SMS_COUNTRIES", "US")
SMS_DAILY = {  # codes in 24 hours, at most
    "number": int(os.environ.get("SMS_DAILY_PER_NUMBER", "6")),
    "address": int(os.environ.get("SMS_DAILY_PER_ADDRESS", "30")),
    "clinic": int(os.environ.get("SMS_DAILY_PER_CLINIC", "300")),
    "all": int(os.environ.get("SMS_DAILY_IN_ALL", "1000")),
}
PHONENUMBER_DEFAULT_REGION = SMS_COUNTRIES[0]
PHONENUMBER_DEFAULT_FORMAT = "INTERNATIONAL"

# Notifications on phones: without PUSH_KEY (manage.py push_key makes one) there are none.
PUSH_KEY = os.environ.get("PUSH_KEY", "")
PUSH_CONTACT = os.environ.get("PUSH_CONTACT", "") or f"mailto:{parseaddr(DEFAULT_FROM_EMAIL)[1]}"
# Services that phones may be reached through; a name stands for those below it too.
PUSH_HOSTS = listed(
    "PUSH_HOSTS",
    "fcm.googleapis.com,updates.push.services.mozilla.com,push.apple.com,notify.windows.com",
)
PUSH_TO_THIS_MACHINE = DEMO  # by plain HTTP to 127.0.0.1: the demo's own phones

# Reminders that may leave, over all workers; 0 is no limit.
MESSAGES_PER_SECOND = {
    "email": float(os.environ.get("EMAILS_PER_SECOND", "50")),
    "sms": float(os.environ.get("TEXTS_PER_SECOND", "10")),
    "push": float(os.environ.get("PUSHES_PER_SECOND", "100")),
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.parsers.ShallowJson"],
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "config.problems.exception_handler",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "config.pagination.ByKey",
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Flexion",
    "VERSION": "1",
    "DESCRIPTION": "Programs, today's doses, and what was done. Signed in as on the pages.",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.add_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "SideEnum": "programs.models.Side",
        "StatusEnum": "programs.models.Program.Status",
        "SkipEnum": "programs.models.SetLog.Skip",
        "PlaceEnum": "programs.models.PainReport.Place",
    },
}

# Who asks /metrics says "Authorization: Bearer ..."; without a token there is no such page.
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")

LOG_LEVEL = os.environ.get("LOG_LEVEL", "INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["out"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"level": LOG_LEVEL},  # else it keeps Django's own level and handlers
        "django.server": {"handlers": ["out"], "level": "INFO", "propagate": False},
    },
}
