"""Criteria proposed from a policy's headings: a template that is refused until it is edited."""

from __future__ import annotations

import pytest

from tutelage.domain import goal as goals
from tutelage.domain.errors import Malformed
from tutelage.doors.exchange.policy import chosen, headings, template
from tutelage.service import goalfile

POLICY = """# Airline policy

You can help users.

## Basic
## Book flight
- The agent must ask for the user id.
- Prices are in dollars.
## Cancel "flight"
1. It can only cancel the whole trip.
## **Refund**
Never offer it unless the user asks.
## Domain basic
- A flight has a number.
"""


def test_each_heading_with_rules_is_proposed_and_the_title_is_not():
    found = headings(POLICY)
    assert [(h.key, h.name) for h in found] == [
        ("book-flight", "Book flight"),
        ("cancel-flight", 'Cancel "flight"'),
        ("refund", "Refund"),
    ]
    assert found[0].rules == ("The agent must ask for the user id.", "Prices are in dollars.")


def test_the_template_is_a_goal_that_lacks_what_only_people_know():
    body = goalfile.parse(template("policy.md", headings(POLICY)))
    assert [c["key"] for c in body["criteria"]] == ["book-flight", "cancel-flight", "refund"]
    missing = [m.part for m in goals.review(body).missing]
    assert missing == ["situation", "behaviour", "today", "horizon"]


def test_edited_it_is_accepted():
    body = goalfile.parse(template("policy.md", headings(POLICY)))
    body |= {
        "situation": "A passenger wants to cancel a flight that the rules do not clearly cover",
        "behaviour": "It decides whether to cancel, refund or hand over, and says why first",
        "today": "It cancels whatever it is asked to cancel",
        "horizon": "within 40 situations",
    }
    assert goals.review(body).accepted


def test_of_many_headings_those_with_most_to_decide_are_kept_in_their_order():
    many = "\n".join(f"## Part {n}\n" + "- You must not.\n" * (n % 7 + 1) for n in range(12))
    assert [h.name for h in chosen(headings(many))] == [f"Part {n}" for n in (3, 4, 5, 6, 10, 11)]
    assert "# Left out" in template("p", headings(many))


@pytest.mark.parametrize("text", ["", "Only words.", "## One\n- rule\n## Two\n- rule"])
def test_too_few_headings_are_refused(text):
    with pytest.raises(Malformed) as refused:
        template("p", headings(text))
    assert refused.value.code == "no_headings"


def test_hostile_headings_make_no_other_toml():
    hostile = '## a"\\\n- x\x07\n## b\u2028c\n- """\n## <c> ``` \n- key = 1\n'
    body = goalfile.parse(template('p"\n[evil]', headings(hostile)))
    assert len(body["criteria"]) == 3
    assert "evil" not in body
