"""Every text of ours that a page can show, found in the source: what a translator has to know.

    python -m tests.support.sentences

brings the catalogues up to date: new texts are added, empty, and those that are gone are left out.

Templates and marked texts are found as Babel finds them. Besides, each text in the pages' modules
that begins with a capital is for people, and so is what a refusal says: nobody has to mark them,
and nobody can forget to. What is put into a text is named: ``There is no entry %(seq)s.``
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

import tutelage
from tutelage.domain import errors
from tutelage.domain.events import KINDS
from tutelage.domain.goal import QUESTIONS
from tutelage.doors.web.forms import FIRST
from tutelage.service.goalfile import ANCHORS

SOURCE = Path(tutelage.__file__).parent
WEB = SOURCE / "doors" / "web"
TEMPLATES = WEB / "templates"
DOCUMENTS = tuple(
    SOURCE / "doors" / f"{name}.py" for name in ("page", "words", "charts", "drawings")
)
REFUSING = (
    *(
        SOURCE / "domain" / f"{name}.py"
        for name in (
            "rules",
            "agreeing",
            "programme",
            "talking",
            "guiding",
            "growing",
            "goal",
            "closing",
        )
    ),
    *(SOURCE / "service" / f"{name}.py" for name in ("accounts", "session", "writer")),
    *(SOURCE / "service" / f"{name}.py" for name in ("oidc", "subjects", "programmes", "overview")),
    *(SOURCE / "service" / f"{name}.py" for name in ("matching", "profile")),
    *(
        SOURCE / "service" / f"{name}.py"
        for name in ("reply", "replying", "answering", "channel", "chatting", "reachable")
    ),
    SOURCE / "doors" / "roster.py",
    SOURCE / "doors" / "exchange" / "decoded.py",
    SOURCE / "doors" / "limits.py",
)
ERRORS = {name for name, found in vars(errors).items() if isinstance(found, type)}
MARKS = {"_", "N_", "say", "tell"}
CALLED = ["_", "gettext", "ngettext"]
OURS = re.compile(r"[A-ZÄÖÜ“][\w\u2019']*([ ,.?!:;…].*)?", re.DOTALL)  # no header, no path
NAMES = {"English", "Deutsch", "Africa", "America", "Asia", "Atlantic", "Australia", "Europe"}
NAMES |= {"Indian", "Pacific", "UTC", "POST", "Value error, "}


def sentences() -> dict[str, str]:
    """Each text, and where it is from."""
    found: dict[str, str] = {}
    for path in sorted(TEMPLATES.rglob("*.html")):
        found |= dict.fromkeys(_template(path), path.name)
    for path in sorted(WEB.glob("*.py")):
        found |= dict.fromkeys([*_marked(path), *_written(path)], path.name)
    for path in DOCUMENTS:
        found |= dict.fromkeys([*_marked(path), *_holed(path)], path.name)
    for path in REFUSING:
        found |= dict.fromkeys([*_refusals(path), *_kept(path)], path.name)
    for kind in FIRST:
        found[(KINDS[kind].__doc__ or "").strip()] = kind
    found |= dict.fromkeys((*QUESTIONS.values(), *ANCHORS), "goal")
    return {text: where for text, where in found.items() if text}


def update(language: str) -> list[str]:
    """Write the catalogue anew; the texts that are still to be translated."""
    kept = WEB / "locale" / language / "LC_MESSAGES" / "tutelage.po"
    with kept.open("rb") as file:
        old = read_po(file, locale=language)
    said = {m.id: m.string for m in old}
    new, found = Catalog(locale=language, fuzzy=False), sentences()
    new.mime_headers, new.header_comment = old.mime_headers, old.header_comment
    for text, where in sorted(found.items(), key=lambda pair: pair[::-1]):
        new.add(text, said.get(text, ""), [(where, None)])
    with kept.open("wb") as file:
        write_po(file, new, width=100)
    return [text for text in found if not said.get(text)]


def bare(path: Path) -> list[str]:
    """Words in a template that no translator would ever see."""
    text = path.read_text()
    text = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{#.*?#\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
    shown = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', text)
    shown += [re.sub(r'[\w-]+="[^"]*"', "", part) for part in re.split(r"<[^>]*>", text)]
    return [
        w for t in shown for w in re.findall(r"[^\W\d_]{2,}", t) if w not in {"Tutelage", "yes"}
    ]


def _template(path):
    with path.open("rb") as file:
        options = {"trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true"}
        return [m for _, _, m, _ in babel_extract(file, CALLED, [], options) if isinstance(m, str)]


def _marked(path):
    """What is given to `say` and its like, also within a text with something in it."""
    calls = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)]
    named = ((c, getattr(c.func, "id", getattr(c.func, "attr", ""))) for c in calls)
    marked = [c for c, name in named if name in MARKS and c.args]
    said = (c.args[0].value for c in marked if isinstance(c.args[0], ast.Constant))
    return [text for text in said if isinstance(text, str)]


def _written(path):
    tree = ast.parse(path.read_text())
    inner = {
        id(part) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for part in ast.walk(n)
    }
    documents = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    texts = [
        _text(n)
        for n in ast.walk(tree)
        if isinstance(n, ast.JoinedStr) or (id(n) not in inner | documents)
    ]
    return [t for t in texts if t and OURS.fullmatch(t) and t not in NAMES]


def _holed(path):
    """Sentences with something in them, wherever they stand."""
    nodes = ast.walk(ast.parse(path.read_text()))
    texts = [_text(n) for n in nodes if isinstance(n, ast.Constant)]
    return [t for t in texts if re.search(r"%\(\w+\)s", t)]


def _refusals(path):
    calls = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)]
    named = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id in ERRORS]
    return [t for c in named if len(c.args) > 1 and (t := _text(c.args[1]))]


def _kept(path):
    """Sentences that stand in a constant or are returned, to be raised elsewhere."""
    parts = [
        n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Assign | ast.Return)
    ]
    texts = [_text(n.value) for n in parts]
    return [t for t in texts if OURS.fullmatch(t) and t.endswith((".", "?"))]


def _text(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return _with_holes(node) if isinstance(node, ast.JoinedStr) else ""


def _with_holes(node):
    said, names = "", set()
    for part in node.values:
        if isinstance(part, ast.Constant):
            said += part.value
            continue
        name = _name(part.value)
        names.add(name := name if name not in names else f"{name}{len(names)}")
        said += f"%({name})s"
    return said


def _name(value):
    found = value.id if isinstance(value, ast.Name) else getattr(value, "attr", "part")
    return found.strip("_").lower()


if __name__ == "__main__":
    for missing in update("de"):
        print(missing)
