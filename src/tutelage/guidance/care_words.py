"""The phrases by which `guidance.care` knows what is more than coaching, English and German.

Each has a weight: one that is plain alone weighs 1; two or more weaker ones come together. A verb
of harm counts only with somebody who does it to somebody, a symptom only with whose it is: the
words alone are everyday ones at work ("kill the process", "pain points", "the legal team").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Matter = Literal["distress", "abuse", "legal", "medical"]
Phrases = tuple[tuple[float, str], ...]

# who does it, to whom ---------------------------------------------------------------------------
_WHO = (
    r"(?:he|she|they|somebody|someone|"
    r"(?:my|a|the|her|his|our)(?: \w+)? (?:boss|manager|lead|supervisor|colleague|"
    r"co-?worker|husband|wife|partner|boyfriend|girlfriend|ex|father|mother|brother|sister|uncle|"
    r"stepfather|son|daughter|teacher|trainer|client|customer|neighbou?r)|"
    r"(?:my|our) (?:boss|manager|lead|supervisor|colleagues?|co-?workers?|husband|wife|partner|"
    r"boyfriend|girlfriend|ex|father|mother|dad|mum|mom|parents|brother|sister|uncle|stepfather|"
    r"son|teacher|neighbou?r))"
)
_WHO_DE = (
    r"(?:er|sie|jemand|"
    r"(?:mein|ein|der|unser|eine|meine|die|unsere)e?(?: \w+)? (?:chefin|chef|vorgesetzte\w*"
    r"|leiter\w*|"
    r"kolleg\w+|mann|frau|freund\w*|partner\w*|ex\w*|vater|mutter|bruder|onkel|stiefvater|"
    r"ausbilder\w*|lehrer\w*|kunde|nachbar\w*)|"
    r"jemand(?: \w+){0,3})"
)
_ME = (
    r"(?:me|us|my (?:(?:little|younger|older|own) )?(?:kids?|child|children|son|daughter|brother|"
    r"sister|mother|mum|mom|wife))"
)
_BY = r"(?: (?:has|had|is|was|keeps?|kept|often|once|always|used to|also|now|just|started|still))*"
_I_AM = r"\bi(?:'m| am| was|'ve been| have been| got| get| keep getting)(?: (?:being|been))?"
_EVER = r"(?:every|each) (?:single )?(?:night|day|evening|morning|weekend)"
_DE_I = r"\b(?:ich (?:werde|wurde|bin)|(?:werde|wurde|bin) ich)\b"

DISTRESS: Phrases = (
    (1, (r"\b(?:wants?|wanted|wish|wishes|going|plans?|planning|like|ready|rather|trying|tried) to"
        r" (?:die|be dead|kill (?:my|him|her|them)sel(?:f|ves)|end (?:my|his|her|their) li(?:fe"
        r"|ves)"
        r"|take (?:my|his|her|their) (?:own )?li(?:fe|ves))\b")),
    (1, r"\bkill(?:s|ed|ing)? (?:my|him|her|them)sel(?:f|ves)\b"),
    (1, (r"\b(?:end|ends|ended|ending|take|takes|took|taking) (?:my|his|her|their)"
        r" (?:own )?li(?:fe|ves)\b|\bend(?:ing)? it all\b")),
    (1, (r"\b(?:i'?m|i am|i feel|i felt|i've been|he is|he's|she is|she's|feeling) (?:\w+ ){0,2}"
        r"suicidal\b|\bthought?s? (?:of|about) suicide\b|\bthink(?:ing)? (?:of|about)"
        r" (?:suicide|dying|death|jumping|ending it)\b|\bsuicide attempt")),
    (1, (r"\b(?:hurt|hurts|hurting|harm|harms|harming|cut|cutting|starve|starving) myself\b"
        r"|\bwhat i might do to myself\b|\bself-?harm(?:ing|ed)? again\b")),
    (1, (r"\bbetter off (?:without me|dead|if i)\b|\b(?:everybody|everyone|they|nobody"
        r"|no one) would"
        r" (?:be better off|(?:even )?miss me)")),
    (1, (r"\bdisappear for (?:good|ever)\b|\bnever wake up\b|\bno (?:longer a )?reason to live\b"
        r"|\bnothing to live for\b|\bno will to live\b")),
    (1, (r"\bpanic attacks?\b|\b(?:nervous|mental|emotional) breakdown\b|\bi (?:just )?(?:had|have"
        r"|am"
        r" having) a (?:\w+ )?breakdown\b|\banxiety attacks?\b")),
    (1, (rf"\b(?:i|and) (?:\w+ )?(?:cry|weep|sob|cried)(?: \w+){{0,3}} {_EVER}\b|\bbr(?:eak"
        rf"|oke) down"
        r" (?:crying|in tears)\b|\bcry(?:ing)? my ?self to sleep\b"
        r"|\bcrying in the (?:car|toilet|bathroom|stairwell)\b")),
    (1, (r"\b(?:i'?m|i am|i feel|i felt|i've been|feeling) (?:so |just |completely |totally "
        r"|utterly"
        r" |deeply |very |really |all )*(?:hopeless|worthless|depressed|suicidal"
        r"|desperate(?! for| to)|broken inside)\b")),
    (0.7, (r"\b(?:i'?m|i am|i feel) (?:so |just |completely |totally |utterly )*(?:burn(?:ed"
        r"|t)[ -]?out"
          r"|empty|numb inside|at the end of my (?:rope|tether|strength))\b")),
    (0.5, (r"\b(?:everything|it all|life) (?:is|feels|seems) (?:so )?(?:pointless|meaningless"
          r"|hopeless)\b")),
    (0.5, r"\bjust want (?:it|everything|the pain) to (?:stop|end|be over)\b"),
    (0.5, r"\b(?:scared|afraid) of (?:myself|what i might do)\b|\bhate myself\b"),
    # German
    (1, (r"\bumzubringen\b|\b(?:mich|sich) (?:selbst )?umbring\w*|\bbringe? mich um\b"
        r"|\bmir (?:etwas|was)"
        r" an(?:zu)?tun?\b|\b(?:mir|sich) das leben (?:zu )?nehmen\b|\bnehme? mir das leben\b")),
    (1, r"\b(?:selbstmord|suizid)\b|\bsuizidal\w*|\b(?:selbstmord|suizid)gedanken\b"),
    (1, (r"\b(?:ich|sie|er)\b[^.!?]{0,30}\b(?:will|möchte|wollte|würde)\b[^.!?]{0,30}\b(?:sterben"
        r"|tot"
        r" sein)\b|\b(?:will|möchte) ich (?:\w+ ){0,3}sterben\b|\bwäre ich (?:nur "
        r"|lieber )?tot\b")),
    (1, (r"\bmich (?:\w+ ){0,2}(?:geritzt|selbst verletzt|geschnitten, um)\b|\b(?:ritze"
        r"|verletze) mich"
        r" (?:selbst|wieder|immer)\b|\bselbstverletz\w+")),
    (1, (r"\bpanikattacken?\b|\bnervenzusammenbruch\b|\bangstattacken?\b|\b(?:ich"
        r"|bin)\b[^.!?]{0,40}"
        r"\b(?:weinend )?zusammengebrochen\b")),
    (1, (r"\bweine? (?:\w+ )?(?:jede[nrs]?|ständig|dauernd|nur noch|tag und nacht)\b|\bjede[nrs]?"
        r" (?:abend|nacht|morgen|tag) (?:\w+ ){0,2}(?:weine|heule)\b|\baufhören,? zu weinen\b")),
    (1, (r"\b(?:ich bin|bin ich|ich fühle? mich|fühle? ich mich"
        r"|ich war) (?:\w+ ){0,2}(?:hoffnungslos"
        r"|wertlos|depressiv|verzweifelt|lebensmüde|suizidgefährdet)\b")),
    (0.7, (r"\b(?:völlig|total|ganz|seelisch|nervlich|komplett) am ende\b(?! (?:des|der|dieses"
        r"|dieser"
          r"|vom|von|mit dem sprint))|\b(?:bin|fühle mich) (?:\w+ ){0,2}ausgebrannt\b")),
    (0.7, r"\b(?:alles|das leben) (?:ist|scheint|wirkt) (?:\w+ )?(?:sinnlos|hoffnungslos)\b"),
    (0.5, r"\bnur noch leere\b|\binnerlich (?:leer|tot)\b|\bhasse mich\b"),
)  # fmt: skip
DISTRESS_SAYS_NO: Phrases = (
    (1, (r"\b(?:do not|don't|no longer|never|didn't|doesn't|does not) (?:really "
        r"|even )?wants? to (?:live"
        r"|be alive|wake up|exist|be here any ?more|go on living)\b")),
    (1, (r"\b(?:can't|cannot|can not|can no longer) (?:go on(?: like this| any ?more| living)"
        r"|take it"
        r" any ?more|bear it any ?more|cope any ?more|stop crying)\b")),
    (1, r"\b(?:see|sees|is|there's|find) no way out\b(?! of the (?:contract|deal|loop|menu))"),
    (0.5, (r"\b(?:not|n't|hardly|barely) (?:really )?slept? (?:\w+ ){0,2}(?:for|in) (?:\w+ ){1,2}"
          r"(?:nights|days|weeks)\b")),
    # German
    (1, (r"\bnicht mehr (?:weiter)?leben\b|\bnicht mehr (?:da|am leben|hier) (?:wäre|sein will"
        r"|sein möchte"
        r"|bin)\b|\b(?:will|möchte) (?:\w+ )?nicht mehr (?:da sein|aufwachen)\b")),
    (1, (r"\bich kann (?:einfach |wirklich |bald |so |das alles )*nicht mehr(?=\s*(?:[.,;!]|$"
        r"|und\b|weiter"
        r"\b))|\bhalte? (?:es|das) (?:\w+ )?nicht mehr aus\b")),
    (1, (r"\bkeinen (?:anderen )?ausweg(?: mehr)?\b|\bkeinen sinn mehr (?:im leben|in meinem)\b"
        r"|\bkeinen lebenswillen\b")),
    (0.5, r"\b(?:schlafe?|geschlafen)\b[^.!?]{0,25}\bnicht\b|\bnicht\b[^.!?]{0,12}\bgeschlafen\b"),
)  # fmt: skip

_HARMED = (
    r"(?:harass|bull(?:y|i)|assault|abus|rap|grop|molest|stalk|beat|slapp|punch|strangl|blackmail"
    r"|humiliat)\w*"
)
ABUSE: Phrases = (
    (1, (rf"\b{_WHO}{_BY} (?:hits?|hitting|beats?|beating|beaten|slaps?|slapped|slapping|punch\w*"
        rf"|kicks?|kicked|kicking|chok\w+|strangl\w+|rap(?:ed|es)|grop\w+|molest\w+|abus(?:es|ed"
        rf"|ing)"
        rf"|bull(?:y|ies|ied|ying)|harass\w*|stalk\w*|blackmail\w*) {_ME}\b"
        r"(?! (?:up|with|that|to|by|at|like|hard with|out of the meeting|off the (?:list"
        r"|call))\b)")),
    (1, (rf"{_I_AM}(?: \w+ly)? (?:harassed|bullied|assaulted|abused|raped|groped|molested|stalked"
        r"|beaten(?! (?:to|by (?:a|the) (?:competitor|rival)))|strangled|blackmailed|threatened"
        r" (?:with violence|by my))\b")),
    (1, rf"\b(?:harassing|bullying|stalking|abusing|raping|molesting|groping) {_ME}\b"),
    (1, (rf"\b{_WHO}{_BY} (?:touch(?:es|ed|ing)?|kiss(?:es|ed|ing)?|fondl\w+) (?:me|my (?:leg|thigh"
        r"|breasts?|bottom|knee|body))\b(?! with)")),
    (1, (r"\bsexual(?:ly explicit)? (?:messages?|pictures?|photos?|comments?|remarks?|advances"
        r"|jokes?)\b|\b(?:nude|naked) (?:photos?|pictures?)\b|\bdick pics?\b")),
    (1, (rf"\bthreat(?:ens?|ened|ening) to (?:kill|hurt|hit|beat|harm|shoot|stab) {_ME}\b"
        r"|\bafraid (?:of my (?:husband|wife|partner|father|boyfriend|ex)|to go home)\b"
        r"|\bdomestic violence at home\b")),
    (0.6, (rf"\b(?:screams?|screamed|screaming|yells?|yelled|yelling|shouts?|shouted"
        rf"|shouting) at {_ME}\b")),
    (0.6, rf"\b(?:humiliat\w+|belittl\w+|degrad\w+|insult\w*) {_ME}\b"),
    (0.6, (rf"\bin front of (?:everybody|everyone|the whole)\b[^.!?]{{0,20}}{_EVER}|\b{_EVER}\b"
          r"[^.!?]{0,30}\bin front of (?:everybody|everyone)")),
    (1, rf"\block(?:s|ed|ing)? {_ME} (?:in|up)\b"),
    (0.6, rf"\bforc(?:es|ed|ing) {_ME} to (?:hand|give|sleep|have|undress|stay|touch|watch)\b"),
    (0.6, r"\b(?:my|the|cover(?:ing)?|hide|hiding) (?:\w+ )?bruises\b"),
    # German
    (1, (rf"\b{_WHO_DE} (?:schlägt|schlug|prügelt|verprügelt|tritt|würgt|begrapscht|missbraucht"
        r"|misshandelt|vergewaltigt|erpresst|belästigt|mobbt|stalkt|bedrängt) (?:mich|uns|meine?n?"
        r" (?:kind\w*|sohn|tochter|bruder|schwester|mutter))\b(?![^.!?]*\bvor\s*(?:[.!?,]|$))"
        r"(?! (?:im|beim) (?:schach|spiel|tennis))")),
    (1, (r"\b(?:hat|haben|hatte|haben sie) mich [^.!?]{0,50}?\b(?:geschlagen(?! (?:im|beim))"
        r"|verprügelt|getreten|gewürgt|angefasst|begrapscht|bedrängt|vergewaltigt|misshandelt"
        r"|missbraucht|belästigt|gemobbt|erpresst|gestalkt|verfolgt)\b"
        r"|\bhat mich (?:gestern |wieder )?(?:gewürgt|geschlagen|angefasst)\b")),
    (1, (rf"{_DE_I}[^.!?]{{0,70}}\b(?:gemobbt|belästigt|geschlagen(?! worden beim)|verprügelt"
        rf"|missbraucht"
        r"|misshandelt|vergewaltigt|begrapscht|gestalkt|erpresst|angefasst|bedrängt)\b")),
    (1, r"\bvergewaltig\w+|\bhäusliche gewalt\b"),
    (1, (r"\b(?:stalkt|verfolgt|bedroht|begrapscht|mobbt|misshandelt|würgt) mich\b"
        r"|\bmich\b[^.!?]{0,20}"
        r"\b(?:stalkt|mobbt|begrapscht)\b")),
    (1, (r"\b(?:demütigt|erniedrigt) mich\b|\bsperrt mich\b[^.!?]{0,20}\bein\b(?! ticket)|\bmich\b"
        r"[^.!?]{0,15}\beingesperrt\b")),
    (0.6, r"\b(?:brüllt|schreit) (?:mich|uns)\b[^.!?]{0,40}\ban\b"),
    (0.5, (r"\bzwingt mich\b|\bblaue flecken\b|\bnennt mich (?:vor allen )?(?:\w+ )?(?:schlampe"
        r"|fotze)\b")),
    (0.6, (r"\b(?:eindeutige|anzügliche|sexuelle) (?:nachrichten|bemerkungen|bilder|witze"
        r"|angebote)\b")),
    (1, r"\bnacktbilder?\b|\bbilder von sich\b|\bsexuell (?:belästigt|genötigt|bedrängt)\b"),
)  # fmt: skip

LEGAL: Phrases = (
    (1, (r"\b(?:i|we)(?:'m|'re| am| are| was| were|'ve been| have been| got| may be"
        r"| might be) (?:being"
        r" |getting |personally )?(?:sued|charged with|arrested|indicted|prosecuted|subpoenaed"
        r"|summoned|evicted|taken to court|served)\b")),
    (1, (r"\bserved (?:me )?(?:with )?(?:a|an|the) (?:lawsuit|summons|subpoena|writ"
        r"|restraining order"
        r"|court order)\b")),
    (1, (r"\bi(?:'ve| have)? (?:just )?(?:got|received|been sent|get) (?:a|an|another) (?:subpoena"
        r"|summons"
        r"|cease[- ]and[- ]desist|court order|indictment|lawsuit|restraining order|letter from"
        r" (?:a|an|the|their|his|her) (?:lawyer|attorney|solicitor|court|prosecutor))")),
    (1, (r"\b(?:do|should|must|can|what|how) (?:\w+ )?i (?:say|tell|answer|testify|plead"
        r"|defend myself)"
        r"(?: \w+){0,2} (?:in court|the (?:judge|court|police|prosecutor)|before the court)\b"
        r"|\bplead guilty\b|\b(?:i|to|must) testify\b")),
    (1, (r"\b(?:do|should|must) i (?:need|get|hire|call|take|have|see) (?:a|an"
        r"|my) (?:\w+ )?(?:lawyer"
        r"|attorney|solicitor)\b|\bmy (?:lawyer|attorney|solicitor|court date|trial|lawsuit|divorce"
        r"|parole|bail)\b")),
    (1, (r"\b(?:can|could|should|may|must) i (?:sue|press charges|take (?:him|her|them|it"
        r"|my \w+) to court"
        r"|go to court|file (?:a|for) (?:lawsuit|police report|complaint with the police|divorce"
        r"|bankruptcy))\b|\bpress(?:ing)? charges against\b")),
    (1, (r"\b(?:am|would|could|can|will|may) i (?:be |be held )?(?:personally |legally "
        r"|criminally )*"
        r"(?:liable|prosecuted|sued|guilty|breaking the law|go to (?:jail|prison))\b"
        r"|\bmake me liable\b|\bpersonally liable if i\b")),
    (1, r"\bwhat are my (?:legal )?rights\b|\bmy legal (?:rights|options|position)\b"),
    (1, (r"\b(?:lose|losing|lost|get|fight for|fighting for|share|full) custody\b"
        r"|\bcustody (?:of my"
        r"|battle|hearing)\b|\b(?:we are|we're|i am|i'm) (?:getting )?divorc(?:ing|ed)\b")),
    (1, (r"\b(?:wrongful|unfair) (?:dismissal|termination)\b|\bevicts? (?:me|us)\b"
        r"|\bwants? to evict\b")),
    (1, (r"\bpolice (?:\w+ ){0,3}(?:question|interview|interrogate|arrest|search"
        r"|summon)(?:ed)? (?:me|my"
        r"|us)\b|\binvestigation (?:was opened |has been opened )?(?:against|into) me\b")),
    (1, (r"\baccus(?:e|es|ed|ing) me of (?:fraud|theft|stealing|insider|harass\w*|assault|bribery"
        r"|embezzl\w*|discriminat\w*|a crime|money laundering|forg\w+)")),
    (1, (r"\bi (?:\w+ )?(?:broke the law|committed (?:a crime|fraud|perjury))\b"
        r"|\bis it illegal (?:if i"
        r"|for me|that i)\b")),
    # German
    (1, (r"\b(?:ich (?:werde|wurde|bin)|(?:werde|wurde|bin) ich"
        r"|ich soll)\b[^.!?]{0,50}\b(?:verklagt"
        r"|angeklagt|angezeigt worden|vorgeladen|verhaftet|festgenommen)\b|\bverklag(?:t"
        r"|en) (?:mich|uns)"
        r"\b|\b(?:hat|haben|zeigt|zeigen) mich (?:\w+ ){0,2}(?:angezeigt|verklagt"
        r"|an)\b(?=\s*(?:[.,;!?]"
        r"|$|weil|wegen))|\bmich (?:verklagen|anzeigen)\b")),
    (1, (r"\bwas (?:sage|sag|antworte|erzähle) ich\b[^.!?]{0,12}\b(?:vor gericht|polizei|richter\w*"
        r"|staatsanwalt\w*)\b|\bvor gericht aussagen\b")),
    (1, (r"\b(?:ich|mir|mich|mein\w*)\b[^.!?]{0,50}\b(?:vorladung|strafbefehl|abmahnung"
        r"|unterlassungserklärung|ermittlungsverfahren|mahnbescheid|gerichtsvollzieher\w*|pfändung"
        r"|anklage|haftbefehl|räumungsklage)\b|\b(?:ermittlungsverfahren|anzeige|anklage"
        r"|klage) gegen"
        r" mich\b|\bgegen mich (?:läuft|wird|wurde|liegt)\b[^.!?]{0,30}(?:verfahren|ermittelt"
        r"|anzeige"
        r"|anklage|klage)")),
    (1, (r"\b(?:soll|kann|darf|muss|könnte) ich\b[^.!?]{0,40}\b(?:verklagen|klagen"
        r"|anzeige erstatten"
        r"|vor gericht|einspruch einlegen|strafanzeige)\b|\bdagegen klagen\b|\bstrafanzeige\b")),
    (1, (r"\b(?:ihn|meine?n? (?:\w+ )?(?:kolleg\w+|chef\w*|mann|frau|nachbar\w*|vermieter\w*|ex\w*"
        r"|arbeitgeber\w*)) (?:\w+ )?(?:anzeigen|verklagen)\b")),
    (1, (r"\bhafte ich\b|\bich (?:\w+ )?(?:persönlich )?hafte(?:n muss)?\b"
        r"|\bbin ich (?:\w+ )?haftbar\b"
        r"|\bmache? ich mich (?:\w+ )?strafbar\b|\bstrafbar gemacht\b")),
    (1, (r"\b(?:brauche|nehme|soll|muss) ich\b[^.!?]{0,25}\b(?:anwalt|anwältin|rechtsbeistand)\b"
        r"|\bmeine?n? (?:anwalt|anwältin|scheidung|prozess vor)\b")),
    (1, (r"\blassen uns scheiden\b|\b(?:mich|uns) scheiden (?:zu )?lassen\b|\bsorgerecht\b"
        r"|\bunterhalt zahlen\b")),
    (1, (r"\bmir\b[^.!?]{0,20}\bfristlos\b|\bich\b[^.!?]{0,20}\bfristlos (?:gekündigt|entlassen)\b"
        r"|\bkündigungsschutzklage\b")),
    (1, (r"\b(?:kann|soll|muss) ich\b[^.!?]{0,30}\brechtlich\b"
        r"|\brechtlich (?:dagegen )?(?:vorgehen|tun)\b"
        r"|\bwelche rechte habe ich\b|\bmeine rechte als\b")),
    (1, r"\bvermieter\w*\b[^.!?]{0,25}\b(?:räumung|klagt|verklagt)\b"),
)  # fmt: skip

_BODY = (
    r"(?:chest|breast|arms?|legs?|head|face|neck|back|stomach|belly|abdomen|heart|lungs?|eyes?"
    r"|hands?"
    r"|foot|feet|jaw|shoulder|throat|kidneys?|testicles?|groin)"
)
_DRUG = (
    r"(?:medications?|medicines?|meds|pills?|tablets|antidepressants?|insulin|antibiotics?"
    r"|painkillers?|sleeping pills?|blood thinners?|ssris?|lithium|prozac|fluoxetine|sertraline"
    r"|ritalin|xanax|valium|ibuprofen|aspirin|paracetamol|opioids?|steroids?|the pill|statins?"
    r"|beta ?blockers?)"
)
_DRUG_DE = (
    r"(?:medikamente?n?|tabletten?|pillen?|antidepressiva|insulin|antibiotik\w+|schmerzmittel\w*"
    r"|schlafmittel\w*|schlaftabletten|blutverdünner\w*|blutdrucksenker\w*|ritalin|ibuprofen"
    r"|aspirin"
    r"|cortison|lithium|fluoxetin|betablocker\w*)"
)
_ILL = (
    r"(?:cancer|leuk\w+|a (?:brain )?tumou?r|diabetes|hiv|epilepsy|multiple sclerosis|hepatitis"
    r"|parkinson\w*|a stroke|a heart attack|bipolar|schizophreni\w*|an eating disorder|adhd"
    r"|depression|ptsd)"
)
_ILL_DE = (
    r"(?:krebs|leukämie|(?:einen )?(?:hirn)?tumor|diabetes|hiv|epilepsie|multiple sklerose"
    r"|hepatitis"
    r"|parkinson|(?:einen )?schlaganfall|(?:einen )?herzinfarkt|depressionen|(?:eine )?depression"
    r"|(?:eine )?essstörung|adhs)"
)
MEDICAL: Phrases = (
    (1, (rf"\bchest pains?\b|\b(?:pains?|aches?|a lump|lumps|a growth|swelling|burning"
        rf"|bleeding) in my"
        rf" (?:left |right |upper |lower )?{_BODY}\b|\bmy {_BODY} (?:hurts?|aches|is swollen|is"
        r" bleeding)\b|\bsevere (?:pain|headaches|bleeding)\b")),
    (1, (rf"\bmy (?:left |right |whole )?(?:{_BODY}|side) (?:is|has been|feels|went|goes|has gone"
        r"|was) (?:\w+ )?(?:numb|paraly[sz]ed|swollen)\b")),
    (1, (r"\b(?:cough|coughs|coughing|coughed|vomit|vomiting|vomited|spit|spitting"
        r"|throwing) (?:up )?"
        r"blood\b|\bblood in my (?:stool|urine|spit)\b")),
    (1, (r"\bi (?:\w+ )?(?:fainted|passed out|blacked out|had a (?:seizure|stroke|heart attack"
        r"|miscarriage))\b|\bmiscarriage\b|\bi keep fainting\b")),
    (0.6, r"\bmy heart (?:is|was|keeps|starts) (?:\w+ )?(?:racing|pounding|skipping)\b"),
    (1, (rf"\b(?:stop|quit|start|double|doubling|skip|skipping|increase|reduce|change|come off"
        rf"|go off"
        rf"|wean off)(?: taking| to take)? (?:my|the|these|this) (?:\w+ )?{_DRUG}\b"
        rf"|\b(?:can|may|should|could) i (?:still )?(?:take|mix|combine"
        rf"|double)\b[^.!?]{{0,40}}\b{_DRUG}\b"
        rf"|\b(?:which|what|how many|how much) {_DRUG} (?:can|may|should|do) i\b"
        rf"|\b{_DRUG} (?:can|may|should) i take\b|\btogether with my {_DRUG}\b")),
    (1, (r"\bi(?:'m| am|'ve been)? (?:take|taking|on|took)\b[^.!?]{0,20}\b\d+ ?(?:mg|milligrams"
        r"|ml)\b"
        r"|\b(?:can|may|should) i (?:take|double|raise|increase|skip)\b[^.!?]{0,20}\bdos(?:e|age)\b"
        r"|\bmy dos(?:e|age)\b|\boverdosed?\b")),
    (1, (rf"\b(?:diagnosed (?:me )?with|i have|i've got|i may have|i might have|my (?:mother"
        rf"|father|son"
        rf"|daughter|wife|husband) has) {_ILL}\b|\bi (?:was|have been|got) (?:just )?diagnosed\b"
        r"|\bdoctor diagnosed me\b")),
    (1, r"\bswallowed (?:\w+ ){0,2}(?:pills?|tablets|bleach|batter(?:y|ies)|a magnet)\b"),
    (1, (r"\bi (?:\w+ )?drink (?:\w+ ){0,3}(?:bottles?|litres?|glasses) of (?:vodka|whisky|whiskey"
        r"|wine"
        r"|gin|rum|schnapps)\b|\bi(?:'m| am) (?:an alcoholic|addicted to (?:alcohol|opioids"
        r"|painkillers"
        r"|pills|cocaine|heroin))\b|\bi (?:\w+ )?(?:use|take|took|snort) (?:cocaine|heroin|speed"
        r"|meth)\b")),
    (1, (rf"\b(?:mix|mixing|combine|drink"
        rf"|drinking)\b[^.!?]{{0,25}}\balcohol\b[^.!?]{{0,25}}\b{_DRUG}\b"
        rf"|\b{_DRUG}\b[^.!?]{{0,25}}\b(?:with|and) alcohol\b"
        rf"|\balkohol\b[^.!?]{{0,25}}\b{_DRUG_DE}\b")),
    (1, (r"\bshould i (?:see a doctor|go to (?:the )?(?:hospital|er|emergency room|a\s?&\s?e))\b"
        r"|\bi(?:'m| am) pregnant and (?:bleeding|in pain)\b")),
    # German
    (1, (r"\b(?:brustschmerzen|herzschmerzen|unterleibsschmerzen)\b|\b(?:schmerzen|stechen|knoten"
        r"|druck"
        r"|ein ziehen) in (?:der|meiner|meinem|den) (?:linken |rechten )?(?:brust|herzgegend|arm"
        r"|bauch"
        r"|leiste|hoden|kopf|bein|nieren?)\b|\bstarke[nr]? (?:kopf|bauch|brust"
        r"|rücken)?schmerzen\b")),
    (1, (r"\bmeine?m? (?:linke[rs]?|rechte[rs]?|ganze[rs]?)? ?(?:arm|bein|gesicht|hand"
        r"|körperhälfte|seite)"
        r"\b[^.!?]{0,35}\b(?:taub|gelähmt|geschwollen)\b")),
    (1, (r"\b(?:huste|spucke|erbreche|kotze)\b[^.!?]{0,30}\bblut\b|\bblut (?:gehustet|erbrochen"
        r"|gespuckt"
        r"|im (?:stuhl|urin))\b")),
    (1, (r"\b(?:ich|bin|wurde|werde)\b[^.!?]{0,25}\bohnmächtig\b|\bschwarz vor (?:den )?augen\b"
        r"|\bfehlgeburt\b|\büberdosis\b|\bkrampfanfall\b")),
    (0.6, r"\bmein herz (?:rast|stolpert|setzt aus)\b|\bsehe (?:\w+ )?(?:verschwommen|doppelt)\b"),
    (1, (rf"\b{_DRUG_DE}\b[^.!?]{{0,40}}\b(?:absetz\w*|abzusetzen|weglassen|verdoppeln|nehmen|nehme"
        r"|einnehmen|genommen|geschluckt|mischen|verschluckt)\b|\b(?:setze|nehme|lasse|schlucke)\b"
        rf"[^.!?]{{0,20}}\b{_DRUG_DE}\b")),
    (1, r"\b(?:soll|darf|kann|muss) ich\b[^.!?]{0,30}\bdosis\b|\bmeine dosis\b|\bdoppelte dosis\b"),
    (1, (rf"\b(?:ich habe|ich hätte|habe ich|dass ich|ich könnte"
        rf"|bei mir wurde)\b(?: \w+){{0,2}}? {_ILL_DE}\b"
        r"|\bmir\b[^.!?]{0,15}\bdiagnos(?:e|tiziert)\b")),
    (1, (r"\btrinke?\b[^.!?]{0,30}\b(?:flaschen?|liter|gläser) (?:wodka|wein|schnaps|whisky|rum"
        r"|gin)\b"
        r"|\b(?:bin|ich) (?:alkoholiker\w*|alkoholabhängig|tablettensüchtig|medikamentenabhängig"
        r"|süchtig nach)\b")),
    (1, (r"\b(?:soll|muss) ich (?:\w+ )?(?:zum arzt|zur ärztin|ins krankenhaus|in die notaufnahme"
        r"|den"
        r" notarzt)\b")),
)  # fmt: skip
MEDICAL_SAYS_NO: Phrases = (
    (0.6, (r"\b(?:can't|cannot|can not|couldn't) (?:breathe|see (?:properly|anything)|feel my"
          r" (?:legs?|arms?|face|hands?)|move my (?:legs?|arms?))\b")),
    (0.6, r"\b(?:bekomme|kriege|bekam) (?:\w+ )?keine luft\b|\bspüre (?:\w+ ){1,2}nicht mehr\b"),
)  # fmt: skip

PHRASES: Mapping[Matter, tuple[Phrases, Phrases]] = {
    "distress": (DISTRESS, DISTRESS_SAYS_NO),
    "abuse": (ABUSE, ()),
    "legal": (LEGAL, ()),
    "medical": (MEDICAL, MEDICAL_SAYS_NO),
}
"""Of each matter the phrases that a "not" before them turns round, and those that hold one."""
