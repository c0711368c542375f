"""One person's browser: it follows links and sends the forms that a page holds."""

from __future__ import annotations

import html
import re
from typing import Any

from starlette.testclient import TestClient

SCRIPT = "<script>alert(1)</script>\"'>"


class Browser:
    """It follows links and sends the forms that a page holds."""

    def __init__(self, app: Any) -> None:
        self.http = TestClient(app, base_url="http://localhost", follow_redirects=True)
        self.page = ""

    def open(self, path: str) -> Browser:
        self.got = self.http.get(path)
        self.page = self.got.text
        return self

    def send(self, action: str, /, having: str = "", **typed: Any) -> Browser:
        """Send the first form of this action that has these words in it, with what is hidden."""
        pattern = rf'<form method="post" action="{re.escape(action)}"[^>]*>(.*?)</form>'
        forms = re.findall(pattern, self.page, re.DOTALL)
        form = next(f for f in forms if having in f)
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        data = {**hidden, **{k.replace("__", "."): v for k, v in typed.items()}}
        self.got = self.http.post(action, data=data)
        self.page = self.got.text
        return self

    def offers(self, action: str) -> bool:
        return f'action="{action}"' in self.page

    def says(self, words: str) -> bool:
        return words in html.unescape(self.page)

    @property
    def path(self) -> str:
        return str(self.got.url.path)


def joined(app: Any, name: str) -> Browser:
    """Somebody who came by an invitation and is signed in."""
    browser = Browser(app).open(f"/in/{app.state.accounts.invite(name)}")
    return browser.send(browser.path, name=name, mail=f"{name}@example.org")


def signed_in(app: Any, name: str) -> Browser:
    """Somebody who has an account, in another browser."""
    browser = Browser(app).open(f"/in/{app.state.accounts.link(name)}")
    return browser.send(browser.path)
