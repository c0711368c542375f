"""A mailed link leads to the server by the name it was given, and to no port of a stranger's."""

from __future__ import annotations

import pytest

from tests.support.browsing import Browser, joined
from tutelage.doors.serve import application


@pytest.mark.parametrize(
    ("host", "leads"),
    [
        ("learn.example", "http://learn.example/in/"),
        ("LEARN.example", "http://learn.example/in/"),
        ("learn.example:1234", "http://learn.example/in/"),
        ("learn.example:80", "http://learn.example:80/in/"),
        ("localhost:8765", "http://localhost:8765/in/"),
    ],
)
def test_a_port_comes_into_a_link_only_where_the_server_listens(desk, sent, host, leads):
    def deliver(_person, link):
        sent.append(link)

    app = application(desk, rate=1e6, burst=1e6, hosts=("learn.example",), deliver=deliver)
    joined(app, "leo")
    stranger = Browser(app).http
    stranger.post("/sign-in", data={"mail": "leo@example.org"}, headers={"host": host})
    app.state.later.done()
    assert [link.startswith(leads) for link in sent] == [True]
