"""What agents write is read on the narrowest phone without scrolling sideways."""

from __future__ import annotations

import json
import socket
import threading
import time

import pytest
import uvicorn

from tests.support import seeded
from tests.support.browsers import CHROMIUM, NARROW, chromium
from tutelage.domain.terms import Party
from tutelage.doors.serve import application

BOT = Party(id="leo", kind="agent", owner="olga")
COACH = Party(id="coach-bot", kind="agent", owner="olga")
PATHS = ("/", "/r/r", "/r/r/s/s1", "/r/r/obstacles", "/r/r/levels", "/r/r/notebook")
OPEN_ALL = "every => every.forEach(one => { one.open = true })"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium here"),
]


@pytest.fixture
def served(tmp_path):
    with seeded.desk(f"sqlite:///{tmp_path}/r.db") as desk:
        seeded.guide(desk, learner=BOT, trainer=COACH)
        raw = json.dumps({"spans": ["x" * 300] * 20})
        text = "It booked.\n```json\n" + "y" * 400 + "\n```\n" + "z" * 300
        more = {"source": "trace", "trace": "t1", "evidence": raw, "text": text}
        desk.write("r", seeded.opened("s1", **more), actor="leo")
        app = application(desk, rate=1e6, burst=1e6, deliver=lambda _person, _link: None)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://localhost:{port}", app.state.accounts.link()
        server.should_exit = True
        thread.join()


def test_no_page_is_wider_than_320_pixels_with_everything_unfolded(served):
    base, link = served
    with chromium() as browser:
        page = browser.new_page(viewport=NARROW)
        page.goto(f"{base}/in/{link}")
        page.fill("input[name=name]", "olga")
        page.click("main button")
        for path in PATHS:
            page.goto(base + path)
            page.eval_on_selector_all("details", OPEN_ALL)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
