"""Words that count only where somebody speaks of themselves, or of somebody close.

Vocabulary rather than phrases: what each matter is spoken of with, in English and in German. A word
that is plain weighs 1, one that is also said of work less; where a sentence is about software or
deliveries none of them counts, for there they are what the work is about.
"""

from __future__ import annotations

from collections.abc import Mapping

from tutelage.guidance.care_words import Matter, Phrases

PERSONAL = r"\b(?:i|i'm|i've|i'd|i'll|me|my|myself|mine|ich|mich|mir|mein(?:e[nmrs]?)?)\b"
"""Who speaks of themselves."""

_CLOSE = (
    r"(?:friend|colleague|husband|wife|partner|boyfriend|girlfriend|father|mother|brother|sister"
    r"|son"
    r"|daughter|child|baby|kid|ex)"
)
_DISTRESS: Phrases = (
    (1, (r"\bsuicid\w+|\bsuizid\w+|\bselbstmord\w*|\bself-?harm\w*|\bselbstverletz\w+"
        r"|\blebensmüde\b"
        r"|\babschiedsbrief\b|\b(?:goodbye|farewell|suicide) (?:letter|note)\b|\bmy own funeral\b"
        r"|\bmeine(?:r)? eigene[nr]? beerdigung\b|\bnever been born\b|\bnie geboren\b")),
    (1, (r"\bburden (?:to|on|for) (?:every|my|all|other|them|the fam)\w*|\blast für (?:alle|meine"
        r"|andere"
        r"|euch)\b|\bzur last (?:falle|fallen)\b|\bdead inside\b|\binnerlich tot\b")),
    (1, (r"\b(?:life|living|live|leben|lebe)\b[^.!?]{0,20}\b(?:worth|meaning|sinnlos|keinen sinn"
        r"|wert)\b"
        r"|\b(?:not|n't|nicht) worth living\b|\blebenswert\b|\bfalling apart\b|\bcutting (?:again"
        r"|my)")),
    (1, (r"\b(?:point|reason|sense|grund|sinn|kraft|strength|energy)\b[^.!?]{0,20}\b(?:carry"
        r"|carrying|go"
        r"|going|keep|keeping|live|living|weiterzuleben|weiterzumachen|weiterleben|zu leben)\b"
        r"(?! (?:with the|to market|live with))")),
    (1, (r"\bwish(?:ed|ing)?\b[^.!?]{0,20}\b(?:dead|born|alive)\b"
        r"|\bwünscht\w*\b[^.!?]{0,25}\b(?:tot|nicht"
        r" mehr da|geboren|aufwachen)\b|\betwas antu\w*|\bdem leben ein ende\b")),
    (1, (r"\b(?:won't|don't think i'll|not going to|wouldn't) be (?:around|here|alive)(?: next"
        r"| much| to"
        r"| tomorrow| any)\b|\bwants? to be alive\b|\bnicht mehr (?:leben|weiterleben"
        r"|am leben)\b")),
    (1, (r"\b(?:jump|jumping|jumped|springen|sprang)\b[^.!?]{0,20}\b(?:bridge|train|roof|window"
        r"|platform)\b"
        r"|\b(?:vor (?:den|einen) (?:zug|lkw|bus)|von (?:der|einer) brücke|vom dach"
        r"|aus dem fenster)\b"
        r"[^.!?]{0,15}\b(?:spring|stürz|werf)\w*|\b(?:rope|noose|strick)\b|\bslit my\b"
        r"|\bpulsadern\b")),
    (1, (r"\bhat(?:e|ing) myself\b|\bhasse (?:ich )?mich\b|\b(?:verletze|schneide"
        r"|ritze) (?:ich )?mich"
        r" (?:selbst|wieder)\b|\bversucht\b[^.!?]{0,15}\bleben zu nehmen\b")),
    (1, (r"\b(?:stop|stopped) crying\b|\bburst into tears\b|\bin tränen ausgebrochen\b|\b(?:weine?"
        r"|heule?)"
        r" (?:ich )?(?:nur noch|ständig|dauernd|viel|jede)\b|\bcry(?:ing)? (?:all|every|my"
        r"|through)\b")),
    (1, (r"\b(?:my|meine|eine|the) (?:depression|anxiety disorder|angststörung|panic|panik"
        r"|burn-?out)\b"
        r"|\b(?:panic|panik|anxiety|angst)(?: ?attac|attack|attacke|anfäll)\w*|\bso verzweifelt\b"
        r"|\bso"
        r" desperate (?:that|i)\b|\bnervous wreck\b|\bnervlich am\b|\b(?:nervous"
        r"|mental) breakdown\b")),
    (0.6, (r"\bout of bed\b|\baus dem bett\b|\bmorgens nicht\b[^.!?]{0,15}aufstehen"
        r"|\bhow to (?:carry|go"
          r"|keep) on\b|\bweitergehen soll\b|\bkeinen sinn\b|\bhardly function\b|\bcarry on\b")),
    (0.7, (r"\bhopeless\w*|\bhoffnungslos\w*|\bworthless\w*|\bwertlos\b|\bdespair\w*|\bverzweif\w*"
          r"|\bdepress\w+|\bdepressi\w+")),
    (0.6, (r"\b(?:anxiety|overwhelmed by|panic|panik|burn-?out|burned out|ausgebrannt|mentally"
          r"|psychisch|seelisch|emotionally)\b")),
    (0.5, (r"\b(?:cry|cries|crying|cried|sob\w*|tears|weine?n?|weinte|geweint|heule?n?|geheult"
        r"|tränen)\b")),
    (0.5, (r"\b(?:exhausted|erschöpft|drained|kraftlos|zittere|shake|shaking|tremble|zwingen muss"
          r"|zwingen, (?:zur|aufzu)\w*)\b")),
    (0.5, (r"\b(?:sad|sadness|traurig|lonely|loneliness|einsam|allein auf der welt|numb|empty|leer"
        r"|leere"
          r"|ashamed|überflüssig|ausweglos|vor angst)\b")),
    (0.5, (r"\b(?:can't|cannot|couldn't|haven't|hardly|barely|kaum|nicht|nicht mehr)(?: \w+){0,2}"
          r" (?:sleep|slept|schlafe?n?|eat|eaten|essen|gegessen)\b|\bschlaflos\w*|\binsomnia\b"
          r"|\bnightmares?\b|\balbträume?\b")),
    (0.6, (rf"\bmy {_CLOSE} (?:has )?died\b|\b(?:death|loss|suicide) of my\b|\btod (?:meine[rs])\b"
          r"|\b(?:since|seit) (?:she|he|er|sie)\b[^.!?]{0,10}\b(?:left|died|weg|verlassen"
          r"|gestorben|tot)\b"
          r"|\bseit der (?:trennung|scheidung)\b|\btrauma\w*|\btrauer\w*|\bgrie(?:f|ving)\b")),
    (0.5, (r"\b(?:therapist|therapeut\w*|psychiatrist|psychiater\w*|psychologe\w*"
        r"|what to do any ?more"
          r"|was ich tun soll|wie lange ich das noch)\b")),
)  # fmt: skip

_THE_BODY = (
    r"(?:thighs?|legs?|knees?|waist|bottom|bum|butt|ass|arse|breasts?|boobs|skirt|blouse|hips?"
    r"|crotch|neck"
    r"|hair|throat|face|arm|shoulders?)"
)
_WORDS_OF_INSULT = (
    r"(?:stupid|fat|ugly|dumb|worthless|useless|bitch|cow|whore|slut|idiot|moron|pig|retard\w*"
    r"|names|slurs?"
    r"|dumm\w*|schlampe|hure|fotze|idiot\w*|kuh|versager\w*|hässlich|fett)"
)
_ABUSE: Phrases = (
    (1, (r"\b(?:chok|strangl|slapp|kick|punch|kiss|grop|rap|molest|spat|spit|beat|assault|harass"
        r"|bull[yi]|stalk|blackmail|abus|humiliat|hurt|mobb|belittl|degrad)\w{0,4} (?:at "
        r"|on )?(?:me|my"
        r" (?:\w+ )?(?:sister|brother|mother|kids?|children|son|daughter))\b(?! (?:to|by|up|off"
        r"|that|out|with"
        r" (?:the|a) (?:question|joke))\b)")),
    (1, (r"\b(?:push|shov|drag|pinn|thr[eo]w|slamm)\w* (?:me|my \w+) (?:down|against|around|by the"
        r"|on(?:to)?"
        r" the|into (?:the|a) (?:wall|door)|out of the house)\b|\bthr(?:ow|ew|ows|own"
        r"|owing) \w+ (?:\w+ )?at"
        r" me\b|\b(?:wirft|warf|schmeißt)\b[^.!?]{0,20}\bnach mir\b")),
    (1, (rf"\bgrab(?:s|bed|bing)? (?:me\b|my {_THE_BODY})|\bhands? (?:on|up|under|down"
        rf"|around) my {_THE_BODY}\b"
        r"|\bhand\b[^.!?]{0,12}\b(?:oberschenkel|hintern|knie|brust|po|busen|hüfte|taille)\b"
        r"|\ban (?:den|die"
        r"|meinen|meine) (?:hintern|po|busen|brust|oberschenkel|kehle)\b|\btouch(?:es|ed"
        r"|ing)? (?:me|my"
        rf" {_THE_BODY})\b(?! (?:deeply|base|with (?:his|her|the|its) (?:words|talk|story)))"
        rf"|\bto touch me\b")),
    (1, (rf"\bcall(?:s|ed|ing)? me (?:a |an )?(?:\w+ )?{_WORDS_OF_INSULT}\b"
        rf"|\bnennt mich\b[^.!?]{{0,25}}"
        rf"\b{_WORDS_OF_INSULT}\b|\b(?:racist|racial|sexist|homophobic|antisemitic"
        rf"|transphobic) (?:jokes?"
        r"|remarks?|comments?|slurs?|insults?|names|abuse)\b|\b(?:rassistisch|sexistisch|homophob"
        r"|antisemitisch)\w*\b[^.!?]{0,20}\b(?:beleidig\w*|beschimpf\w*|witze?|sprüche|bemerkungen"
        r"|behandelt)\b")),
    (1, (r"\bagainst my will\b|\bgegen meinen willen\b|\b(?:sleep|slept|sex) with (?:him|her|me"
        r"|them)\b"
        r"|\bmit (?:ihm|ihr|mir) (?:schlafe\w*|ins bett)\b"
        r"|\bsex(?:uell\w*)?\b[^.!?]{0,15}\b(?:missbrauch\w*"
        r"|belästig\w*|genötigt)\b|\bzum sex\b|\bexpos(?:es|ed) himself\b|\bsexual (?:assault|abuse"
        r"|harassment)\b|\bmissbraucht\b|\bvergewaltig\w*")),
    (1, (r"\b(?:hat|haben|hatte)\b[^.!?]{0,40}\b(?:mich|meine (?:schwester|mutter|kinder"
        r"|tochter))\b"
        r"[^.!?]{0,40}\b(?:gestoßen|geschubst|geküsst|geschlagen|getreten|gewürgt|angespuckt"
        r"|bespuckt"
        r"|eingesperrt|bedroht|beschimpft|begrapscht|verprügelt|gewürgt|gefesselt)\b(?! im\b)")),
    (1, (r"\b(?:schlägt|prügelt|würgt|tritt|misshandelt|verprügelt"
        r"|quält) (?:meine?n? (?:\w+ )?(?:schwester"
        r"|bruder|mutter|kinder|sohn|tochter)|mich\b(?![^.!?]*\bvor\s*(?:[.!?,]|$)))")),
    (1, (r"\bfollow(?:s|ed|ing)? me (?:home|to|everywhere|around|at night)\b|\blauert mir\b|\bmir"
        r" auf(?:ge)?lauer\w+|\bschikanier\w*|\b(?:mich|ich)\b[^.!?]{0,40}\berpress\w*"
        r"|\berpresst? mich\b"
        r"|\bgemobbt\b|\bmobbing\b|\b(?:get|gets|getting|got|been|being|am"
        r"|was) (?:\w+ )?(?:beaten(?! (?:to"
        r"|by))|blackmailed|bullied|harassed|stalked|raped|groped|assaulted|threatened)\b"
        r"|\b(?:werde|wurde"
        r"|bin) ich\b[^.!?]{0,30}\b(?:geschlagen|verprügelt|missbraucht|gemobbt|bedroht)\b")),
    (1, (r"\block(?:s|ed|ing)? me (?:in|up)\b|\bsperrt mich\b|\beingesperrt\b|\b(?:threat\w*|droht"
        r"|drohte"
        r"|bedroht\w*)\b[^.!?]{0,30}\b(?:knife|gun|messer|waffe|schläge\w*|violence|gewalt)\b")),
    (0.7, (r"\bspread\w* (?:lies|rumou?rs) about me\b|\b(?:lügen|gerüchte) über mich\b|\b(?:hide"
        r"|hides|hiding"
          r"|verstecken|versteckt)\b[^.!?]{0,5}\b(?:my|meine) (?:things|sachen)\b"
          r"|\bcontrols? (?:what i|whom i"
          r"|where i|my phone|my money)\b|\bkontrolliert (?:mein|was ich|wen ich)\b|\b(?:takes"
          r"|steals) my"
          r" (?:phone|money|salary|passport)\b|\bnimmt mir\b[^.!?]{0,12}\b(?:geld|handy|pass"
          r"|lohn)\b")),
    (0.6, (r"\b(?:droht|drohte|bedroht|threatens?|threatened|threatening)\b[^.!?]{0,40}\b(?:me"
        r"|my kids|mir"
          r"|mich|kinder\w*|children|family|familie)\b")),
    (0.6, (r"\b(?:anzutun|antun|antut|umbring\w*|knife|gun|messer|pistol\w*)\b|\bhurt me\b"
        r"|\bkill me\b")),
    (0.6, (r"\b(?:beleidigt|beschimpft|ausgegrenzt|bloßgestellt|angeschrien|gedemütigt|erniedrigt"
          r"|fertiggemacht|insulted|humiliated|belittled|ridiculed|mocked|screamed at"
          r"|excluded)\b")),
    (0.5, (r"\b(?:laughs?|laughing) at me\b|\blachen über mich\b|\b(?:private|intimate|intime"
        r"|nude) (?:pictures"
          r"|photos|fotos|bilder)\b|\b(?:scared|afraid|terrified) of (?:him|her|my)\b"
          r"|\bangst vor (?:ihm|ihr"
          r"|meine[mr])\b")),
    (0.5, (r"\b(?:ständig|dauernd|jeden tag|every day|constantly|for (?:months|years)"
        r"|seit (?:monaten"
          r"|jahren|wochen))\b(?=.*\b(?:beleidigt|beschimpft|ausgegrenzt|angeschrien|insult"
          r"|humiliat|mock))")),
)  # fmt: skip

_COURTLY = (
    r"(?:court|gericht|amtsgericht|landgericht|arbeitsgericht|tribunal|judge|magistrate|jury"
    r"|richter"
    r"|richterin|prosecutor|staatsanwalt\w*|bailiff|gerichtsvollzieher\w*)"
)
_LAWYER = (
    r"(?:lawyers?|attorneys?|solicitors?|barristers?|anwalt|anwältin|anwälten?|rechtsanwalt\w*)"
)
_LEGAL: Phrases = (
    (1, (r"\b(?:prison|jail|gefängnis|knast|subpoena\w*|summons|vorladung|haftbefehl|arrested"
        r"|arrest"
        r" warrant|verhaftet|festgenommen|child support|alimony|sorgerecht|unterhaltszahlung\w*"
        r"|deport(?:ed|ation|s|ing)?|abschiebung|abgeschoben|asylum|asylantrag|ausländerbehörde"
        r"|criminal (?:proceedings|charges?|record|case|complaint)|strafverfahren"
        r"|steuerstrafverfahren"
        r"|strafbefehl|strafanzeige|anklage|fahrerflucht|unfallflucht|hit-and-run|perjury"
        r"|restraining"
        r" order|probation officer|auf bewährung|mahnbescheid|bußgeld\w*|speeding ticket"
        r"|drunk driving"
        r"|trunkenheit am steuer|ladendiebstahl|shoplifting|steuerhinterziehung|tax evasion"
        r"|unterschlagung|embezzle\w*|hehlerei|meineid|probate|erbschein|pflichtteil"
        r"|privatinsolvenz"
        r"|personal bankruptcy|geständnis|detective'?s?|police station|polizeiwache"
        r"|untersuchungshaft)\b")),
    (1, (rf"\b(?:su(?:es|ing|ed)|prosecut\w+|verklagt?|verklagen) (?:me|us|mich|my|ihn|sie)\b"
        rf"|\bich\b[^.!?]{{0,20}}"
        rf"\bverklag\w*|\bcan i sue\b|\b(?:before|in|to|from|vor|vom|beim|zum) (?:the |a "
        rf"|dem )?{_COURTLY}\b"
        rf"|\b{_LAWYER}(?:'s)?\b[^.!?]{{0,25}}\b(?:wants?|demand\w*|letter|claims?|say|says"
        rf"|fordert|schreibt"
        rf"|droht|me|mir)\b|\b{_COURTLY}\b[^.!?]{{0,20}}\b(?:me|mich|mir)\b")),
    (1, (r"\b(?:contest(?:s|ing)?|appeal|appealing|dispute|disputing) (?:\w+ ){0,2}(?:tickets?"
        r"|fine|will"
        r"|testament|ruling|sentence|eviction|dismissal)\b|\bour father's will\b|\b(?:widerspruch"
        r"|einspruch)"
        r"\b[^.!?]{0,35}\b(?:bescheid|einleg\w*|lege ich|urteil)\b|\blege ich (?:widerspruch"
        r"|einspruch)")),
    (1, (r"\b(?:visa|residence permit|work permit|driving licen[cs]e|licen[cs]e) (?:was|is"
        r"|has been|got)"
        r" (?:revoked|denied|refused|withdrawn)\b|\bkeep my licen[cs]e\b|\b(?:aufenthaltstitel"
        r"|visum"
        r"|führerschein)\b[^.!?]{0,25}\b(?:entzogen|abgelehnt|abgenommen|weg|verlier\w*)\b")),
    (1, (r"\b(?:which|what) laws? (?:protect|appl|say)\w*|\b(?:can|could|may) (?:i|they|he|she"
        r"|my \w+)"
        r" (?:\w+ )?legally\b|\blegally (?:allowed|entitled|obliged|bound)\b|\b(?:is|was) (?:that"
        r"|this|it)"
        r" (?:even )?(?:lawful|unlawful)\b|\bis (?:that|this) even legal\b|\brechtens\b"
        r"|\bstrafbar\b"
        r"|\b(?:kündigung|befristung|klausel)\b[^.!?]{0,40}\b(?:wirksam|zulässig|rechtsgültig)\b")),
    (1, (r"\b(?:can|may) my (?:boss|employer|landlord|ex|company) (?:\w+ )?(?:fire|dismiss|sack"
        r"|evict|force"
        r"|cut|sue|read)\b|\bdarf (?:mein|meine|der|die|man) ?(?:chef\w*|arbeitgeber\w*"
        r"|vermieter\w*|firma|ex)?"
        r"\b[^.!?]{0,40}\b(?:mich|mir|meine?)\b[^.!?]{0,40}\b(?:entlassen|kündigen|abmahnen"
        r"|überwachen|lesen"
        r"|durchsuchen|kürzen)\b")),
    (1, (r"\b(?:wohnung|haus|flat|apartment|house|home)\b[^.!?]{0,20}\b(?:durchsucht|searched"
        r"|raided)\b"
        r"|\bdurchsucht\w*\b[^.!?]{0,20}\bwohnung\b|\b(?:hit|ran over|angefahren"
        r"|überfahren)\b[^.!?]{0,20}"
        r"\b(?:cyclist|pedestrian|child|man|woman|person|radfahrer\w*|fußgänger\w*|kind)\b"
        r"|\b(?:fled the"
        r" scene|drove off)\b|\bkinder wegnehmen\b|\btake (?:away )?my (?:kids|children)\b")),
    (1, (r"\b(?:caught|erwischt)\b[^.!?]{0,25}\b(?:stealing|shoplifting|klauen|stehlen"
        r"|diebstahl)\b|\bsign\w*"
        r" a confession\b|\bals (?:zeuge|zeugin|beschuldigte\w*|angeklagte\w*)\b|\b(?:mir"
        r"|mich)\b[^.!?]{0,20}"
        r"\b(?:abmahnung|anzeige|klage|verfahren|ermittl\w+)\b")),
    (0.6, rf"\b{_LAWYER}\b"),
    (0.6, (r"\b(?:court|gericht|judge|richterin|richter|trial|hearing|verhandlung|tribunal|witness"
        r"|zeuge"
          r"|testify|aussagen)\b")),
    (0.5, r"\b(?:police|polizei|polizist\w*|finanzamt|tax office|notary|notar|behörde)\b"),
    (0.6, r"\b(?:accus\w+|wirft mir|werfen mir|beschuldig\w+|vorgeworfen|charges|claims i)\b"),
    (0.5, (r"\b(?:steal\w*|stole|theft|fraud|diebstahl|gestohlen|betrug|betrugs|brib\w+|bestech\w+"
          r"|forg(?:ed|ery)|gefälscht|illegal\w*|unlawful\w*)\b")),
    (0.6, (r"\b(?:evict\w*|landlord|vermieter\w*|divorc\w+|scheidung\w*|custody|inherit\w*|erbe\b"
          r"|erbschaft|testament)\b")),
    (0.6, (r"\b(?:non-?compete|wettbewerbsverbot|severance|abfindung|wrongful\w*|fristlos\w*)\b"
          r"|\b(?:refus\w+|won't|zahlt)\b[^.!?]{0,25}\b(?:salary|wages|lohn|gehalt)\b|\b(?:was"
          r"|been|got)"
          r" (?:fired|dismissed|sacked)\b|\b(?:wurde|worden)\b[^.!?]{0,20}\b(?:entlassen"
          r"|gekündigt)\b")),
    (0.5, (r"\b(?:lawful|my rights|meine rechte|rechtlich|maternity leave|elternzeit|mutterschutz"
        r"|betriebsrat"
          r" eingeschaltet)\b")),
)  # fmt: skip

_MY_BODY = (
    r"(?:chest|breasts?|arms?|legs?|head|face|neck|back|stomach|belly|abdomen|heart|lungs?|eyes?"
    r"|hands?|foot"
    r"|feet|jaw|shoulders?|throat|kidneys?|testicles?|groin|lips?|tongue|skin|ears?|fingers?"
    r"|toes?|wrists?"
    r"|ankles?|knees?|hips?|spine|ribs?|womb|bladder|prostate|liver|thyroid|tooth|teeth|gums?"
    r"|scalp|nose"
    r"|brust|arme?|beine?|kopf|gesicht|nacken|rücken|bauch|magen|herz|lunge|augen?|hand|hände|fuß"
    r"|füße"
    r"|kiefer|schultern?|hals|nieren?|hoden|leiste|lippen?|zunge|haut|ohr|ohren|finger|zehen?"
    r"|handgelenk|knöchel|knie|hüfte|wirbelsäule|rippen?|gebärmutter|blase|prostata|leber"
    r"|schilddrüse"
    r"|zahn|zähne|nase)"
)
_HURTS = (
    r"(?:pain\w*|aches?|aching|hurts?|hurting|numb|swollen|swell\w*|bleed\w*|blood|itch\w*|rash"
    r"|dark|blurr\w+"
    r"|trembl\w+|shak(?:es|ing)|stiff|cramps?|burn(?:s|ing)|lump|mole|growth|sore|infected|broken"
    r"|fractured|dislocated|racing|paraly[sz]ed|tingl\w+|yellow|blue|schmerz\w*|weh|taub"
    r"|geschwollen"
    r"|schwillt|blutet|bluten|juckt|ausschlag|zitter\w*|steif|krampf\w*|brennt|knoten|entzündet"
    r"|gebrochen"
    r"|rast|stolpert|gelähmt|kribbel\w*|gelb|blau|spüre?|stechen|sticht|leberfleck)"
)
_DRUGS = (
    r"(?:medication|medications|medicine|meds|pills?|tablets|antidepressants?|insulin|antibiotics?"
    r"|pain ?killers?|blood thinners?|ssris?|lithium|prozac|fluoxetine|sertraline|ritalin|xanax"
    r"|valium"
    r"|ibuprofen|aspirin|paracetamol|tylenol|opioids?|steroids?|statins?|beta ?blockers?|laxatives?"
    r"|sedatives?|morphine|tramadol|oxycodone|codeine|chemo\w*|contracepti\w+|inhaler"
    r"|antihistamines?"
    r"|medikamente?n?|tabletten?|pillen?|antidepressiva|antibiotik\w+|schmerzmittel\w*"
    r"|schlafmittel\w*|schlaftabletten|blutverdünner\w*|blutdrucksenker\w*|cortison|betablocker\w*"
    r"|abführmittel\w*|beruhigungsmittel\w*|morphium|asthmaspray)"
)
_DISEASES = (
    r"(?:cancer|krebs|tumou?rs?|metastas\w+|diabet\w+|hiv|aids|epilep\w+|multiple sclerosis"
    r"|multiple"
    r" sklerose|hepatitis|parkinson\w*|stroke|schlaganfall|heart attack|herzinfarkt|pneumonia"
    r"|lungenentzündung|lupus|crohn\w*|endometrio\w+|leuk\w+mi\w+|lymphom\w*|melanom\w*|dementia"
    r"|demenz"
    r"|alzheimer\w*|bipolar\w*|schi[zt]o\w+|psychosis|psychose|anore[xk]\w+|magersucht|bulimi\w+"
    r"|eating"
    r" disorder|essstörung|ptsd|migraine|migräne|thrombos\w+|embolie?\w*|appendicitis|blinddarm\w*"
    r"|sepsis|blutvergiftung|tuberculosis|tuberkulose|miscarriage|fehlgeburt|overdose\w*|überdosis"
    r"|concussion|gehirnerschütterung|bandscheibenvorfall|kidney stones?|nierensteine?)"
)
_MEDICAL: Phrases = (
    (1, (rf"\b(?:my|mein\w*|the left|the right|der|im|in der|an der"
        rf"|this)(?: \w+)? {_MY_BODY}\b[^.!?]{{0,30}}"
        rf"\b{_HURTS}\b|\b{_HURTS}\b[^.!?]{{0,12}}\b(?:in|on|of|an|am|im|my|mein\w*)(?: my| the"
        rf"| der| den| dem"
        rf"| meine?[rmn]?)?(?: (?:left|right|linken|rechten|upper"
        rf"|lower))? {_MY_BODY}\b(?! of the)")),
    (1, rf"\b{_DISEASES}\b(?! of\b)"),
    (1, (r"\b(?:threw|throw|throwing) up\b|\bvomit\w*|\berbr(?:ech|och|ich)\w*|\bblood when i\b"
        r"|\bblut im\b"
        r"|\bunconscious\b|\bbewusstlos\w*|\bseizures?\b|\bkrampfanfall\b"
        r"|\bshort(?:ness)? of breath\b"
        r"|\batemnot\b|\b(?:bekomme|kriege|bekam)\b[^.!?]{0,12}\b(?:schlecht|kaum|keine) luft\b"
        r"|\bgasping\b"
        r"|\ballergic (?:reaction|to something)\b|\ballergische reaktion\b|\bhallucinat\w+"
        r"|\bnicht auf zu"
        r" bluten\b|\bblood pressure\b|\bblutdruck\b|\bblood sugar\b|\bblutzucker\b")),
    (1, (rf"\b{_DRUGS}\b[^.!?]{{0,40}}\b(?:stop\w*|safe|raise\w*|double\w*|take|taking|mix\w*|quit"
        rf"|help|aufhören"
        rf"|absetzen|nehme\w*|tired|müde|dose|dosis|genommen|mehr)\b|\b(?:stopp?\w*|safe|raised?"
        rf"|doubled?|take"
        rf"|taking|took|mix\w*|quit\w*|many|usual|nehme\w*|aufhören"
        rf"|zu viele)\b[^.!?]{{0,25}}\b{_DRUGS}\b")),
    (1, (r"\b(?:can't|cannot|couldn't) (?:feel|move)\b[^.!?]{0,30}\b(?:side|arms?|legs?|hands?"
        r"|fingers?|face"
        rf"|toes)\b|\b{_MY_BODY}\b[^.!?]{{0,15}}\bnicht (?:mehr )?(?:bewegen|spüren)\b"
        rf"|\breagiert (?:kaum|nicht)"
        r"\b|\bdr(?:ank|ink|inking) (?:too much|until i|to (?:get through|fall asleep|forget"
        r"|cope))\b"
        r"|\btrinke?\b[^.!?]{0,20}\b(?:zu viel|bis ich|jeden (?:abend|tag|morgen)|um (?:zu|ein))")),
    (1, (r"\b(?:my|mein\w*) (?:baby|son|daughter|child|kind|sohn|tochter"
        r"|toddler)\b[^.!?]{0,40}\b(?:fever|hot"
        r"|heiß|fieber|limp|blue|blau|won't drink|trinkt nicht|breath\w*|atmet|swallowed"
        r"|verschluckt"
        r"|schlapp|apathisch|bleed\w*|blutet)\b|\b(?:my|mein) test\b[^.!?]{0,25}\bpositiv\w*"
        r"|\bbei mir wurden?"
        r"\b[^.!?]{0,40}\b(?:festgestellt|diagnostiziert|gefunden)\b")),
    (0.7, r"\b(?:asthma|arthritis|adhd|adhs|ocd|covid|corona|influenza|grippe|allerg\w+)\b"),
    (0.6, (r"\b(?:surgery|operiert|operieren|surgeon|chirurg\w*|biopsy|biopsie|mri|mrt|x-ray"
        r"|röntg\w+"
          r"|dialysis|dialyse|transplant\w*)\b")),
    (0.6, r"\b(?:pregnan\w+|schwanger\w*|abortion|abtreibung|contractions|wehen)\b"),
    (0.6, r"\b(?:bleed\w*|blutung\w*|blute\w*|wound|wunde|stitches|geschnitten)\b"),
    (0.7, (r"\b(?:dizzy|dizziness|schwindlig|schwindelig|ohnmacht|faint\w*|nause\w+|mir (?:ist"
        r"|wird) (?:so"
          r" )?(?:übel|schlecht|schwindl\w+)|collapsed|diarrh\w+|durchfall)\b"
          r"|, und mir ist übel\b")),
    (0.6, (r"\b(?:fever|fieber|infection|entzünd\w+|infektion|rash|ausschlag|poison\w*"
        r"|vergift\w+)\b")),
    (0.6, rf"\b{_DRUGS}\b"),
    (0.6, (r"\b(?:twice|double|doppelte?|too many|zu viele|half)\b[^.!?]{0,20}\b(?:dose|dosis"
        r"|menge|usual)\b")),
    (0.5, (r"\b(?:doctors?|physician|hospital|arzt|ärztin|krankenhaus|klinik|notaufnahme"
        r"|emergency room"
          r"|psychiater\w*|psychiatrist|hausarzt|hausärztin|frauenarzt|gyn\w+olog\w*)\b")),
    (0.5, r"\b(?:pains?|schmerzen|ache|krämpfe|cramps|numb|taub|swollen|geschwollen|swelling)\b"),
    (0.6, (r"\blost \w+ (?:kilos?|kg|pounds|stone)\b|\b\w+ kilo (?:abgenommen|verloren)\b"
        r"|\bsweat\w* at"
          r" night\b|\bnachtschweiß\b|\bschwitze\b")),
    (0.6, (r"\b(?:relapsed?|rückfällig|rückfall|addict\w*|süchtig|sober|entzug|alcoholic"
        r"|alkoholiker\w*"
          r"|craving)\b")),
    (0.5, (r"\b(?:diagnos\w+|prescri\w+|verschrieb\w+|side effects?|nebenwirkung\w*|impfung"
        r"|vaccin\w+"
          r"|mole|leberfleck|symptome)\b")),
)  # fmt: skip

WORDS: Mapping[Matter, Phrases] = {
    "distress": _DISTRESS,
    "abuse": _ABUSE,
    "legal": _LEGAL,
    "medical": _MEDICAL,
}
"""What each matter is spoken of with."""

TECHNICAL = (
    r"\b(?:apps?|apis?|modules?|fields?|pages?|forms?|portals?|services?|servers?|releases?"
    r"|deploy\w*"
    r"|sprints?|tickets?|code|databases?|simulat\w+|dashboards?|models?|exports?|features?|backlog"
    r"|schemas?|endpoints?|tests?|bugs?|logs?|cron|pipelines?|builds?|queries|query|configs?"
    r"|clusters?"
    r"|pods?|datasets?|e-filing|marketplace|schnittstelle\w*|modul\w*|feld|formular\w*|dienst\w*"
    r"|version\w*|datenbank\w*|fehler|ausgabe|oberfläche|anwendung|software|angebot|umstellung"
    r"|lieferant\w*|vendor|markenrecht)\b"
)
"""Where a sentence speaks of such things, the words above are taken for what it is about."""
