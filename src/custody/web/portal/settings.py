"""Django's settings for the customers' pages: no accounts, no sessions, no database of its own (spec/portal.md §6).

`CUSTODY_HOME` is the home; `CUSTODY_PORTAL_HOSTS` the names it is reached by behind a proxy that terminates TLS, sets
`X-Forwarded-Proto` and appends the visitor's address to `X-Forwarded-For`.
"""

import os
import secrets
from pathlib import Path
from typing import Any, Final

from csp.constants import NONCE, NONE, SELF

from custody import wiring

HOME: Final = wiring.home_folder(None)
_WEB: Final = Path(__file__).parents[1]
_NAMES: Final = tuple(name for name in os.environ.get("CUSTODY_PORTAL_HOSTS", "").split(",") if name)
BEHIND_PROXY: Final = bool(_NAMES)

DEBUG = False
SECRET_KEY = secrets.token_urlsafe(48)  # signs nothing that outlives the process: links have a key of their own
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *_NAMES]
ROOT_URLCONF = "custody.web.portal.urls"
INSTALLED_APPS = ["django.contrib.staticfiles", "csp"]
MIDDLEWARE = [
    "custody.web.portal.middleware.Limited",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "custody.web.portal.middleware.Door",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates", _WEB / "console" / "templates"],
        "OPTIONS": {
            "builtins": ["custody.web.console.templatetags.words", "custody.web.portal.tags"],
            "context_processors": ["django.template.context_processors.request"],
        },
    }
]
DATABASES: dict[str, dict[str, Any]] = {}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
SECURE_SSL_REDIRECT = BEHIND_PROXY
SECURE_REDIRECT_EXEMPT = [r"^health$", r"^ready$"]
SECURE_HSTS_SECONDS = 31_536_000 if _NAMES else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _NAMES else None
SECURE_REFERRER_POLICY = "no-referrer"  # the address holds the link
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
STATIC_URL = "static/"
STATICFILES_DIRS = [_WEB / "portal" / "static", _WEB / "console" / "static", ("custody", _WEB.parent / "look")]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 2**16
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler"
]  # what somebody sends is never on a disk in clear
FILE_UPLOAD_MAX_MEMORY_SIZE = 16 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # until a desk is asked: days and hours are those of the company whose page it is
LOGGING: dict[str, Any] = {  # an address holds a link and a traceback a value: of a fault only its place is written
    "version": 1,
    "disable_existing_loggers": True,
    "handlers": {"nowhere": {"class": "logging.NullHandler"}, "place": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["nowhere"], "level": "CRITICAL"},
    "loggers": {
        "django": {"handlers": ["nowhere"], "propagate": False},
        "custody.portal": {"handlers": ["place"], "propagate": False},
    },
}
