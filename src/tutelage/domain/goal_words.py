"""The words behind the specificity gate: which say nothing, which count, which decide."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set as AbstractSet

READ = 4000  # characters of a part that are read: a goal is said in less

# Scripts without spaces are read two characters at a time, about a word.
_UNSPACED = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_UNSPACED}]{{1,2}}|[^\W_{_UNSPACED}]+(?:'[^\W_{_UNSPACED}]+)*")

_FUNCTION = """
a an the and or nor but so of to in on at by for from with without into onto over under off out
about around through as up down is am are was were be been being it its it's this that these those
there here i i'm im i've i'd i'll me my mine myself we us our ours you your yours he him his she
her hers they them their theirs who whom whose which what when where why how if then than while
not don't doesn't isn't aren't can't cannot do does did done have has had having will would shall
should can could may might must just also very too more most less least much some any all each
every both either neither own same such other others another one ones quite rather really fairly
pretty even still yet already again now today currently moment so-called etc
during before after between once until unless because per via within among across toward towards
everywhere anywhere
"""
_GRADES = """
better best good great well fine ok okay nice bad badly worse worst poor poorly fair average
excellent perfect perfectly superb outstanding strong stronger weak weaker effective effectively
efficient efficiently appropriate appropriately proper properly right rightly correct correctly
ideal optimal high higher highly low lower quality improve improvement enhance grow growth develop
development progress advance succeed success successful successfully achieve achievement full fully
potential become get want wish hope hopefully like need aim able capable skill skillset ability
competence competent competency capability talent leader leadership communicator communication
confident confidence confidently assertive assertiveness productive productivity creative
creativity creatively strategic strategically proactive proactively empathy empathetic empathic
resilience resilient mindset attitude motivation motivated inspiring inspiration influential
impactful visionary excellence respectful trustworthy responsible responsibility ownership
performance performer focused calm calmly happy happier patience wise wisely smart smarter sensible
sensibly clear clearly clearer decisive difficult difficulty challenging struggle lack
lacking learn learning learner beginner novice intermediate junior level inexperienced rusty
mediocre decent acceptable adequate adequately satisfactory sufficient insufficient limited basic
expert expertise enough perfection far room further bit little lot lots kinda somehow somewhat
maybe perhaps probably basically average consistent consistently goal sometimes depends depend
professional professionally na n/a tbd todo tba none unknown nothing null undefined lorem ipsum
xxx asdf foo bar presence executive medium work below above suboptimal helpful unhelpful unhappy
"""
_VAGUE = """
make feel stay keep keeping try target objective strive person people human individual everyone
everybody anyone someone somebody thing stuff something anything everything situation case
circumstance context setting environment occasion scenario time always often usually generally
general overall whenever wherever whatever however possible possibly needed necessary required
matter important importance relevant various different difference certain kind type sort way manner
aspect area field part day daily everyday life living work working workplace job career office
world business team group company organisation organization role personal personally lead manage
management communicate strategy initiative motivate motivating inspire influence impact vision
value respect trust perform result focus decision decide choice choose judgment judgement judge
handle deal dealing cope react respond response address approach act acting behave behavior
behaviour interact interaction engage collaborate collaboration cooperate teamwork participate
contribute support come go going arise occur happen hard tough complex pressure stress
stressful conversation relationship meeting task project activity thinking think know understand
understanding ongoing continuous continuously constant constantly regular regularly quickly fast
faster quick soon sooner later eventually someday future long short term run medium near deadline
max maximum maximise maximize use useful using simply deliver demonstrate show exhibit display
possess gain increase boost strengthen build shine excel thrive flourish version self best-in-class
world-class class top next whole reach master mastery
"""
_SCALE = """
poor fair average good excellent bad ok okay great perfect very extremely low medium high higher
lower beginner novice intermediate advanced expert master never rarely seldom sometimes often
usually always weak strong outstanding exceptional adequate limited lacking strongly disagree agree
neutral negative positive worst worse best better none little some endless moderate minimal basic
proficient competent level stage step point star stars score grade terrible awful mediocre decent
satisfactory unsatisfactory acceptable unacceptable insufficient sufficient top world extreme
absent present meets exceeds below above expectations expectation significantly slightly
no much total totally partial partially absolute absolutely huge
"""
_QUANTITY = """
none no few fewer some several half third quarter quarters most mostly many all every each never
rarely seldom sometimes often usually always daily weekly monthly quarterly yearly once twice
one two three four five six seven eight nine ten twelve fifteen twenty thirty forty fifty hundred
zero dozen over under below above between least nearly almost fully partly entirely completely
exactly about up percent per cent more less than single any whole part
"""
_MECHANICAL = """
step item field form box list checklist error mistake slip point score percentage wpm word minute
second hour day week month time late early punctual skip skipped miss missed missing forget
forgotten forgets omit omitted wrong right correct correctly incorrect complete completed incomplete
done follow followed finish finished fill filled tick ticked checked check count counted order
sequence random listed prescribed documented present absent known know recall recalled remember
remembered memorised memorized look looked fast slow medium quick high low exact off place page
module course quiz test exam document entry record call case run left spoken ms sec min procedure
reminder help prompt supervision notes sheet alone unaided independently remind teach unprompted
automatically repeat reference aid answer question attempt
"""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


GRADING = _set(_GRADES)
GRADES = _set(_FUNCTION) | GRADING
"""Words that only grade: somebody who says no more has not said what is done today."""
EMPTY = GRADES | _set(_VAGUE)
"""Words that fit any goal."""
SCALE = _set(_SCALE)
QUANTITY = _set(_QUANTITY)
MECHANICAL = _set(_MECHANICAL)

_FIELDS = """
sale marketing finance medicine law music sport parenting education healthcare software engineering
it hr retail research art school classroom university kitchen hospital ward farm pitch home
"""
FIELDS = EMPTY | _set(_FIELDS)
"""And words that name a place or a trade, not what happens in it."""
FLAWS = _set("make mistake error problem issue weakness gap journey")
"""What anybody still has: no more than a grade of where one stands."""

WISH = re.compile(
    r"^(?:(?:i|we) (?:want|would like|wish|hope|need|aim|am trying|will)(?: to)? |to |learn to )?"
    r"(?:(?:be|being|is|are) (?:more|better|less|a|an|the|able|very)|becom(?:e|es|ing)|feels?"
    r"|gets? (?:better|good|more|stronger|promoted)|grows?|improv(?:e|es|ing)|enhances?"
    r"|strengthens?|boosts?|increases?|ha(?:ve|s) (?:better|more|good)|work on"
    r"|develops? (?:my|our|their|his|her|better|more|stronger|a)|fosters?"
    r"|cultivates?|inspires?|think (?:big|bigger|more|like)|shows? more|take more"
    r"|reach (?:my|our|the|its|their|full)|provide (?:excellent|great|good|better|the best))\b"
)
DECIDES = re.compile(
    r"\b(?:decid\w+|choos\w+|chose|weigh\w*|judg(?:e|es|ing)|whether|pick\w*|prioriti[sz]\w+"
    r"|triag\w+|recommend\w*|select\w*|adapt\w*|adjust\w*|escalat\w+|depart\w*|deviat\w+"
    r"|trade[- ]?offs?|instead of|rather than|depending|when (?:not )?to|how (?:much|far|long)"
    r"|which|whom|or|unless|refus\w+|declin\w+|accept\w*|reject\w*|hold\w* back|ask\w*|asses\w+"
    r"|estimat\w+|diagnos\w+|interpret\w*|negotiat\w+|distinguish\w*|notic\w+|anticipat\w+"
    r"|hypothes\w+|grounds|why|reason\w*|versus|against|balanc\w+|leave out|leaves out|because"
    r"|tell\w* apart|overrid\w+|stop\w*|wait\w*|read\w* the (?:room|situation|table|mood|signs?"
    r"|class|water|game|play|crowd|opponent))\b"
)
SETTLES = re.compile(
    r"\b(?:decid\w+|choos\w+|chose|weigh(?:s|ed|ing)?|judg(?:e|es|ing)|whether|prioriti[sz]\w+"
    r"|triag\w+|recommend\w*|adapt\w*|adjust\w*|escalat\w+|depart\w*|deviat\w+|trade[- ]?offs?"
    r"|instead of|rather than|depending|when (?:not )?to|how (?:much|far|long)|which|whom|or|unless"
    r"|hold\w* back|estimat\w+|diagnos\w+|interpret\w*|negotiat\w+|distinguish\w*|notic\w+"
    r"|anticipat\w+|hypothes\w+|grounds|why|reason\w*|versus|balanc\w+|leaves? out|because"
    r"|tell\w* apart|overrid\w+|beyond|until|except|otherwise|break\w*|bend\w*|sets? aside"
    r"|improvis\w+|off the|(?:it|they) (?:miss\w*|leaves?|does not|doesn't|do not))\b"
)
"""What lifts a goal over the procedure it mentions."""
OPENS = re.compile(
    r"\b(?:whether|when (?:not )?to|which|what to|how (?:much|far|long)|rather than|instead of"
    r"|between|whom)\b"
)
PRAISES = re.compile(
    r"^(?:to )?be\b|\b(?:better|best|more \w+ly|well|great|excellent\w*|effective\w*|efficient\w*"
    r"|successful\w*|confident\w*|helpful\w*|professional\w*|appropriate\w*|proper\w*|clear\w*"
    r"|high[- ]quality|good|(?:world|best|first)[- ](?:in[- ])?class|amazing\w*|exceptionally"
    r"|critically|excellence|outside the box|extra mile)\b"
)
_LISTS = (
    r"(?:steps?|procedures?|checklists?|check-?lists?|sops?|protocols?|instructions?|recipes?"
    r"|manuals?|handbooks?|scripts?|runbooks?|rules?|guidelines?|templates?|routines?|lists?|items?|fields?"
    r"|forms?|boxes|modules?|courses?|trainings?|tutorials?|chapters?|lessons?|paperwork|workflow)"
)
PROCEDURE = re.compile(
    r"\b(?:follow(?:s|ing)?|runs?|running|perform(?:s|ing)?|execut(?:e|es|ing)|carry|carries"
    r"|complet(?:e|es|ing)|finish(?:es|ing)?|appl(?:y|ies|ying)|go(?:es)? through|works? through"
    rf"|us(?:e|es|ing)|adheres?|sticks?|do|does)\b[^,;.]{{0,40}}\b{_LISTS}\b"
    r"|\bfill\w* (?:in|out|up)\b|\btick(?:s|ed|ing)?\b|\bcheck\w* off\b|\bcross\w* off\b"
    r"|\b(?:memori[sz]|recit)\w*\b|\bby heart\b|\brecall\w* (?:all|the|every|each)\b"
    r"|\bremember\w* (?:all|the|every|each|to)\b"
    r"|\bwithout (?:forget|miss|skip|omit|leaving out|a mistake|mistakes|errors?|an error|any|a"
    r" single|looking)\w*\b"
    r"|\baccording to (?:the|our|its|sop|standard)\b[^,;.]{0,40}"
    r"|\bin the (?:right|correct|prescribed|documented|listed|given|exact|required|proper"
    r"|specified)"
    r"(?: \w+)? (?:order|sequence|format|place|bin)\b"
    rf"|\b(?:all|every|each)(?: \w+){{0,3}} {_LISTS}\b"
    r"|\bpass\w* (?:the|my|an?|every)\b[^,;.]{0,40}\b(?:test|exam|quiz|certification|assessment)"
    r"|\bas (?:described|listed|specified|documented|instructed|prescribed|laid out)\b"
    r"|\bget certified\b|\b(?:words|strokes|items|calls|units) per (?:minute|hour|day)\b"
    r"|\b(?:on time|punctual\w*)\b"
    r"|^(?:i |to |we |i want to |i will )*(?:learns?|knows?|revis\w+|master)"
    r" (?!to\b|how\b|when\b|whether\b|from\b|what\b|which\b)"
    r"|\bstud(?:y|ies) (?:for|all|every|(?:\w+ ){0,2}(?:chapters?|rules|material|books?|manual))\b"
    r"|\bnever (?:skip|forget|miss|omit|leav)\w*\b"
    r"|\bunderstand\w* (?:the )?(?:basics|theory|fundamentals|syntax|concepts|terminology)\b"
)
MEASURE = re.compile(
    r"\b(?:number|count|amount|percentage|percent|rate|speed|pace|completeness|completion|accuracy"
    r"|correctness|sequence|order|steps?|time taken|duration|errors?|mistakes|punctuality|recall"
    r"|memori[sz]ation|compliance|adherence|coverage|score|format\w*|spelling|deadlines?|typos"
    r"|retention|knowledge of|fluency|on time|timeliness|per (?:hour|minute|day|week)|fields?)\b"
)

_UNIT = (
    r"(?:minute|hour|day|week|fortnight|month|quarter|semester|trimester|term|season|year|decade"
    r"|sprint|iteration|cycle|session|situation|case|game|match|lesson|class|shift|consultation|call"
    r"|ticket|review|interview|meeting|project|job|gig|rehearsal|service|round|visit|trip|flight"
    r"|pull request|release|harvest|race|deal|client|patient|segment|round|hand|tournament"
    r"|concert|rotation|incident|decision|attempt|run|episode|task|run-through)s?"
)
_NUMBER = (
    r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|sixteen"
    r"|eighteen|twenty|thirty|forty|fifty|sixty|eighty|ninety|hundred|a dozen|dozen|half an?|an?"
    r"|a couple of|couple of|a few|few|several|next|this|the coming|coming|the next|the|current"
    r"|each|whole|school|academic|fiscal|financial|calendar)"
)
_NAMED = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan"
    r"|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|spring|summer|autumn|fall|winter|easter|christmas"
    r"|xmas|new year'?s?|ramadan|eid|diwali|thanksgiving|pentecost|hanukkah|passover|midsummer"
    r"|tomorrow|tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend"
    r"|year[- ]end|month[- ]end|mid[- ]?year|midterms?|q[1-4]|h[12]|holidays?|half[- ]term)"
)
TIMED = re.compile(
    rf"\b{_NUMBER}[\s-]+(?:(?:of|more|further|full|working|real|such|of my|of the|live)[\s-]+)?"
    rf"(?:\w+[\s-]+){{0,2}}?{_UNIT}\b"
    rf"|\b{_NAMED}\b|\b(?:19|20)\d\d\b|\b\d{{1,2}}[./-]\d{{1,2}}\b|\d|\bend of\b"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|dozen|twenty|thirty|forty|fifty|sixty"
    r"|hundred)\b"
)
NEVER_DUE = re.compile(
    r"\bas (?:soon|quickly|fast|long) as (?:possible|feasible|practical|needed|necessary|it takes"
    r"|(?:i|we) can)\b"
    r"|\b(?:some ?day|one day|one of these days|sometime|some time|some point|soon(?:er)?|asap"
    r"|eventually|in due (?:course|time)|in time|over time|with time|in the (?:near |long |short "
    r"|distant |medium )?(?:future|run|term)"
    r"|(?:for the |over the )?(?:long|short|medium|mid)[- ]?(?:er)?[- ]?(?:term|run)"
    r"|no (?:deadline|rush|hurry|horizon|date|end|limit)|open[- ]ended|ongoing"
    r"|continuous(?:ly)?|continual(?:ly)?|always|forever|indefinite(?:ly)?|lifelong|life[- ]long"
    r"|a lifetime|my life|a while|before (?:too )?long|later(?: on)?|gradual(?:ly)?|progressively"
    r"|step by step|day by day|as we go(?: along)?"
    r"|(?:when(?:ever)?|once|until|till) (?:\w+(?:'\w+)? ){0,4}?(?:ready|possible|necessary|needed"
    r"|done|satisfied|comfortable|confident|able|better|right|good enough|allows|like it)"
    r"|flexible|to be (?:determined|decided|agreed)|not sure|any ?time"
    r"|at (?:my|our|your) own pace|permanent(?:ly)?|perpetual(?:ly)?|rest of my (?:life|career)"
    r"|(?:going|moving) forwards?|from (?:now|here) on(?:wards?)?"
    r"|(?:the )?foreseeable future|down the (?:line|road)|never|unspecified|undefined|fixed date"
    r"|(?:a |some )?reasonable (?:amount of )?(?:time|period)(?:frame)?"
    r"|the (?:coming|next) (?:time|period|while)|every ?day|all the time|these days|nowadays)\b"
)
DATED = re.compile(r"^\W*(?:by|before|until|till|within|through|after|over|during|up to)\b")
# In a line of prose a number alone is no deadline: "form 27b".
ENDS = re.compile(
    rf"\b(?:by|before|until|within|for|over|during|in|after|this|next|end of)\b[^,;.]{{0,30}}?"
    rf"\b(?:{_NUMBER}[\s-]+(?:\w+[\s-]+){{0,2}}?{_UNIT}|{_NAMED}|(?:19|20)\d\d)\b"
    rf"|(?:^|[,;.] ?)\d+ {_UNIT}\b"
)
SCENE = re.compile(
    r"\b(?:when(?:ever)?(?! (?:not )?to\b)|every time|each time|if|while|during|once"
    rf"|^(?:in|at|on|with|before|after)(?! {_NUMBER} (?:day|week|month|quarter|year)s?\b))\b"
    r".*?(?=[,;.:]|\bthen\b|\b(?:i|we) (?:want|will|would|should|need|must|decide|choose)\b"
    r"|\b(?:to )?(?:decide|choose|weigh)\b|\bwithin\b|$)"
)
PLACE = re.compile(r"^(?:in|at|on|across|with|for|all|any|every|as)\b(?! a\b)")
NOT_YET = re.compile(r"\bnot (?:yet )?(?:there|where)\b")
NOW = re.compile(
    r"\b(?:at the moment|at present|so far|until now|currently|today|right now|nowadays"
    r"|i (?:now|usually|mostly|often|always|never|tend to|still|keep|just|normally|rarely))\b"
    r"(?P<what>[^;.]*)"
)


def plain(text: str | None) -> str:
    """A text as it is compared: the part that is read, one alphabet, one case, one apostrophe."""
    read = unicodedata.normalize("NFKC", (text or "")[:READ]).casefold()
    return " ".join(read.replace("\u2019", "'").split())


def words(text: str) -> list[str]:
    """The words of a plain text."""
    return _WORD.findall(text)


def among(word: str, known: AbstractSet[str]) -> bool:
    """Whether a word, or what it is a form of, is in the set.

    >>> among("situations", EMPTY), among("getting", EMPTY), among("refund", EMPTY)
    (True, True, False)
    """
    return any(form in known for form in _forms(word))


def _forms(word: str) -> tuple[str, ...]:
    forms = [word]
    for ending, instead in (
        ("'s", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("d", ""), ("ing", ""),
        ("ing", "e"), ("ly", ""), ("er", ""),
    ):  # fmt: skip
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 1:
            forms.append(stem + instead)
            doubled = ending == "ing" and stem[-1] == stem[-2]
            forms += [stem[:-1]] if doubled else []
    return tuple(forms)


def concrete(text: str, *, besides: AbstractSet[str] = EMPTY) -> frozenset[str]:
    """The words of a plain text that say something.

    >>> sorted(concrete("when a customer asks for an exception"))
    ['asks', 'customer', 'exception']
    >>> concrete("be a better leader in all situations")
    frozenset()
    """
    said = (w for w in words(text) if not w.isdigit() and (len(w) > 1 or not w.isascii()))
    return frozenset(w for w in said if not among(w, besides))
