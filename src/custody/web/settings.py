"""Django's settings, from the home that `custody serve` names. Nothing here turns DEBUG on.

`CUSTODY_HOME` is the home; `CUSTODY_CONSOLE_HOSTS` the names it is reached by behind a proxy that terminates TLS and
sets `X-Forwarded-Proto`; `CUSTODY_CONSOLE_PROXIES` how many proxies append to `X-Forwarded-For`; `CUSTODY_CONSOLE_STORE` a
database of its own; `CUSTODY_CONSOLE_OIDC` a file that sets up the company's sign-in service; `CUSTODY_CONSOLE_PRIVATE` networks inside that webhooks and mail relays may lie in; `CUSTODY_CONSOLE_DROP` a folder of the host from which hand-overs may be taken; `CUSTODY_CONSOLE_DATABASES` the servers, HOST:PORT with commas between, that data may be read from through a proxy;
`CUSTODY_CONSOLE_TIMER` every how many minutes what is scheduled runs, 0 to leave it to a timer of the host. The key that signs
cookies is a file beside the other keys, made on the first start. See docs/guide/console.md.
"""

import os
import secrets
from pathlib import Path
from typing import Any, Final

from csp.constants import NONCE, NONE, SELF

from custody import wiring
from custody.web.databases import database
from custody.web.oidc import oidc

HOME: Final = wiring.home_folder(None)
_HERE: Final = Path(__file__).parent / "console"
_NAMES: Final = tuple(name for name in os.environ.get("CUSTODY_CONSOLE_HOSTS", "").split(",") if name)
PUBLIC: Final = f"https://{_NAMES[0]}" if _NAMES else ""  # how a message outside names a page
PRIVATE: Final = os.environ.get("CUSTODY_CONSOLE_PRIVATE", "")  # networks inside that messages may go to
OIDC: Final = oidc(os.environ.get("CUSTODY_CONSOLE_OIDC", ""))
DROP: Final = Path(os.environ["CUSTODY_CONSOLE_DROP"]) if os.environ.get("CUSTODY_CONSOLE_DROP") else None
TIMER: Final = 60 * float(
    os.environ.get("CUSTODY_CONSOLE_TIMER", "60")
)  # seconds between two runs of what is scheduled; 0 is never
SERVERS: Final = tuple(name for name in os.environ.get("CUSTODY_CONSOLE_DATABASES", "").split(",") if name)
IDLE_SECONDS: Final = 30 * 60  # how long a session, and with it an open key, lives without a request


def _secret() -> str:
    path = HOME / "keys" / "console.key"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")


DEBUG = False
SECRET_KEY = _secret()
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *_NAMES]
ROOT_URLCONF = "custody.web.console.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "console.Person"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    *OIDC.apps,
    "csp",
    "django_htmx",
    "custody.web.console",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "custody.web.console.seen.Seen",
    "custody.web.console.texts.Texts",
    "custody.web.console.middleware.Door",
    "custody.web.console.sheets.Sheets",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates"],  # before the packages' own, whose pages these restyle
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["custody.web.console.templatetags.words"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "custody.web.console.context.shell",
            ],
        },
    }
]
DATABASES: dict[str, dict[str, Any]] = {"default": database(os.environ.get("CUSTODY_CONSOLE_STORE", ""), HOME)}
# One process (decision 22). Lockouts count here: a stranger must not be able to push them out by filling it.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}}}

# Signing in: the passphrase opens the person's own key, a second factor follows (decision 22).
AUTHENTICATION_BACKENDS = ["custody.web.console.signin.KeyBackend"]
ACCOUNT_ADAPTER = "custody.web.console.signin.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_USERNAME_MIN_LENGTH = 1
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "reauthenticate": "10/m/user"}
# By whom a lockout counts: behind a proxy by the address that the last of ours saw, never by one that a browser claims.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("CUSTODY_CONSOLE_PROXIES", "1" if _NAMES else "0"))
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "deals"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _NAMES  # a browser offers passkeys without TLS on localhost alone
MFA_TOTP_TOLERANCE = 1  # half a minute early or late: clocks of phones differ
MFA_FORMS = {
    "authenticate": "custody.web.console.digits.SignInForm",
    "reauthenticate": "custody.web.console.digits.AgainForm",
    "activate_totp": "custody.web.console.digits.SetUpForm",
}
MFA_TOTP_ISSUER = "custody"
MFA_ADAPTER = "custody.web.console.signin.SealedAdapter"
# The company's sign-in service, where one is set up: it says who, and nothing of what it says is kept.
SOCIALACCOUNT_PROVIDERS = OIDC.providers
SOCIALACCOUNT_ADAPTER = "custody.web.console.company.adapter.LinkedAdapter"
SOCIALACCOUNT_STORE_TOKENS = SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_AUTO_SIGNUP = (
    SOCIALACCOUNT_QUERY_EMAIL
) = False
USERSESSIONS_TRACK_ACTIVITY = True

# Cookies, headers, content policy.
SESSION_COOKIE_AGE = IDLE_SECONDS  # renewed by use (seen.py)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "custody_session"
CSRF_FAILURE_VIEW = "custody.web.console.views.door.forged"
CSRF_COOKIE_NAME = "custody_csrf"
CSRF_COOKIE_HTTPONLY = True
# On this host alone the browser speaks plain HTTP to 127.0.0.1; by any other name, TLS only.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = bool(_NAMES)
SECURE_REDIRECT_EXEMPT = [r"^health$", r"^ready$"]
SECURE_HSTS_SECONDS = 31_536_000 if _NAMES else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _NAMES else None
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in _NAMES]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # the second factor's QR code is a data: image
        "connect-src": [SELF],
        "form-action": [SELF, *OIDC.origins],  # a browser holds what a form is redirected to against it too
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Files.
STATIC_URL = "static/"
STATICFILES_DIRS = [("custody", Path(__file__).parents[1] / "look")]  # one look for pages, reports and the portal
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_HANDLERS = ["custody.web.console.uploads.ToDisk"]
FILE_UPLOAD_TEMP_DIR = HOME / "tmp"
FILE_UPLOAD_PERMISSIONS = 0o600

# Words.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "custody_lang"
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LOGGING: dict[str, Any] = {  # a traceback may hold a value of a person: only where it happened is written
    "version": 1,
    "disable_existing_loggers": True,
    "handlers": {
        "console": {"class": "logging.StreamHandler"},
        "veiled": {"class": "custody.web.faultlog.Veiled"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "CRITICAL"},
        "django.security": {"handlers": ["veiled"], "level": "WARNING", "propagate": False},
        "custody.console": {"level": "ERROR"},
    },
}
