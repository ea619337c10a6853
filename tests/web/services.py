"""A file that sets up sign-in services, as an operator writes it."""

from pathlib import Path

PROVIDER = """
[[provider]]
kind = "openid_connect"
id = "{id}"
name = "Company SSO"
issuer = "{issuer}"
client_id = "custody"
secret_file = "oidc.secret"
"""
ROBOT = '[[provider]]\nkind = "dingtalk"\nname = "钉钉"\nclient_id = "dingabc"\nsecret_file = "oidc.secret"\n'


def settings(folder: Path, text: str) -> Path:
    """The file of settings, its secret beside it."""
    (folder / "oidc.secret").write_text("a secret of the client\n")
    (folder / "oidc.secret").chmod(0o600)
    path = folder / "oidc.toml"
    path.write_text(text, encoding="utf-8")
    return path
