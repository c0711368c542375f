"""A real OpenID Connect provider in this process, on a real port; it can be told to misbehave."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import secrets
import threading
import time
from typing import Any
from urllib.parse import urlencode

import uvicorn
from fastapi import FastAPI, Form, Request
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.responses import JSONResponse, RedirectResponse, Response

from tests.support.posts import free_port

CLIENT, SECRET = "tutelage", "a secret of the provider's"
NOBODY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})


class IdProvider:
    """Discovery, keys, authorization and tokens; `claims`, `answers` and `key` change what it says."""

    def __init__(self) -> None:
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.who: dict[str, Any] = {"sub": "42", "preferred_username": "leo"}
        self.claims: dict[str, Any] = {}  # over what would be right; None leaves one out
        self.answers: dict[str, Any] = {}  # path -> Response, in its place
        self.signs: RSAKey | None = None  # with this key instead of the one it publishes
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.app = self._app()

    def _app(self) -> FastAPI:
        app = FastAPI()

        @app.middleware("http")
        async def told(request: Request, goes: Any) -> Response:
            self.asked.append(request.url.path)
            instead = self.answers.get(request.url.path)
            return instead() if instead else await goes(request)

        app.get("/.well-known/openid-configuration")(self.description)
        app.get("/jwks")(lambda: {"keys": [self.key.as_dict(private=False)]})
        app.get("/authorize")(self.authorize)
        app.post("/token")(self.token)
        return app

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"], "iss": self.issuer})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 302)

    def token(
        self,
        request: Request,
        code: str = Form(),
        code_verifier: str = Form(),
        redirect_uri: str = Form(),
        grant_type: str = Form(),
    ) -> Response:
        asked = self.codes.pop(code, None)  # a code is good once
        shown = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        digest = hashlib.sha256(code_verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        good = (
            asked is not None
            and grant_type == "authorization_code"
            and request.headers["authorization"] == f"Basic {shown}"
            and asked["code_challenge"] == challenge
            and asked["redirect_uri"] == redirect_uri
        )
        if not good:
            return JSONResponse({"error": "invalid_grant", "error_description": "x"}, 400)
        answer = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer"}
        return JSONResponse({**answer, "id_token": self.id_token(asked["nonce"])})

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        right = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        said = {k: v for k, v in {**right, **self.who, **self.claims}.items() if v is not None}
        return jwt.encode({"alg": "RS256", "kid": "one"}, said, self.signs or self.key)

    @contextlib.contextmanager
    def up(self) -> Any:
        config = uvicorn.Config(self.app, port=self.port, log_level="critical", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.005)
        try:
            yield self
        finally:
            server.should_exit = True
            thread.join(5)
