"""Does this text tell, share, or ask?

Read sentence by sentence, without a model. One sentence that gives an answer makes the whole text
telling, also in the dress of a question ("Why don't you just refund them?"); a story of one's own
makes it sharing; what is left asks, when it asks for the learner's own reasoning.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tutelage.domain.terms import Guiding

VERSION = "moves-1"

Kind = Literal["tell", "share", "ask", "remark", "statement"]

_INQUIRY = (
    r"(?:think|say|explain|describe|list|name|compare|imagine|picture|suppose|look|reread|re-read"
    r"|read|walk|talk|take|show|give|tell|help|let|guide|remind|elaborate|clarify|summari[sz]e"
    r"|identify|point|put|go|see|find|figure|spot|calculate|work|solve|try|check|double|write|draw"
    r"|sketch|estimate|guess|rank|rate|weigh|consider|recall|remember|define|rephrase|justify"
    r"|share|state|expand|break|recheck|recalculate|redo|answer|repeat|outline|reflect|notice|pick"
    r"|choose|decide|judge|predict|finish|complete|continue|use|spell|sum|hear|understand|start)"
)
_WH = r"(?:what|which|who|whom|whose|how|why|when|where|whether|if)"
_LEAD = (
    r"(?:(?:please|just|so|ok|okay|now|well|and|but|then|simply|maybe|perhaps|first|next|instead"
    r"|right|good|great|yes|no|alright|hi|hello|also|finally|next time|this time|in that case|for"
    r" now|for example|rather|better)[,:]? +)*"
)
_OBJECT = (
    r"(?:the|them|him|her|it|a|an|your|their|this|that|these|those|his|its|my|our|all|both|every"
    r"|each|us|one|no|more|less|half|two|three|up|down|out|off|back|away|in|on|to|for|with|from"
    r"|until|before|after|at|over|around|nothing|something|everybody|everyone|some|any"
    r"|\$?\d[\d.,]*)"
)
_DIRECT = (
    r"(?:the|them|him|her|it|an?|your|their|this|that|these|those|his|its|my|our|all|both|every"
    r"|each|us|half|nothing|everybody|everyone|\$?\d[\d.,]*)"
)
_PARTICLE = r"(?: (?:back|up|off|out|in|down|on|it|them|him|her|now))?"
_ACTS = (
    r"(?:refund|call|stop|wait|move|offer|ask|send|hold|hit|play|run|roll|restart|retry|escalate"
    r"|refuse|accept|decline|grant|give|take|keep|leave|let|make|get|put|bring|turn|go|come|start"
    r"|begin|end|open|close|cut|add|subtract|multiply|divide|use|apply|change|fix|replace|remove"
    r"|write|send|mail|phone|visit|meet|talk|speak|listen|apologi[sz]e|promise|say|tell|explain|be"
    r"|do|don't|avoid|insist|push|pull|press|reduce|raise|lower|increase|admit|discharge|order"
    r"|prescribe|treat|test|check|verify|measure|count|buy|sell|hire|fire|pay|charge|split|share"
    r"|delegate|drop|skip|ignore|focus|concentrate|follow|try|practise|practice|repeat|learn|pass"
    r"|shoot|attack|defend|reef|anchor|sail|feed|mow|plant|spray|water|harvest|unite|requeen|cook"
    r"|taste|season|serve|remake|rest|sleep|breathe|relax|slow|speed|work|divert|land|brief|file"
    r"|settle|sue|sign|cite|publish|cancel|postpone|schedule|book|delete|revert|deploy|merge|reject"
    r"|approve|block|comment|log|record|document|report|confirm|set|stick|stand|stay|step|walk"
    r"|look|watch|warn|withdraw|yield|challenge|confront|reassure|praise|thank|forgive|remember"
    r"|forget|make sure|note|subtract|start|finish|trust|choose|pick|prioriti[sz]e|transfer|hand"
    r"|lay|re-?check|read|bet|fold|raise|double|cover|protect|build|break|bear|ease|drink|eat)"
)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


ADVICE = _any(
    r"\b(?:you|we|one|he|she|they|it)(?:'d| would| really| also| just| definitely| probably)*"
    r" (?:should|ought to|must|needs? to|ha(?:ve|s) to|had better|better)\b(?! (?:decide|choose"
    r"|judge|weigh|make (?:the|a|your) (?:call|decision)))",
    r"\b(?:should|must|ought to|needs? to) (?:be|get|have|not|go|come|stay|stop|never|always)\b",
    r"\byou(?:'d| would) (?:be better|do better|do well|want to|need|have to|be wise)\b",
    r"\byou (?:could|can|may|might) (?:always|just|simply|also|try|want to|then|even|consider"
    r"|as well)\b",
    r"\byou (?:could|might) (?!be\b|have\b|see\b|think\b|say\b|not\b|feel\b)\w+",
    r"\bi(?:'d| would|'ll| will)(?: also| probably| just| rather| never| always| definitely| not"
    r"| simply| first| certainly)* (?!like\b|love\b|be\b|ask you\b|want\b|value\b|appreciate\b"
    r"|invite\b|have to\b|listen\b|wait\b|wonder\b|leave\b|prefer (?:to hear|you)\b)[a-z]+",
    r"\bi(?:'d| would)? (?:strongly )?(?:advise|recommend|suggest|propose|urge)\b",
    r"\bmy (?:advice|recommendation|suggestion|answer|tip|view|verdict)\b",
    r"\b(?:it is|it's|it would be|it'd be|it may be|it might be|would be|is) (?:usually |often"
    r" |always |probably |much |far )?(?:best|better|wise|wiser|safer|safest|advisable|sensible"
    r"|smart|smarter|time|right|wrong|a mistake|a good idea|an idea|worth|worthwhile|important"
    r"|essential|crucial|vital|necessary|preferable) (?:to\b|that\b|if you\b|\w+ing\b|not\b)",
    r"\b(?:the|a|your) (?:best|right|correct|safest|safe|only|obvious|proper|key|real|better|wise"
    r"|smart|sensible|good|first|next|main|trick|answer|solution|point"
    r"|thing)(?: \w+){0,3}? (?:is|was"
    r"|would be|here is|will be|lies in) (?:to\b|that\b|not\b|in\b|the\b|a\b|\w+ing\b|\$?\d)",
    r"\b(?:is|was|would be|are) (?:the|your) (?:best|right|correct|safest|only|obvious|proper"
    r"|better"
    r"|wisest|smart|wrong) (?:\w+ )?(?:move|thing|call|play|choice|option|answer|way|step|decision"
    r"|one|bet|course)",
    r"\bwhat (?:you|we) (?:should|need|must|have|want)\b[^?]*\bis\b",
    r"\b(?:make|be) sure\b|\bdon't forget\b|\bremember(?:,| to\b| that\b| you\b| we\b| it\b"
    r"| the\b)",
    r"\b(?:most|many|good|experienced|senior|other) (?:people|engineers|experts|professionals"
    r"|colleagues|doctors|teachers|managers|leaders|players) (?:would|usually|always) \w+",
    r"\bno need to\b|\b(?:better|best) (?:to|not)\b|\bthe trick\b|\bgo (?:for|with|ahead)\b",
)
GIVEN = _any(
    r"\bthe (?:correct |right |final )?(?:answer|result|solution|total|sum) (?:is|was|would be"
    r"|should be|equals|will be|to (?:the|this) (?:problem|question) is)\b(?! (?:not|wrong"
    r"|incorrect|right|correct|close|a bit|slightly))",
    r"\d\)?\s*[-+*x\u00d7\u00f7/]\s*\$?\(?\d[\d.,]*%?\)?(?:\s*[-+*x\u00d7\u00f7/]\s*\$?\d[\d.,]*)*\s*=\s*\$?\d",
    r"\b(?:equals|makes|gives|comes to|leaves(?: you with)?|adds up to) \$?\d",
    r"\b(?:times|plus|minus|divided by|multiplied by) \$?\d[\d.,]* (?:is|equals|makes|gives) \$?\d",
    r"\bit(?:'s| is) (?:actually |really )?\$?\d",
)
LEADING = _any(
    r"\bwhy (?:don't|not|wouldn't|couldn't) ?(?:you|we)?\b",
    r"^\W*(?:\w+ ){0,3}?(?:shouldn't|wouldn't|couldn't|isn't|aren't|don't|doesn't|didn't|won't"
    r"|can't|wasn't|weren't|hasn't|haven't) (?!there (?:any|some|an)thing)",
    r"\b(?:have you|did you|could you|can you|would you) (?:ever )?(?:consider(?:ed)?|thought (?:of"
    r"|about)|think (?:of|about)|tried|try|looked into|look into) (?!again\b|to\b|it\b|that\b|this"
    rf"\b|{_WH}\b|the\b|your\b|their\b|his\b|her\b|my\b|our\b|all\b|anything\b|another\b|other\b"
    r"|any\b|something else\b|everything\b|an? (?:case|time|situation|moment|way|example|reason)"
    r"|one\b|two\b|three\b|(?:\w+ )?more\b)\w+",
    r"\b(?:consider(?:ed)?|thought (?:of|about)|think about|tried) \w+ing\b",
    r"\b(?:are|do|would|could|should|is|does) (?:you|it|they|he|she) not\b",
    r"\bwhat about (?:\w+ing|an?|some|more|less|fewer|no)\b|\bhow about (?!you\W*$)\w+"
    r"|\bhow would it be\b",
    r"\bwhat if (?:you|we|i) (?!are\b|were\b|had\b|did\b|do\b|don't\b|didn't\b|knew\b|could\b"
    r"|can't\b|couldn't\b|have\b|never\b|lose\b|lost\b|fail\b|failed\b)\w+",
    r"\b(?:would|might|could|may) it (?:not )?(?:help|make sense|be (?:better|best|worth|an idea|a"
    r" good idea|wise|wiser|safer|possible to|good|smart|easier|that))\b",
    r"\bis it (?:not )?(?:worth|time to|better to|best to)\b",
    r"\b(?:could|can|would) (?:you|we) (?:not|just|simply|maybe|perhaps|instead|rather|at least)\b"
    rf"(?! {_INQUIRY}\b)",
    r"\bdo you (?:not )?(?:think|feel|agree|believe) (?:that )?(?:you|we|it) (?:should|need|ought"
    r"|must|would be (?:better|best|wise|safer))\b",
    r", (?:don't you think|wouldn't you (?:say|agree)|isn't it|doesn't it|shouldn't (?:you|it)"
    r"|no|don't you agree|aren't they|won't it)\W*$",
    rf"\b(?:is |(?=\w+ing\b.{{0,12}} be ))\w+ing{_PARTICLE}(?: be)? (?:an? |the )"
    r"(?:answer|solution|right|best|only|safest|better|safer|correct|wisest)\b",
    r"\bnot be (?:better|safer|wiser|best|easier|kinder)\b|\bif you were me\b",
    rf"^\W*(?:perhaps|maybe) (?:an? \w+|(?!something|nothing)\w+ing{_PARTICLE})\W*$",
)
SHOULD_YOU = _any(rf"^\W*(?:(?!{_WH}\b)\w+ ){{0,2}}?(?:should|must) (?:you|we|it|they|he|she)\b")
REQUEST = _any(
    rf"\b(?:could|can|would|will) you (?:(?:please|kindly|also|now|maybe|perhaps"
    rf"|briefly) )*+(?!{_INQUIRY}\b)\w+"
)
TAGGED = re.compile(r"^(.+), +(?:would|will|could|can|won't) you\W*$", re.IGNORECASE | re.DOTALL)
OPEN = _any(rf"^\W*{_LEAD}(?:\w+,? +){{0,2}}?{_WH}\b", rf"\b{_WH}\b[^,;]*$")
UNMARKED = _any(
    rf"^\W*{_LEAD}(?:(?-i:[A-Z]\w+),? )?(?:how (?:many|much|do|did|does|would|will|can|long|far"
    rf"|sure)"
    r"|(?:what|which|who|where|why) (?:is|are|was|were|do|does|did|would|will|can|could|made|has"
    r"|have)|(?:do|does|did|can|could|would|are|is|will) (?:you|we|it|he|she|they|that|there))\b",
    r"\bhow (?:many|much) (?:\w+ ){0,4}(?:are|is|do|does|did|will|would|can|were|was|left|need)\b",
)
OR = _any(r"\bor\b")
FIRST_PERSON = _any(r"\b(?:i|we)\b")
SURE = _any(r"^\W*(?:\w+,? )?are you (?:sure|certain)\b")
YOURSELF = _any(r"\bif i were you\b|\bin your (?:place|shoes|position)\b")
IMPERATIVE = _any(
    rf"^\W*{_LEAD}(?P<verb>{_ACTS})\b(?:[.!]|$| +{_OBJECT}\b| +\w+)",
    rf"^\W*{_LEAD}(?P<other>(?!\w+(?:s|ed|ing|ly|tion|ness|ment|ity|er)\b)[a-z]+) {_DIRECT}\b",
)
ORDER = _any(rf"^\W*{_LEAD}(?!{_INQUIRY}\b){_ACTS} {_DIRECT}\b")
LATER = _any(
    r"^\W*(?:if|when|once|before|after|unless|as soon as|to|for|in|next|first|instead|until|with)\b"
    rf"[^,]*(?:\([^)]*\))?, +{_LEAD}(?:don't |never |always )?{_ACTS}\b(?! (?:is|are|was|were)\b)",
    rf"\b(?:and|then|;) +{_LEAD}(?:don't |never |always )?{_ACTS} +{_DIRECT}\b",
)
NOT_VERBS = re.compile(
    r"(?:i|you|he|she|they|we|it|that|this|there|these|those|the|a|an|and|but|or|so|if|when|once|as"
    r"|what|which|who|whom|whose|how|why|where|whether|while|because|since|after|before|until|with"
    r"|for|in|on|at|to|from|of|by|about|into|only|not|is|are|was|were|am|do|does|did|has|have|had"
    r"|can|could|will|would|shall|should|may|might|must|both|all|each|every|some|any|no|yes|your"
    r"|my|his|her|its|their|our|even|just|maybe|perhaps|well|good|great|ok|okay|now|then|here"
    r"|such|than|like|unlike|across|behind|under|over|through|despite|between|at|up|down|out|off"
    r"|during|per|plus|minus|times|let's|don't|almost|quite|half|nice|correct|right|near|without"
    r"|against|within|upon|along|around|above|below|one|two|three|four|five|six|true|excellent"
    r"|perfect|awesome|super|brilliant|though|although|unless|sure|thank|close|see|hey|hi|hello)$",
    re.IGNORECASE,
)
INQUIRY = _any(
    rf"^\W*{_LEAD}(?:tell|show|give|remind|help|walk|talk|take|guide|let) (?:me|us)\b"
    r"(?! tell\b)",
    rf"^\W*{_LEAD}(?:think|reflect) (?:about|of|on|back|again|aloud|out|through)\b(?! \w+ing\b)",
    rf"^\W*{_LEAD}(?:look|go|think|read|try|work|check|see|start|come) (?:again|back|at|over"
    rf"|closely"
    r"|once more|carefully|through|it again|that again|the question|this again|on|out|if)\b",
    rf"^\W*{_LEAD}(?:say|explain|describe|list|name|state|outline|define|identify|write down|note"
    r"|show|notice|see|find|spot|imagine|picture|suppose|compare|rank|rate|weigh|estimate|guess"
    r"|predict|summari[sz]e|elaborate|clarify|justify|recall|put|pick|choose|decide|judge|consider"
    r"|sketch|draw|share|point|remember|ask yourself|take (?:your|a|another|some)|reread|re-read"
    r"|calculate|solve|break|finish|answer|expand|rephrase|figure|sum)\b"
    r"(?! (?:to |it to |this to |that to )?(?:them|him|her|the (?:customer|client|parents?|patient"
    r"|team|others)|your (?:boss|manager|team|client))\b)(?! \w+ing\b)(?! (?:sorry|no|yes|nothing"
    r"|that|to)\b)",
    rf"^\W*{_LEAD}let's (?:look|see|think|start|go|break|step|work|try|read|take|talk|focus|explore"
    r"|recap|unpack|stay|slow|imagine|say|suppose|stop|pause|consider|compare|have|begin|come)\b",
    rf"^\W*{_LEAD}(?:feel free|go on|keep going|carry on|continue|don't (?:worry|rush|hesitate|give"
    r" up)|take your|have a (?:go|look|think|try|nice|good)|give it a|try (?:again|it)|thank"
    r"|welcome|excuse)\b(?! (?:to|\w+ing)\b)",
    r"\bi(?:'d| would| am|'m)? (?:like|love|curious|interested|want|keen|be (?:curious|interested)|"
    r"wonder)\b[^.]*\b(?:hear|know|see|understand|what|how|why|which|who|learn)\b",
)
OBSERVED = _any(
    r"\byou(?:'ve| have| had)? (?:said|wrote|written|mentioned|noted|told|chose|decided|seem|sound"
    r"|described|listed|named|expected|think|thought|feel|felt|want|wanted|believe|noticed"
    r"|hesitat\w+"
    r"|rated|put|asked|did|saw|meant|mean|were|was)\b",
    r"\byou(?:'re| are|'ve| have| were| had)(?: (?:\w+ly|already|now|still|also))? (?:\w+ing|\w+ed"
    r"|done|made|got|put|found|given|forgotten|seen|taken)\b",
    r"\byour (?:own )?(?:call|account|note|reason|reasoning|plan|first|last|answer|solution|draft)",
    r"\bi (?:notice|noticed|see|saw|hear|heard|read|wonder|wondered|understand|understood|think you"
    r"|can see|agree)\b",
)
REPORTED = _any(
    r"\byou(?:'ve| have)? (?:just |also |once |already )?(?:said|say|wrote|write|mentioned|noted"
    r"|note"
    r"|think|thought|feel|felt|believe|believed|expect|expected|seem to \w+|told (?:me|us|\w+)"
    r"|decided|assume|assumed|know|knew|fear|feared|worry|worried)\b(?:(?!\bso\b"
    r"|\bbut\b)[^,;:\u2014])*",
    r"\byour (?:own )?(?:call|account|note|plan|reasoning|reasons?) (?:says?|is|was|rests?"
    r"|assumes?)"
    r"\b(?:(?!\bso\b|\bbut\b)[^,;:\u2014])*",
)
STORY = _any(
    r"\b(?:when|once|before|after|until) (?:i|we) (?:had|was|were|did|lost|\w+ed|got|met|saw|took"
    r"|made|went|came|ran|sat|stood|worked)\b",
    r"\b(?:i|we) (?:once|used to|never|always|also|first|then|finally|eventually|simply|just) ?"
    r"(?:had|was|were|did|lost|\w+ed|got|met|saw|took|made|went|came|ran|let|kept|held|told|gave"
    r"|left"
    r"|sent|lost|found|wrote|chose|thought|knew|paid|bought|sold|put|cut|set|drove|flew|taught)\b",
    r"(?<!if )\b(?:i|we) (?:had|lost|kept|stopped|tried|refunded|called|waited|refused|let|gave"
    r"|took|told"
    r"|went|held|learned|learnt|turned|sent|made|decided|chose|regretted|missed|failed|got|did"
    r"|ended up|paid|started|restarted|played|hit|cut|moved|offered|agreed|promised|worked|united"
    r"|fed|mowed|found|left|ran|set|put|came|wrote|thought|knew|was|were|gave up|brought|bought"
    r"|sold|fought|taught|spent|rolled|pushed|pulled|passed|rang|drove|flew|sailed|reefed|settled"
    r"|asked (?:the|him|her|them|for|my)|said (?:no|yes|nothing))\b",
    r"\b(?:years|months|weeks) ago\b|\blast (?:year|spring|summer|autumn|winter|season|month)\b",
    r"\bin my (?:first|early|last|old|own|second|third|time|years|days|case|experience)\b",
    r"\b(?:a|an old|one) (?:colleague|friend|student|mentor|boss|trainee|learner)(?: of mine| i)?"
    r"(?: once)? (?:had|was|did|lost|\w+ed|got|took|made|went|kept|told|gave|left)\b",
    r"\bi used to \w+|^\W*once, |\b(?:it|that) (?:cost|took|taught|lost) (?:me|us)\b|\bmine was\b"
    r"|\bmy (?:first|last|own|old|second) (?:\w+ ){0,6}?(?:was|were|had|did|threw|said|went"
    r"|told)\b",
    r"\bi (?!noticed|wondered|agreed|liked|wanted|need)\w+ed\b",
    r"\b(?:i|we) (?:should|could) have \w+",
    r"\bhappened to me\b|\bi remember (?:a|an|the|one|when|my|once)\b|\bi've been there\b",
)
_ACKNOWLEDGED = """
yes no not quite ok okay good great nice well done excellent perfect correct right exactly thank
thanks you hi hello hey brilliant super fantastic wonderful awesome amazing almost very you're are
that's that is it's it so really close got i see agree there job work try again one start point
question thinking effort indeed sure true incorrect wrong track on the a an all now then to me for
this sorry my and but we were was bit little slightly nearly absolutely definitely wow hmm oh
answer solution still yet progress spot far keep going happy pleasure bye day welcome interesting
fair enough with your in of at morning afternoon evening today am understand did do have makes
sense i'm glad lovely superb better correctly problem solves yeah yep yup you've we've worked both
great-job lots
"""
ACKNOWLEDGED = frozenset(_ACKNOWLEDGED.split())
NUMBER = re.compile(r"\d[\d.,]*")
WH_WORD = _any(r"\b(?:what|which|how|why|where|who|when)\b")
LONGEST = 400  # characters of a sentence; a longer one is read in pieces, so no text takes long
ALIKE = str.maketrans("\u2019\uff1f\u061f\u3002\uff01", "'??.!")  # as phones and others write them
QUOTED = re.compile(r"[“\"«][^”\"»\n]{1,400}[”\"»]")
# A clause after a colon, a semicolon or a dash is read for itself; "3.5" and "7:30" are one word.
SENTENCE = re.compile(
    rf"(?:[^.!?\n…:;\u2013\u2014]|[.:](?=\w)|(?<=\d)\u2013(?=\d)){{1,{LONGEST}}}"
    r"[.!?…:;\u2013\u2014]{0,9}"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text really does, and the span of the part that gives it away."""

    move: Guiding
    quote: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Sentence:
    kind: Kind
    span: tuple[int, int]


def read(text: str) -> Reading:
    """Whether a text tells, shares or asks.

    >>> read("What would change your mind?").move
    'ask'
    >>> read("It is late. Why don't you just refund them?")
    Reading(move='tell', quote=(12, 43))
    >>> read("When I had this I refunded them.").move
    'share'
    """
    sentences = tuple(_sentences(text))
    found = {s.kind: s.span for s in reversed(sentences)}
    for move in ("tell", "share"):
        if move in found:
            return Reading(move, found[move])
    if "ask" in found or "statement" not in found:
        return Reading("ask")
    return Reading("tell", found["statement"])


def telling(text: str) -> float:
    """How much a text sounds like telling, from 0 to 1: for ranking; whether it tells `read` says.

    logit = -0.8 - asks + 0.4 numbers - 0.8 wh-word + 1.2 ends on no question + 0.6 tells, the
    numbers counted up to 4. Weights: a logistic regression on half of MathDial's problems (tests/
    external/test_moves_on_mathdial.py reports the other half), the intercept for even odds.

    >>> round(telling("Subtract 8 from 16."), 2), round(telling("What do you know so far?"), 2)
    (0.86, 0.07)
    """
    kinds = {s.kind for s in _sentences(text)}
    terms = (
        -0.8,
        -1.0 * ("ask" in kinds),
        0.4 * min(4, len(NUMBER.findall(text))),
        -0.8 * (WH_WORD.search(text) is not None),
        1.2 * (not text.rstrip(" \n\t\"')\u201d").endswith(("?", "=", "\uff1f", "\u061f"))),
        0.6 * ("tell" in kinds),
    )
    return 1 / (1 + math.exp(-sum(terms)))


def _sentences(text: str) -> Iterator[_Sentence]:
    """Each sentence with its kind; words in quotation marks are somebody else's and not read."""
    bare = QUOTED.sub(lambda m: " " * len(m.group()), text.translate(ALIKE))
    for match in SENTENCE.finditer(bare):
        said = match.group()
        start = match.start() + len(said) - len(said.lstrip())
        end = match.start() + len(said.rstrip())
        if start < end:
            yield _Sentence(_kind(bare[start:end]), (start, end))


def _kind(sentence: str) -> Kind:
    if GIVEN.search(sentence):
        return "tell"
    if sentence.endswith(("?", "=")) or UNMARKED.search(sentence):
        return _question(sentence)
    if INQUIRY.search(sentence):
        return "tell" if LATER.search(sentence) else "ask"
    if YOURSELF.search(sentence):
        return "tell"
    if STORY.search(sentence) and not sentence.casefold().startswith("you"):
        return "share"
    if _acknowledges(sentence):
        return "remark"
    if ADVICE.search(REPORTED.sub(" ", sentence)):
        return "tell"
    if _commands(sentence):
        return "tell"
    return "remark" if OBSERVED.search(sentence) else "statement"


def _question(sentence: str) -> Kind:
    """A question that holds its own answer tells; one on top of a story shares."""
    choice = OR.search(sentence) is not None
    tagged = TAGGED.match(sentence)
    if tagged is not None and not INQUIRY.search(tagged[1]) and _commands(tagged[1]):
        return "tell"
    if (
        LEADING.search(sentence)
        or ORDER.search(sentence)
        or (SHOULD_YOU.search(sentence) and not choice)
    ):
        return "tell"
    if OPEN.search(sentence):
        return "ask"
    if REQUEST.search(sentence) and not choice:
        return "tell"
    if STORY.search(sentence) and FIRST_PERSON.search(sentence):
        return "share"
    told = ADVICE.search(REPORTED.sub(" ", sentence)) and not choice
    return "tell" if told and not SURE.search(sentence) else "ask"


def _commands(sentence: str) -> bool:
    """Whether it is an imperative: says what to do, at once or after its condition."""
    if LATER.search(sentence) or re.match(r"\W*(?:never|always|don't)\b", sentence, re.IGNORECASE):
        return True
    found = IMPERATIVE.search(sentence)
    if found is None:
        return bool(re.match(r"\W*let's\b", sentence, re.IGNORECASE))
    other = found.group("other")
    return other is None or NOT_VERBS.match(other) is None


def _acknowledges(sentence: str) -> bool:
    """Whether it only greets, praises or says that it is not right yet; names are allowed."""
    first, *rest = re.findall(r"[\w']+", sentence) or [""]
    others = (w for w in rest if not w[0].isupper())
    return all(w.casefold() in ACKNOWLEDGED for w in (first, *others) if w)
