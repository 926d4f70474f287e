"""What the name of a person looks like in free text: by list and by the words around it.

The patterns are of a text with marks (`schemas.name_marks`). Callers never show what matched.
"""

# ruff: noqa: E501 - one pattern per line, however long
from __future__ import annotations

from schemas import name_marks as marks
from schemas.name_marks import ANY, MARKS, one_of

# A word with a capital and small letters, with parts: Okafor, O'Brien-Jones, McKenna.
CAPITAL = rf"{ANY}\p{{Lu}}\p{{Ll}}[\pL'’{MARKS}-]*"
GIVEN = one_of(marks.NAME)
WITH_A_CAPITAL = one_of(marks.CAPITAL)
ALSO_A_WORD = one_of(marks.WORD)
ALSO_A_PLACE = one_of(marks.PLACE)
SURNAME = one_of(marks.SURNAME)
# In small letters, or in capitals.
ANY_SURNAME = one_of(f"[{marks.SURNAME}{marks.SURNAME_SMALL}]")
IN_SMALL_LETTERS = one_of(marks.SMALL)
CAPITALS = rf"{ANY}\p{{Lu}}[\p{{Lu}}'’-]+"
TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Doctor|Prof|Professor|Rev|Revd|Reverend|Sir|Dame|Cllr|Councillor)"
TITLED = rf"\b{TITLE}\b\.?\s(?:(?:and|&)\s{TITLE}\b\.?\s)?(?:\p{{Lu}}\.?\s?){{0,2}}{ANY}\p{{Lu}}[\pL'’-]+"
TITLED_IN_CAPITALS = rf"\b(?:MR|MRS|MISS|MX|DR|PROF|REV)\b\.?\s(?:AND\sMRS\s)?{CAPITALS}"
# In small letters only these two are nothing else. MR alone is a scan, or a reconsideration.
SMALL_TITLE = rf"\b(?:mrs?|Mrs?)\b\.?\s(?:\pL\.?\s)?{ANY}\pL[\pL'’-]+"

OF_A_PERSON = r"(?:his|her|their|my|['’]s|whose|ei|eu|fy)"
AGE = r"(?:(?:older|elder|eldest|oldest|younger|youngest|late|ex|new|twin|\d+[ -]years?[ -]old)[\s-])?"
KIN = (
    r"(?:son|daughter|husband|wife|mother|father|mum|mam|dad|brother|sister|uncle|aunt|auntie|nan|gran"
    r"|grandmother|grandfather|grandson|granddaughter|nephew|niece|cousin|partner|boyfriend|girlfriend"
    r"|fiancée?|ex|stepson|stepdaughter|stepfather|stepmother|friend|neighbour|carer|baby|child"
    r"|fab|mab|merch|ferch|tad|thad|dad|fam|gŵr|gwr|wraig|gwraig|chwaer|brawd|frawd|bartner|phartner"
    r"|ffrind|mate|housemate|flatmate|cellmate|twin|ex-wife|ex-husband|mham|nhad|ngŵr|ngwraig)"
)
STAFF = (
    r"(?:(?:line|case|care|area|shop|store|office|team|key|support|social|youth|job|work|health"
    r"|employment|housing|link|outreach|mental|shift|floor|site|deputy|assistant|probation|debt|benefits"
    r"|welfare|area|duty|regional)[\s-]?)*"
    r"(?:manager|worker|coach|adviser|advisor|specialist|coordinator|co-ordinator|boss|supervisor"
    r"|colleague|foreman|officer|teacher|trainer|assessor|mentor|tutor|therapist|counsellor|psychiatrist|psychologist|nurse|landlord|landlady"
    r"|solicitor|gweithiwr|rheolwr)"
)
RELATED = rf"(?i:\b|['’]){OF_A_PERSON}\s{AGE}(?:{KIN}|{STAFF}),?\s"
# These words need no "his" or "her" before them.
CLOSE = (
    r"(?:son|daughter|girlfriend|boyfriend|wife|husband|brother|sister|cousin|mate|nephew|niece|foreman"
    r"|boss|landlord|landlady|auntie|uncle|housemate|flatmate|fiancée?|grandson|granddaughter)"
)
SOMEBODY = (
    r"(?:client|participant|customer|claimant|jobseeker|candidate|service\suser|patient|learner|man|woman"
    r"|lady|gentleman|girl|boy|person|son|daughter|child|baby|friend|colleague|worker|coach|adviser"
    r"|advisor|specialist|manager|partner|cleient|cyfranogwr|cwsmer)"
)
CONTACT = (
    r"(?:(?:spoke|spk|spoken|speak|speaking|talk|talked|talking|chatted|chat|listened|wrote|written)\s(?:to|with)"
    r"|call|called|calling|rang|rung|ring|phoned|phone|telephoned|texted|text|emailed|e-mailed|email"
    r"|messaged|contacted|contact|met|meet|meeting|saw|interviewed|supported|supporting|helped|introduced\sby"
    r"|named|known\sas|aka|a\.k\.a\.|(?:met|meeting|meet|appointment|session|review|call|interview)\swith"
    r"|(?:call|email|message|text|letter|news|feedback|note)\sfrom"
    r"|siarad\s(?:â|gyda|efo)|siaradais\s(?:â|gyda)|cwrdd\s(?:â|ag)|cyfarfod\s(?:â|gyda)|cwrddais\sâ|ffonio"
    r"|ffoniais|galw|o['’]r\senw|enwyd)"
)
TALKED = r"(?:(?:spoke|spk|spoken|speaking|talked|talking|chatted)\s(?:to|with)|met\swith|saw|rang)"
SAYS = (
    r"(?:said|says|wants|wanted|prefers|preferred|asked|asks|feels|felt|told|likes|enjoys|lives|thinks"
    r"|struggles|hopes|phoned|rang|called|texted|emailed|came|left|finished|completed|passed|cried|explained|disclosed|declined|has\sbeen|would\slike|is\skeen|was\skeen"
    r"|is\s\d\d|is\sdoing|is\sbrilliant|is\sgreat|is\snow|did|does|doesn['’]t|didn['’]t|couldn['’]t|can['’]t"
    r"|attended|needs|missed|turned\sup|yn\s\p{Ll}+|wedi|eisiau)"
)
THEIRS = rf"(?:{KIN}|case|file|CV|cv|GP|review|interview|wage|wages|job|benefits|address|number|health|condition)"

NAME = "|".join(
    (
        TITLED,
        TITLED_IN_CAPITALS,
        SMALL_TITLE,
        GIVEN,
        WITH_A_CAPITAL,
        # initials before a surname, and after it
        rf"(?:^|[,;:(]\s?|\b(?:by|from|with|to|and|officer|manager|worker|coach|adviser|advisor|client|participant|w/)\s)(?:\p{{Lu}}\.\s?){{1,3}}{CAPITAL}",
        rf"\b(?:by|from|officer|manager|worker|coach|adviser|advisor|client|participant)\s[B-HJ-Z]\s(?:[B-Z]\s)?{CAPITAL}",
        rf"{SURNAME},\s\p{{Lu}}\b",
        rf"\b(?:Li|Wang|Zhang|Liu|Chen|Yang|Huang|Zhao|Zhou|Xu|Guo|Feng|Xie|Nguyen|Tran|Pham)\s{ANY}\p{{Lu}}\p{{Ll}}{{1,7}}\b",
        # a surname of the list after any word with a capital, an initial or a word of contact
        rf"\b\p{{Lu}}[\pL'’-]*\.?\s?{ANY_SURNAME}",
        rf"(?i:\b(?:{CONTACT}|{SOMEBODY})\s)(?:{ANY_SURNAME})",
        rf"{SURNAME}(?:,\s(?:the|his|her|their)\s|\sfrom\s\p{{Lu}}|\s(?:rang|phoned|called|says|said|wants)\b)",
        rf"\b{CAPITAL}\s(?:ap|ab|ferch|bin|binte?|ibn)\s{ANY}\p{{Lu}}",
        rf"\b{CAPITAL}\s{ANY}(?:O['’]{ANY}|Mc)\p{{Lu}}\p{{Ll}}+",
        # names that are words too, where only a name makes sense
        rf"(?i:\b(?:{CONTACT}|{SOMEBODY}|{KIN}|{STAFF})\s(?:is\s)?)(?:{ALSO_A_WORD}|{ALSO_A_PLACE})",
        rf"(?i:\b{TALKED}\s)(?:{WITH_A_CAPITAL}|{ALSO_A_WORD}|{IN_SMALL_LETTERS})(?:$|[.,;:]|\s(?:about|re|who|and|as|again|today|at|on)\b)",
        rf"(?:{ALSO_A_WORD})\s(?:{CAPITAL}\s)?{SAYS}\b",
        rf"{ALSO_A_PLACE}\s(?:rang|phoned|texted|wants|feels|prefers|cried)\b",
        rf"(?:{ALSO_A_WORD})\s(?:is|was)\s(?:(?:{OF_A_PERSON}|the|an?)\s)?(?:{KIN}|{STAFF})\b",
        rf"(?:\b(?:with|by|gyda|told|tell|asked|says|said|that|to)|\bw/)\s(?:{ALSO_A_WORD})(?:$|[.,;:)]|\s(?:\p{{Ll}}|{CAPITAL}\s\p{{Ll}}))",
        rf"(?:{ALSO_A_WORD}|{ALSO_A_PLACE})['’]s\s{THEIRS}\b",
        # any word with a capital, where only a name makes sense
        rf"{RELATED}{CAPITAL}",
        rf"(?i:\b{CLOSE}\s){CAPITAL}",
        rf"(?i:\b(?:{KIN}|{STAFF}),\s){CAPITAL}(?:,|\)|\s(?:is|was|has|who|and|to|for|on|in)\b)",
        rf"(?i:\b(?:be|is|being|likes)\s(?:called|known\sas)\s){CAPITAL}",
        # two words with a capital that do what people do
        rf"\b{CAPITAL}\s{CAPITAL}\s(?:feels|prefers|attended|struggles|is\skeen|enjoys|didn['’]t\sattend|lives\swith|hopes\sto)\b",
        rf"(?i:\b{SOMEBODY}\s(?:is\s)?(?:called|named|known\sas)\s){CAPITAL}",
        rf"(?i:\b(?:next\sof\skin|nok|emergency\scontact|full\sname|first\sname|surname|enw)\b\W{{0,2}}(?:is|was)?\s?){CAPITAL}",
        rf"(?i:\b(?:his|her|their|{SOMEBODY}(?:['’]s)?)\sname\b\W{{0,2}}(?:is|was)?\s?){CAPITAL}",
        rf"\b(?i:client|participant|claimant|jobseeker|service\suser|customer)\s{CAPITAL}\s{CAPITAL}",
    )
)
