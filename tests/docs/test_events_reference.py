"""The page of events is what the event classes say."""

from tutelage.domain.events import KINDS


def test_the_page_is_what_the_classes_say(generate, docs):
    assert docs["docs/reference/events.md"] == generate.events_page()


def test_every_event_and_every_field_is_on_it(docs):
    page = docs["docs/reference/events.md"]
    for cls in KINDS.values():
        _, _, part = page.partition(f"\n### {cls.__name__}\n")
        section = part.partition("\n### ")[0]
        missing = [f for f in cls.model_fields if f != "kind" and f"`{f}`" not in section]
        assert part, cls.__name__
        assert not missing, (cls.__name__, missing)
