"""What reads like the name of a person and is none: firms, places, scales, months, programs.

What matches is taken out of a text before names are looked for in it.
"""

# ruff: noqa: E501 - one pattern per line, however long
from __future__ import annotations

import polars as pl

from schemas.name_marks import ANY, marked
from schemas.people import CAPITAL, GIVEN, KIN, STAFF

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
    r"|Solicitors|Sports|Square|Stadium|Station|Street|Stores?|Studios?|Suite|Supermarket|Surgery|Terrace|Theatre"
    r"|Tower|Towers|Trading|Training|Transport|Trust|Unit|University|Villas|Wharf|Wing|Works)"
)
# What a person does not have right behind the name.
TRADES = (
    r"(?:factory|salon|concession|furniture|stores?|outlets?|branch|warehouse|depot|cafe|café|restaurant|pub"
    r"|colliery|museum|hotel|academy|bakery|site|shop|security|parts|cars|gears|estate|catering|pizza|supermarket"
    r"|uniforms?|trailers|lorr(?:y|ies)|brand|catalogue|checkout|building|stadium|hairdressers|barbers"
    r"|garage|dealership|solicitors|builders|plumbers|takeaway|bar|kitchen|diner|nursery|deli|florists?"
    r"|butchers?|newsagents?|tea\sroom|health\sboard|pension|jackets?|jeans|perfume|sandwich|kitchens"
    r"|Pizza|Workwear|Trailers|Communications|Supermarkets|Aerospace|Dock|Den|UTC|Thai|Homes|Coaches"
    r"|Carpets|Furniture|Logistics|Haulage|Electrical|Plumbing|Builders|Bakery|Bakers|Cars|Taxis|Tiles"
    r"|Engineering|Plant|Hire|Stamping|Joinery|Windows|Printers|Salon|Kitchens|Tyres|Butchers|Florist"
    r"|Deli|Bar|Kitchen|Cafe|Diner|Takeaway|Fish\sBar|Chippy)"
)
# Found in a text as it stands.
LITERAL = "|".join(
    (
        r"\b(?:H\sSamuel|W\s?H\sSmith|J\s?D\s(?:Wetherspoons?|Williams|Sports)|J\s?P\sMorgan|T\s?J\s(?:Hughes|Morris)|F\sHinds)\b",
        r"(?i:\bpat\stest(?:ing|ed|er|s)?\b)",
        r"\bBob\s(?:dydd|wythnos|mis|bore|nos|blwyddyn|pythefnos|un|amser|cwrs|cyfle|\p{Ll}+)\b",
        r"\bBeth\s(?:yw|mae|sy|sydd|am|oedd|fydd|bynnag|arall|i|oes|ydy|ydi)\b",
        r"\bDan\s(?:y|yr|bwysau|straen|do|ofal|gontract|hyfforddiant|reolaeth)\b",
        r"\b(?:New\sYear(?:['’]?s)?|Christmas)\sEve\b",
        r"(?i:\bst\.?\s(?:helens|james|john|johns|george|georges|thomas|andrews|david|davids|mary|marys|luke|lukes|peter|peters|martin|martins|paul|pauls|michael|michaels|albans|austell|ives|neots|asaph)['’]?s?\b)",
        r"\b(?:G[ŵw]yl\sDewi|Dewi\sSant)\b",
        r"\bSir\s(?:Fynwy|G[aâ]r|Gaerfyrddin|Benfro|Ddinbych|y\sFflint|F[oô]n|Drefaldwyn|Frycheiniog|Aberteifi|Gaernarfon)\b",
        r"\bMc(?:Donald|Coll|Vitie)['’]?s\b",
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
        r"(?i:\b(?:client|participant|claimant|customer|jobseeker|service\suser)\s)(?:Services?|Support|Care|Relations?|Relationship|Information|Experience|Success|Liaison|Engagement|Feedback|Satisfaction|Contact|Account|Assessment|Journey|Records?|Needs|Voice|Forum|Survey|Consent|Privacy|Charter|Side|Facing|Data|Advis[oe]r|Assistant|Manager|Team|Agreement|Handbook|Pathway|Portal|Involvement)\b",
    )
)
# Found in a text with marks on its names.
NOT_A_NAME = "|".join(
    (
        rf"\b[Tt]he\s{GIVEN}(?:$|[.,;:]|\s\p{{Ll}})",
        rf"\b(?:{CAPITAL}\s)?{CAPITAL}(?:['’]s)?\s{TRADES}\b",
        rf"(?i:\b\pL+['’]s\s{TRADES}\b)",
        rf"(?i:\b(?:st|saint|sant|santes)\b\.?)\s{CAPITAL}(?:\sand\s(?:St\.?\s)?{CAPITAL})?(?:\s{PLACES}\b)?",
        rf"\b(?:King|Queen|Prince|Princess|Duke|Duchess|Lord|Lady|Storm|Hurricane|Port|Mount|Cape|Lake)\s{CAPITAL}(?:\s{CAPITAL})?",
        rf"\b{CAPITAL}['’]s\s(?:Law|Rule|Charity|Fund|Trust|Centre)\b",
        rf"\b(?:{CAPITAL}\s(?:(?:and|&|of)\s)?){{1,3}}{PLACES}\b",
        rf"(?:\d\s|\b(?i:in|on|at|near|off|around|behind|opposite|outside|via|past|along|the|of)\s)(?:{CAPITAL}\s){{1,2}}{ALSO_SURNAMES}\b",
        rf"\b{CAPITAL}['’]s\s(?:{PLACES}|{ALSO_SURNAMES}|(?i:gym|place))\b",
        rf"\b(?i:on|at|in|from|to)\s(?:the\s)?{CAPITAL}\sWard\b",
        rf"\b{CAPITAL}\s(?:&|and)\s(?:Sons?|Daughters?|Co|Company|Partners|Brothers)\b",
        rf"\b{CAPITAL}\sBros\b",
        rf"\b(?:Heol|Ffordd|Stryd|Maes|L[ôo]n|Rhodfa|Clos|Cae|Ysgol|Ysbyty|Coleg|Eglwys|Neuadd|Llyfrgell|Canolfan|M?[Pp]h?arc|Mharc|Banc\sBwyd|Capel|Meddygfa|Caffi|Siop|T[ŷy]|Plas|Llys)(?:\s(?:yr?|{CAPITAL})){{1,3}}",
        rf"(?:\d[A-Za-z]?,?\s|\b(?i:in|on|at|near|off|along)\s)(?:{CAPITAL}\s){{1,2}}Dr\b",
        rf"(?i:\b{STAFF}\s)(?:Appointments?|Interview|Meeting|Team|Support|Service|Referral|Training|Role|Job|Contact|Review)\b",
        rf"(?i:\b(?:{KIN}|{STAFF})\s)(?:on\s)?{ANY}{MONTHS_AND_DAYS}\b",
    )
)


def prepared(text: pl.Expr) -> pl.Expr:
    """Return a plain text with marks on its names, without words that bear one or read like one."""
    return marked(text.str.replace_all(LITERAL, " ; "))
