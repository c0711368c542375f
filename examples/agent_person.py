"""An agent mentored by a person: the bot acts on its notebook; empty it, and it is as before."""

from tutelage import Tutelage
from tutelage.domain import events
from tutelage.domain.terms import Criterion, Party
from tutelage.guidance.brief import Context

BOT, MIA = Party(id="bot", kind="agent", owner="olga"), Party(id="mia", kind="person")
ANCHORS = ("played no part", "misread", "by the book", "fits this case", "adapted to its oddity")
NAMES = {"harm": "Weighs harm", "rule": "Knows when the rule fits", "tone": "Answers the person"}
GOAL = events.GoalSet(
    situation="When a customer asks for a refund that the policy does not cover",
    behaviour="Decides whether to refund, to offer something else or to refuse, and says why",
    today="Refuses whatever the policy does not cover",
    horizon="200 cases",
    criteria=tuple(Criterion(key=k, name=n, anchors=ANCHORS) for k, n in NAMES.items()),
)


WARES = dict(zip(("b0", "b1", "b2", "s1", "s2", "s3", "s4"), (
    "boots", "a tent for four", "spectacles", "a tandem", "skis", "a piano", "garden chairs",
), strict=True))  # fmt: skip


class RefundBot:
    """Refuses by the policy, unless a principle in its context says when not to."""

    id = "bot"

    def own_call(self, situation: str, context: Context) -> events.OwnCallRecorded:
        learned = [p for p in context.notebook.principles if "grief" in p.when]
        call = "Refund it, with a line of sympathy" if learned else "Refuse: it is past 30 days"
        why = learned[0].because if learned else "The policy says so"
        return events.OwnCallRecorded(situation=situation, call=call, why=why)


def own_call(desk: Tutelage, r: str, key: str, bot: RefundBot) -> None:
    """The bot's own call on a case of grief and how Mia rates it."""
    text = f"{key}: a mourner returns unused {WARES[key]} after 45 days"
    opened = events.SituationOpened(situation=key, text=text, criteria=tuple(NAMES))
    desk.write(r, opened, actor="bot")
    event = bot.own_call(key, desk.context(r, key))
    desk.write(r, event, actor="bot")
    rating = 4 if str(event.call).startswith("Refund") else 2
    rated = events.Rated(situation=key, subject="own_call", ratings=dict.fromkeys(NAMES, rating))
    desk.write(r, rated, actor="mia")
    print(f"{key}: the bot would say “{event.call}”; Mia rates it {rating}.")


with Tutelage("sqlite://") as desk:
    bot = RefundBot()
    terms = events.Proposed(
        learner=BOT, trainer=MIA, mode="mentor", handled="9 years", because="cases"
    )
    r = desk.open(terms, actor="mia")
    for what in (events.Signed(what="agreement"), GOAL, events.Signed(what="goal")):
        for actor in ("olga", "mia") if isinstance(what, events.Signed) else ("bot",):
            desk.write(r, what, actor=actor)
    for n in range(3):
        own_call(desk, r, f"b{n}", bot)
    desk.write(r, events.BaselineTaken(situations=("b0", "b1", "b2")), actor="mia")

    own_call(desk, r, "s1", bot)
    story = "I refused a widow once. The rule was kept, and her letter cost us more than the boots."
    share = events.GuidanceGiven(
        situation="s1", move="share", text=story, criteria=("rule",), experience="letter"
    )
    seq = desk.write(r, share, actor="mia").seq
    print(f"Mia shares: {desk.collect_guidance(r, 's1', actor='bot')[0].text}")
    kept = events.PrincipleKept(
        principle="grief", says="Refund beyond the policy.", when="grief, and a small sum",
        when_not="the same person asks again", because="The rule is there to keep trust",
        criteria=("rule",), follows=(seq,),
    )  # fmt: skip
    desk.write(r, kept, actor="bot")
    for n in range(2, 5):
        own_call(desk, r, f"s{n}", bot)
    print(f"Was it taken up? {desk.brief(r, 's4').told[0].how}.")
    print(f"Its judgment of the rule now: {desk.turn(r).stands[1].estimate}")
