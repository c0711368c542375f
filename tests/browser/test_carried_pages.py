"""Taking a threshold along and bringing a practice, in a real browser without JavaScript."""

from __future__ import annotations

import pytest

from tests.support import proven, seeded
from tests.support.doors import served
from tutelage.domain.terms import Party
from tutelage.service.settings import Settings

browsers = pytest.importorskip("tests.support.browsers", reason="playwright is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not browsers.CHROMIUM.exists(), reason="no chromium on this machine"),
]
CSV = (
    "date;situation;what I did;whose\n"
    "2025-01-10;A night on which nobody answered the phone for an hour;Waited;own\n"
    "soon;Bad;Did;own\n"
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with seeded.desk(f"sqlite:///{tmp_path_factory.mktemp('carried')}/t.db") as made:
        proven.threshold(made)
        seeded.agree(made, "young", learner=Party(id="pat", kind="person"))
        yield made


@pytest.fixture(scope="module")
def base(desk):
    with served(desk, settings=Settings(at="https://learn.example")) as at:
        yield at


@pytest.fixture(scope="module")
def browser():
    with browsers.chromium() as made:
        yield made


def looked_at(browser, somebody):
    """Neither a violation for axe, nor wider than a small phone, in the light and in the dark."""
    from axe_playwright_python.sync_playwright import Axe

    for scheme in ("light", "dark"):
        page = browser.new_context(viewport=browsers.NARROW, color_scheme=scheme).new_page()
        page.goto(somebody.base + "/sign-in")
        shown = browsers.shown(page, somebody.page.content())
        assert Axe().run(shown).response["violations"] == []
        wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert shown.evaluate(wide)


def test_a_threshold_is_taken_along_shown_checked_and_taken_back(browser, base, desk):
    leo = browsers.somebody(browser, base, "leo", desk.people.invite("leo"))
    leo.open("/r/r/levels").page.get_by_role("link", name="Take it with you").click()
    looked_at(browser, leo)
    leo.send("/credential/look", name="Leo Ames", goal="1")
    assert leo.says("This will be public")
    looked_at(browser, leo)
    leo.send("/r/r/credential")
    assert leo.says("Valid.")
    assert leo.says("Leo Ames")
    looked_at(browser, leo)
    with leo.page.expect_download() as got:
        leo.page.get_by_role("link", name="The credential (JWT)").click()
    token = got.value.path().read_text()
    leo.open("/verify")
    looked_at(browser, leo)
    leo.send("/verify", credential=token)
    assert leo.says("Valid.")
    leo.open("/r/r/credential").send("/credential/revoke")
    leo.open("/verify").send("/verify", taken=False, credential=token)
    assert leo.says("Revoked.")
    assert not leo.says("Leo Ames")
    looked_at(browser, leo)


def test_a_file_is_brought_and_kept(browser, base, desk):
    pat = browsers.somebody(browser, base, "pat", desk.people.invite("pat"))
    pat.open("/r/young").page.get_by_role("link", name="Bring situations from before").click()
    looked_at(browser, pat)
    file = {"name": "cases.csv", "mimeType": "text/csv", "buffer": CSV.encode("cp1252")}
    pat.page.locator("[name=file]").set_input_files(file)
    pat.send("/bring", taken=False)
    assert pat.says("Line 3: Write the date as 2025-03-01, not soon.")
    looked_at(browser, pat)
    pat.send("/bring/keep")
    assert pat.says("Brought and marked as retold: 1.")
    looked_at(browser, pat)
    (known,) = desk.state("young").situations
    assert known.opened.event.retold
