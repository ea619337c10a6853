"""Django's settings for the API: no accounts, no sessions, no cookies, no database of its own (spec/api.md).

`CUSTODY_HOME` is the home; `CUSTODY_API_HOSTS` the names it is reached by behind a proxy that terminates TLS, sets
`X-Forwarded-Proto` and appends the caller's address to `X-Forwarded-For`.
"""

import os
import secrets
from typing import Any, Final

from custody import wiring

HOME: Final = wiring.home_folder(None)
_NAMES: Final = tuple(name for name in os.environ.get("CUSTODY_API_HOSTS", "").split(",") if name)
BEHIND_PROXY: Final = bool(_NAMES)

DEBUG = False
SECRET_KEY = secrets.token_urlsafe(48)  # signs nothing: a token is the only thing that opens anything
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *_NAMES]
ROOT_URLCONF = "custody.web.api.urls"
INSTALLED_APPS: list[str] = []
MIDDLEWARE = ["custody.web.api.door.Door", "django.middleware.security.SecurityMiddleware"]
TEMPLATES: list[dict[str, Any]] = []
DATABASES: dict[str, dict[str, Any]] = {}
SECURE_SSL_REDIRECT = BEHIND_PROXY
SECURE_REDIRECT_EXEMPT = [r"^health$", r"^ready$"]
SECURE_HSTS_SECONDS = 31_536_000 if _NAMES else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _NAMES else None
SECURE_REFERRER_POLICY = "no-referrer"
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
USE_I18N = False
USE_TZ = True
LOGGING: dict[str, Any] = {  # a request may hold a value of a person: of a fault only its place is written
    "version": 1,
    "disable_existing_loggers": True,
    "handlers": {"nowhere": {"class": "logging.NullHandler"}, "place": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["nowhere"], "level": "CRITICAL"},
    "loggers": {
        "django": {"handlers": ["nowhere"], "propagate": False},
        "custody.api": {"handlers": ["place"], "propagate": False},
    },
}
