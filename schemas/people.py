"""What the name of a person looks like in free text: by list and by the words around it.

The lists stand in `reference/names/`. Callers never show the text that matched.
"""

from __future__ import annotations

import re

import reference

# A word with a capital and small letters, with parts: Okafor, O'Brien-Jones, McKenna.
CAPITAL = r"\p{Lu}\p{Ll}[\pL'’-]*"
END = r"(?:\b|$)"


def _any_of(names: tuple[str, ...]) -> str:
    """Return a pattern of whole words, either apostrophe."""
    escaped = (re.escape(name).replace("'", "['’]") for name in names)
    return rf"\b(?:{'|'.join(escaped)}){END}"


GIVEN = _any_of(reference.given_names("name"))
ALSO_A_WORD = _any_of(reference.given_names("word"))
ALSO_A_PLACE = _any_of(reference.given_names("place"))
SURNAME = _any_of(reference.surnames())
NAMED_AFTER = _any_of(reference.named_after_people())

TITLE = (
    r"(?:Mr|MR|Mrs|MRS|Ms|Miss|MISS|Mx|Dr|DR|Doctor|Prof|Professor|Rev|Revd|Reverend|Sir|Dame|Cllr"
    r"|Councillor)"
)
TITLED = (
    rf"\b{TITLE}\b\.?\s(?:(?:and|&)\s{TITLE}\b\.?\s)?(?:\p{{Lu}}\.?\s?){{0,2}}\p{{Lu}}[\pL'’-]+"
)
# In small letters only these two are nothing else.
SMALL_TITLE = r"(?i:\b(?:mr|mrs)\b\.?\s(?:\pL\.?\s)?\pL[\pL'’-]+)"

OF_A_PERSON = r"(?:his|her|their|my|['’]s|whose|ei|eu|fy)"
AGE = r"(?:(?:older|elder|eldest|oldest|younger|youngest|late|ex|new|twin|\d+[ -]years?[ -]old)[\s-])?"
KIN = (
    r"(?:son|daughter|husband|wife|mother|father|mum|mam|dad|brother|sister|uncle|aunt|auntie|nan|gran"
    r"|grandmother|grandfather|grandson|granddaughter|nephew|niece|cousin|partner|boyfriend|girlfriend"
    r"|fiancée?|ex|stepson|stepdaughter|stepfather|stepmother|friend|neighbour|carer|baby|child"
    r"|fab|mab|merch|ferch|tad|thad|dad|fam|gŵr|gwr|wraig|gwraig|chwaer|brawd|frawd|bartner|phartner"
    r"|ffrind|mham|nhad|ngŵr|ngwraig)"
)
STAFF = (
    r"(?:(?:line|case|care|area|shop|store|office|team|key|support|social|youth|job|work|health"
    r"|employment|housing|link|outreach|mental)[\s-]?)*"
    r"(?:manager|worker|coach|adviser|advisor|specialist|coordinator|co-ordinator|boss|supervisor"
    r"|colleague|mentor|tutor|therapist|counsellor|psychiatrist|psychologist|nurse|landlord|landlady"
    r"|solicitor|probation\sofficer|gweithiwr|rheolwr)"
)
RELATED = rf"(?i:\b|['’]){OF_A_PERSON}\s{AGE}(?:{KIN}|{STAFF}),?\s"
SOMEBODY = (
    r"(?:client|participant|customer|claimant|jobseeker|candidate|service\suser|patient|learner|man|woman"
    r"|lady|gentleman|girl|boy|person|son|daughter|child|baby|friend|colleague|worker|coach|adviser"
    r"|advisor|specialist|manager|partner|cleient|cyfranogwr|cwsmer)"
)
CONTACT = (
    r"(?:(?:spoke|spoken|speak|speaking|talk|talked|talking|chatted|chat|listened|wrote|written)\s(?:to|with)"
    r"|call|called|calling|rang|rung|ring|phoned|phone|telephoned|texted|text|emailed|e-mailed|email"
    r"|messaged|contacted|contact|met|meet|meeting|saw|interviewed|supported|supporting"
    r"|named|known\sas|aka|a\.k\.a\.|(?:met|meeting|meet|appointment|session|review|call|interview)\swith"
    r"|(?:call|email|message|text|letter|news|feedback|note)\sfrom"
    r"|siarad\s(?:â|gyda|efo)|siaradais\s(?:â|gyda)|cwrdd\s(?:â|ag)|cyfarfod\s(?:â|gyda)|cwrddais\sâ|ffonio"
    r"|ffoniais|galw|o['’]r\senw|enwyd)"
)
SAYS = (
    r"(?:said|says|wants|wanted|prefers|preferred|asked|asks|feels|felt|told|likes|enjoys|lives|thinks"
    r"|struggles|hopes|hopes|explained|disclosed|declined|has\sbeen|would\slike|is\skeen|was\skeen"
    r"|did\snot|does\snot|doesn['’]t|didn['’]t|attended|needs)"
)
THEIRS = rf"(?:{KIN}|case|file|CV|cv|GP|review|interview|wage|wages|job|benefits|address|number|health|condition)"

NAME = "|".join(
    (
        TITLED,
        SMALL_TITLE,
        f"(?i:{GIVEN})",
        # a surname of the list after any word with a capital, an initial or a word of contact
        rf"\b\p{{Lu}}[\pL'’-]*\.?\s?(?i:{SURNAME})",
        rf"(?i:\b(?:{CONTACT}|{SOMEBODY})\s)(?:{SURNAME})",
        rf"\b{CAPITAL}\s(?:ap|ab|ferch|bin|binte?|ibn)\s\p{{Lu}}",
        rf"\b{CAPITAL}\s(?:O['’]|Mc)\p{{Lu}}\p{{Ll}}+",
        # names that are words too, where only a name makes sense
        rf"(?i:\b(?:{CONTACT}|{SOMEBODY})\s)(?:{ALSO_A_WORD})",
        rf"(?:{ALSO_A_WORD})\s{SAYS}\b",
        rf"(?:{ALSO_A_WORD})\s(?:is|was)\s(?:(?:{OF_A_PERSON}|the|an?)\s)?(?:{KIN}|{STAFF})\b",
        rf"(?:\bwith|\bgyda)\s(?:{ALSO_A_WORD})",
        rf"(?:{ALSO_A_WORD}|{ALSO_A_PLACE})['’]s\s{THEIRS}\b",
        # any word with a capital, where only a name makes sense
        rf"{RELATED}{CAPITAL}",
        rf"(?i:\b{SOMEBODY}\s(?:is\s)?(?:called|named|known\sas)\s){CAPITAL}",
        rf"(?i:\b(?:next\sof\skin|nok|emergency\scontact|full\sname|first\sname|surname|enw)\b\W{{0,2}}(?:is|was)?\s?){CAPITAL}",
        rf"(?i:\b(?:his|her|their|{SOMEBODY}(?:['’]s)?)\sname\b\W{{0,2}}(?:is|was)?\s?){CAPITAL}",
        rf"\b(?i:client|participant|claimant|jobseeker|service\suser|customer)\s{CAPITAL}\s{CAPITAL}",
    )
)

MONTHS_AND_DAYS = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Monday"
    r"|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Christmas|Easter|Ramadan|Eid)"
)
# These are surnames too, so they make a place only after a word such as "near".
ALSO_SURNAMES = r"(?:Bridge|Castle|Church|Close|Court|Green|Hall|Lane|Mills?|Park|Row|Street|Walk|Way|Wood|Hill|House)"
# What bears the name of a person when a name stands before it.
PLACES = (
    r"(?:Academy|Arms|Avenue|Barracks|Bookmakers|Brewery|Building|Buildings|Cafe|Café|Campus|Care"
    r"|Cathedral|Center|Centre|Chambers|Chapel|Charity|Chemist|Clinic|Club|Collection"
    r"|College|Community|Company|Construction|Crescent|Dental|Depot|Drive|Estate|Estates|Farm|Farms|Foods"
    r"|Foundation|Gallery|Garage|Gardens|Group|Gym|Health|Hospice|Hospital|Hotel|House|Housing"
    r"|Industrial|Infirmary|Inn|Institute|Junction|Leisure|Library|Limited|LLP|Ltd|Mansions|Medical|Memorial"
    r"|Mews|Motors|Museum|Nursery|Partnership|Pharmacy|Place|plc|PLC|Plc|Practice|Precinct"
    r"|Primary|Project|Properties|Quay|Recruitment|Restaurant|Retail|Road|School|Secondary|Services|Sixth"
    r"|Solicitors|Sports|Square|Stadium|Station|Street|Stores?|Studios?|Supermarket|Surgery|Terrace|Theatre"
    r"|Tower|Towers|Trading|Training|Transport|Trust|Unit|University|Villas|Wharf|Wing|Works)"
)
NOT_A_NAME = "|".join(
    (
        f"(?i:{NAMED_AFTER}(?:['’]s)?)",
        # saints, kings, storms, laws, scales
        rf"(?i:\b(?:st|saint|sant|santes)\b\.?)\s{CAPITAL}(?:\sand\s(?:St\.?\s)?{CAPITAL})?(?:\s{PLACES}\b)?",
        r"(?i:\bst\.?\s(?:helens|james|john|johns|george|georges|thomas|andrews|david|davids|mary|marys|luke|lukes|peter|peters|martin|martins|paul|pauls|michael|michaels|albans|austell|ives|neots|asaph)['’]?s?\b)",
        rf"\b(?:King|Queen|Prince|Princess|Duke|Duchess|Lord|Lady|Storm|Hurricane|Port|Mount|Cape|Lake)\s{CAPITAL}(?:\s{CAPITAL})?",
        rf"\b{CAPITAL}['’]s\s(?:Law|Rule|Charity|Fund|Trust|Centre)\b",
        r"\b(?:G[ŵw]yl\sDewi|Dewi\sSant)\b",
        # places and firms that are named for somebody
        rf"\b(?:{CAPITAL}\s(?:(?:and|&|of)\s)?){{1,3}}{PLACES}\b",
        rf"(?:\d\s|\b(?i:in|on|at|near|off|around|behind|opposite|outside|via|past|along|the|of)\s)(?:{CAPITAL}\s){{1,2}}{ALSO_SURNAMES}\b",
        rf"\b{CAPITAL}['’]s\s(?:{PLACES}|{ALSO_SURNAMES}|(?i:cafe|café|garage|salon|bar|shop|pub|kitchen|diner|nursery|barbers?|bakery|takeaway|restaurant|gym|place|deli|florists?|butchers?|newsagents?|supermarket))\b",
        rf"\b(?i:on|at|in|from|to)\s(?:the\s)?{CAPITAL}\sWard\b",
        rf"\b{CAPITAL}\s(?:&|and)\s(?:Sons?|Daughters?|Co|Company|Partners|Brothers)\b",
        rf"\b{CAPITAL}\sBros\b",
        rf"\b(?:Heol|Ffordd|Stryd|Maes|L[ôo]n|Rhodfa|Clos|Cae|Ysgol|Ysbyty|Coleg|Eglwys|Neuadd|Llyfrgell|Canolfan|Parc|Capel|Meddygfa|Caffi|Siop|T[ŷy]|Plas|Llys)(?:\s(?:y|yr|{CAPITAL})){{1,3}}",
        r"\bSir\s(?:Fynwy|G[aâ]r|Gaerfyrddin|Benfro|Ddinbych|y\sFflint|F[oô]n|Drefaldwyn|Frycheiniog|Aberteifi|Gaernarfon)\b",
        r"\bMc(?:Donald|Coll|Vitie)['’]?s\b",
        # a drive, not a doctor; a disease and a program, not a woman; a scan, not a man
        rf"(?:\d[A-Za-z]?,?\s|\b(?i:in|on|at|near|off|along)\s)(?:{CAPITAL}\s){{1,2}}Dr\b",
        r"\b(?:Dr|DR|Doctor)\.?\s(?:Appointments?|Surgery|Letter|Note|Advice|Visit|Martens?|APPOINTMENT|LETTER|NOTE|Barnardo\S*|Who)\b",
        r"\b(?:Ms|MS)\s(?:Teams|Office|Word|Excel|Access|Outlook|Windows|Project|PowerPoint|Powerpoint|Society|Nurse|Trust|Diagnosis|Forms|Certificate)\b",
        r"(?i:\b(?:mr|mri)\s(?:scan|imaging))\b",
        r"\bMiss(?:ed|es|ing)?\s(?:Appointments?|Sessions?|Work|Deadlines?|Out)\b",
        r"\bPC\s(?:World|Skills|Specialist|Repairs?|Support|Training|Games?)\b",
        r"(?i:\b(?:ms|miss)\s(?:teams|word|office|excel))\b",
        r"\b(?:Sir|Dear\sSir)\s(?:or|and|/)\s?\w+",
        r"\bWill\s(?:not|be|need|have|send|check|follow|attend|start)\b",
        r"\bMax\.?\s\d+",
        r"(?i:\b(?:wheelie|refuse|recycling|rubbish|clinical|waste)\sbin)\b",
        r"(?i:\btalk\sto\sfrank\b)",
        # after a word for somebody
        rf"(?i:\b{STAFF}\s)(?:Appointments?|Interview|Meeting|Team|Support|Service|Referral|Training|Role|Job|Contact|Review)\b",
        rf"(?i:\b(?:{KIN}|{STAFF})\s)(?:on\s)?{MONTHS_AND_DAYS}\b",
        r"(?i:\b(?:client|participant|claimant|customer|jobseeker|service\suser)\s)(?:Services?|Support|Care|Relations?|Relationship|Information|Experience|Success|Liaison|Engagement|Feedback|Satisfaction|Contact|Account|Assessment|Journey|Records?|Needs|Voice|Forum|Survey|Consent|Privacy|Charter|Side|Facing|Data|Advis[oe]r|Assistant|Manager|Team|Agreement|Handbook|Pathway|Portal|Involvement)\b",
    )
)
