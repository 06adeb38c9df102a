"""An OpenID provider of its own in a process of its own: Authlib's server on loopback, with PKCE demanded.

`python -m tests.desk.openid_provider` prints its port and serves until its standard input ends. A sign-in page would only be
typed into; here the test posts who signs in, as the page's form does.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def serve() -> None:
    """The provider; every code it gives is tied to an S256 challenge, which the package's own server leaves out."""
    import threading
    from typing import Any, ClassVar

    from authlib.oauth2.rfc7636 import CodeChallenge
    from oidc_provider_mock import _app
    from werkzeug.serving import make_server

    challenges: dict[str, tuple[str, str]] = {}

    class Challenged(CodeChallenge):  # type: ignore[misc]
        SUPPORTED_CODE_CHALLENGE_METHOD: ClassVar[list[str]] = ["S256"]

        def get_authorization_code_challenge(self, authorization_code: Any) -> str:
            return challenges[authorization_code.code][0]

        def get_authorization_code_challenge_method(self, authorization_code: Any) -> str:
            return challenges[authorization_code.code][1]

    class WithChallenge(_app.AuthorizationCodeGrant):  # type: ignore[misc]
        TOKEN_ENDPOINT_AUTH_METHODS: ClassVar[list[str]] = [
            "client_secret_basic",
            "client_secret_post",
            "none",
        ]

        def save_authorization_code(self, code: str, request: Any) -> None:
            asked = request.payload.data
            challenges[code] = (asked.get("code_challenge", ""), asked.get("code_challenge_method", ""))
            super().save_authorization_code(code, request)

    class WithPkce(_app.OpenIDCode):  # type: ignore[misc]
        def __call__(self, grant: Any) -> None:
            super().__call__(grant)
            Challenged(required=True)(grant)

    _app.AuthorizationCodeGrant, _app.OpenIDCode = WithChallenge, WithPkce
    app = _app.app(require_nonce=True, issue_refresh_token=False)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


@contextmanager
def provider() -> Iterator[str]:
    """The issuer of a provider that runs."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.desk.openid_provider"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.stdin.close()
            process.wait(10)


if __name__ == "__main__":
    serve()
