"""The trajectory on paper: escaped, self-contained, with a table for every drawing."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.support.cast import goal
from tests.support.course import Course
from tutelage.domain.errors import Unavailable
from tutelage.domain.terms import Criterion, Level
from tutelage.doors import charts, report
from tutelage.doors.page import page
from tutelage.doors.report import as_json, markdown
from tutelage.doors.words import Measure, how_it_ended
from tutelage.guidance.trajectory import trajectory

HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "| a | b |\n|---|---|\n# heading\n```\n[link](http://evil.example) ![x](http://evil.example)",
    "</title></style></svg><iframe src='//evil.example'>",
    "\u202ereversed \u05d0\u05d1 & &lt;b&gt; {{ 7*7 }}",
    "~~~\n" + "long " * 13_000,
]


class Parsed(HTMLParser):
    """Tags, attributes and text of a page; fails on what is opened and not closed."""

    VOID = frozenset({"meta", "br", "line", "path", "rect", "polyline", "polygon"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def found(course: Course):
    return trajectory(course.state, course.track, "r1")


def rich(text: str = "plain words") -> Course:
    """A whole course with this text wherever a text can stand."""
    words = goal().model_dump(exclude={"kind", "criteria", "situation", "behaviour", "today"})
    criteria = tuple(
        Criterion(key=c.key, name=f"{text} {c.key}", anchors=(text,) * 5) for c in goal().criteria
    )
    whole = goal().model_copy(
        update=words | {"situation": text, "behaviour": text, "today": text, "criteria": criteria}
    )
    course = Course().propose().sign().set_goal(whole).sign("goal").baseline()
    for n in range(4):
        case = course.situation(text=text).own_call(call=text, why=text)
        if n < 3:
            case.guided(text=text).read()
        case.rated(1 if n < 3 else 5).decided(decision=text, why=text).debriefed()
    from tutelage.domain.events import ObstacleNamed, ObstacleOvercome
    from tutelage.domain.terms import Role

    said = {"criteria": ("order",), "situations": ("s4", "s5")}
    named = ObstacleNamed(obstacle="o", text=text, when=text, **said)
    course.write(named, role=Role.TRAINER)
    course.situation().own_call().guided(criteria=("order",), obstacle="o", text=text).read()
    course.calls(5)
    gone = ObstacleOvercome(obstacle="o", situations=("s9",), because=text)
    course.write(gone, role=Role.TRAINER)
    course.principle("p", says=text, when=text, when_not=text, because=text)
    course.question("q", text=text)
    course.moved("order", Level.ASK)
    return course


LOSS = Measure("Loss <per> play", "points", {"a<b": ((1, 0.5), (9, 0.2)), "c": ((9, 0.4),)}, "x<y")
ALLOWED = re.compile(
    "html|head|meta|title|style|body|section|h[123]|p|div|b|span|i|ul|li|figure|figcaption|svg|line"
    "|text|polygon|polyline|path|rect|details|summary|table|tr|th|td"
)


# hostile texts -----------------------------------------------------------------------------------
@pytest.mark.parametrize("text", HOSTILE, ids=lambda t: t[:12])
def test_no_text_becomes_markup_of_the_page(text):
    parsed = Parsed(page(found(rich(text)), [LOSS]))
    assert not [tag for tag in parsed.tags if not ALLOWED.fullmatch(tag)]
    assert not [name for name, _value in parsed.attributes if name.startswith("on")]
    assert not [name for name, _value in parsed.attributes if name in {"src", "href", "action"}]
    flat = " ".join("".join(parsed.words).split())
    assert " ".join(text.split()) in flat or text in "".join(parsed.words)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda t: t[:12])
def test_no_text_becomes_markup_of_the_markdown(text):
    lines = markdown(found(rich(text))).splitlines()
    bare = [re.sub(r"\\.", "", line) for line in lines]
    assert not [b for b in bare if re.search(r"[<>`~\[\]_*]", b)]
    assert not [b for b in bare if "#" in b.lstrip("#")]
    rows = [b for b in bare if b.startswith("|")]
    assert {r.count("|") for r in rows} == {6}


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing():
    text = page(found(rich()), [LOSS])
    assert not re.search(r"https?:|//\w|@import|url\(|<script|<link|<iframe|javascript:", text)


def test_names_of_measures_are_escaped_too():
    text = page(found(rich()), [LOSS])
    assert "Loss &lt;per&gt; play" in text
    assert "a&lt;b" in text
    assert "<per>" not in text


# what is not known -------------------------------------------------------------------------------
def test_with_nothing_rated_it_says_that_it_is_not_known():
    course = Course().agree()
    course.situation().own_call()
    for said in (markdown(found(course)), page(found(course))):
        assert "Where the learner started is not known" in said
        assert "not known at waiting" in said
        assert "No obstacle was named." in said
        assert "The notebook is empty." in said
        assert "(n=0)" not in said


def test_before_anything_was_agreed_the_page_is_whole_all_the_same():
    text = page(found(Course()))
    assert "The trajectory of not known" in text
    assert "0 of 0" in text
    assert Parsed(text).tags.count("svg") == 1
    assert markdown(found(Course()))


def test_an_obstacle_says_what_followed_it_and_nothing_more():
    said = markdown(found(rich()))
    assert "It was followed by a shared experience in situation 8" in said
    assert "moved by" not in said


# drawings ----------------------------------------------------------------------------------------
def test_each_drawing_has_a_title_and_a_table_twin():
    text = page(found(rich()), [LOSS])
    drawings = re.findall(r"<svg [^>]*aria-label=\"[^\"]+\"><title>[^<]+</title>", text)
    assert len(drawings) == text.count("<svg ") == 3 + 1 + 1
    assert text.count("as a table") == len(drawings)


def test_the_table_holds_the_numbers_of_the_curve():
    course = rich()
    text = page(found(course))
    for number, mean, sd in found(course).courses[0].curve:
        assert f"<tr><td>{number}</td><td>{mean:.2f} ± {sd:.2f}</td></tr>" in text


def test_a_curve_stays_on_the_paper_and_marks_what_an_obstacle_followed():
    drawn = charts.ability(found(rich()).courses[0], 9, [(8, "here <b>")])
    places = [float(y) for y in re.findall(r",(\d+\.\d)", drawn)]
    assert all(charts.TOP <= y <= charts.HEIGHT for y in places)
    assert "here &lt;b&gt;" in drawn
    assert 'class="ask"' in drawn


def test_one_situation_alone_can_be_drawn():
    course = Course().agree()
    course.situation().own_call().rated(3)
    assert "polyline" in charts.ability(found(course).courses[0], 1, [])
    assert charts.guidance(found(course).steps).count("<rect") == 0


def test_lines_without_points_are_no_drawing():
    assert charts.lines({"a": ()}, "x") == ""
    assert "<svg" in charts.lines({"a": ((1, 0.0), (2, 0.0))}, "x")


def test_ten_thousand_situations_have_few_marks():
    drawn = charts.lines({"a": ((1, 1.0), (10_000, 2.0))}, "x")
    assert drawn.count('class="tick mid"') <= 8


# files -------------------------------------------------------------------------------------------
def test_both_files_are_written_and_a_folder_that_cannot_be_is_said(tmp_path):
    files = report.write(found(rich()), tmp_path / "a" / "b", (LOSS,))
    assert [f.rsplit("/", 1)[1] for f in files] == ["trajectory.html", "trajectory.md"]
    (tmp_path / "file").write_text("x")
    with pytest.raises(Unavailable) as refused:
        report.write(found(rich()), tmp_path / "file")
    assert refused.value.code == "cannot_write"


def test_programs_get_the_same_course_as_numbers():
    answer = as_json(found(rich()), ["x"])
    assert answer["files"] == ["x"]
    assert answer["criteria"]["order"]["level"] == "ask"
    assert answer["obstacles"] == [
        {
            "text": "plain words",
            "when": "plain words",
            "overcome": True,
            "what": found(rich()).hurdles[0].course,
        }
    ]


def test_who_met_the_threshold_and_was_certified_is_said_to_have():
    from tutelage.domain.events import MasterpieceCertified, ThresholdMet

    course = rich()
    course.write(ThresholdMet(situation="s1", entries=(1,)))
    course.write(MasterpieceCertified(entries=(1,), because="x"))
    said = how_it_ended(found(course))
    assert said.startswith("The threshold is met in s1.")
    assert "the masterpiece is certified" in said
