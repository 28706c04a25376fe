"""A site on django-allauth: its account and passkey pages with their own templates, nothing overridden.

The server is on a free port of 127.0.0.1, told on the first line of standard output; the database is SQLite, in a folder that is
thrown away. Argument: the site's host.
"""

import atexit
import logging
import shutil
import sys
import tempfile

import django
from django.conf import settings
from django.urls import include, path

HOST = sys.argv[1]
FOLDER = tempfile.mkdtemp(prefix="keystow-allauth-")
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

settings.configure(
    SECRET_KEY="only for tests",
    ALLOWED_HOSTS=[HOST],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{FOLDER}/db.sqlite3"}},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.humanize",
        "django.contrib.messages",
        "django.contrib.sessions",
        "django.contrib.staticfiles",
        "allauth",
        "allauth.account",
        "allauth.mfa",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
    STATIC_URL="/static/",
    USE_TZ=True,
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    LOGIN_REDIRECT_URL="/accounts/2fa/",
    ACCOUNT_EMAIL_VERIFICATION="none",
    ACCOUNT_RATE_LIMITS=False,
    MFA_SUPPORTED_TYPES=["webauthn"],
    MFA_PASSKEY_LOGIN_ENABLED=True,
    MFA_ALLOW_UNVERIFIED_EMAIL=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.contrib.staticfiles.handlers import StaticFilesHandler  # noqa: E402  (after setup)
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler  # noqa: E402

urlpatterns = [path("accounts/", include("allauth.urls"))]


def over_tls(application):
    """TLS is taken off in front of this server; the scheme stays what the browser used."""

    def answer(environ, start_response):
        environ["wsgi.url_scheme"] = "https"
        return application(environ, start_response)

    return answer


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


call_command("migrate", verbosity=0)
settings.DEBUG = True  # only so that the static files are served
server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
server.set_app(over_tls(StaticFilesHandler(WSGIHandler())))
logging.disable()
print(server.server_port, flush=True)
server.serve_forever()
