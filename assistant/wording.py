"""Dutch words that decide what a sentence claims, and words that may be exchanged without changing the claim.

Negation, modality, quantity, cause and who speaks; all folded, as `assistant.dutch.words` gives them.
"""

from __future__ import annotations

import re

from assistant.dutch import fold, stem

NEGATIONS = frozenset("niet geen nooit niemand nergens niets noch zonder nauwelijks amper evenmin geenszins".split())

LIGHT = frozenset(
    """
    aantal alleen allerlei allereerst andere anderen belangrijkst betreft bepaald bepaalde bestaan bestaande bestaat
    biedt bieden beide brengen brengt daarbij daardoor daarin daarmee daarnaast daarom daarop daarvan daarvoor
    diverse doel doordat dus echt echter eerst erbij erin erop ervan ervoor erom extra feit geeft geven gebeurt
    gebeuren gebruiken gemaakt gegeven gekregen gekomen genoemd geworden gaande hierbij hierdoor hiermee hiervoor
    houden houdt immers informatie juist komen komt krijgen krijgt laat laten ligt liggen maakt maken manier
    manieren meestal mogelijk namelijk neem nemen neemt nodig onder ongeveer passage plaats precies punt punten
    rondom samen soort soorten sowieso spelen speelt sprake staan staat steeds stuk tekst terwijl terecht tevens
    tijdens tussen uiteindelijk vaak verder verschillende vinden vindt vooral voortaan vormen vormt waarbij waardoor
    wanneer wel zeker zet zetten zoals zodat zorgen zorgt zulke vorm enkele sommige soms ziet zien zag zagen gezien
    steeds hele heel erg vrij daarvandaan eveneens kwam kwamen werkt mens mensen wie zit zitten ging gingen
    """.split()
)
"""Words that need not stand in the source, since they say little by themselves or are looked at separately."""

SYNONYMS = tuple(
    tuple(group.split(", "))
    for group in """
belangrijk, essentieel, van belang, substantieel, wezenlijk, cruciaal
budget, geld, middelen, financiering
helpen, hulp, steun, ondersteunen, ondersteuning
inwoners, burgers, bewoners
krachtig, sterk, stevig
versterken, sterker
ingewikkeld, moeilijk, lastig, complex
ontwikkelingen, veranderingen
kans, gelegenheid, mogelijkheid
vergoeding, vergoed
uitdaging, uitdagingen
samenwerken, samenwerking
ontmoeten, ontmoeting
zinvol, nuttig
tijdelijk, kortdurend
onderscheid, verschil
gemeenschappelijk, gezamenlijk
persoonlijk, individueel
prettig, fijn, plezierig
lokaal, plaatselijk
bijdragen, bijdrage
doel, doelen, doelstelling, doelstellingen
faciliteren, mogelijk maken
zichtbaar, zichtbaarheid
overvraagd, te veel gevraagd
knelpunten, problemen
vereniging, verenigingen, club, clubs, verenigingsleven
organiseren, regelen
werven, aantrekken, zoeken
contact, terecht, bellen, bereiken
telefoon, tel, telefoonnummer
mail, e mail, mailadres
jong, jongeren
kosten, onkosten
ruimte, ruimten, ruimtes, gebouw
betaald, betaling, geld krijgen
voorbeeld, voorbeelden, bijvoorbeeld
deelnemers, aanwezigen
coach, coaches
minder, ten koste van
maatje, maatjes, maatjesproject
leidraad, methodiek
samenvatting, samengevat
meedoen, mee te doen
overheid, gemeente, rijk
wet, regels, regelgeving, wetgeving, regeling
opbouwen, bouwen
scholing, training, opleiding
druk hebben, drukte, druk zijn
voeren, uitvoeren
geschreven, schrijven, opgesteld
uitleg, toelichten, toelichting, uitleggen
leefomgeving, woonomgeving
laten zien, blijkt
onderdeel, component, deel
""".strip().splitlines()
)
"""Words and phrases that say the same in texts about organisations and policy; plain ones for hard ones above all."""

IRREGULAR = {
    form: infinitive
    for infinitive, forms in {
        "schrijven": "schreef schreven geschreven",
        "geven": "gaf gaven gegeven",
        "bieden": "bood boden geboden",
        "krijgen": "kreeg kregen gekregen",
        "worden": "werd werden geworden",
        "nemen": "nam namen genomen",
        "komen": "kwam kwamen gekomen",
        "vinden": "vond vonden gevonden",
        "werven": "wierf wierven geworven",
        "helpen": "hielp hielpen geholpen",
        "spreken": "sprak spraken gesproken",
        "dragen": "droeg droegen gedragen",
        "blijken": "bleek bleken gebleken",
        "blijven": "bleef bleven gebleven",
        "ontstaan": "ontstond ontstonden",
        "bestaan": "bestond bestonden",
        "zien": "zag zagen gezien ziet",
        "staan": "stond stonden gestaan staat",
        "gaan": "ging gingen gegaan gaat",
        "doen": "deed deden gedaan doet",
        "spelen": "gespeeld",
        "lezen": "las lazen gelezen leest",
        "zoeken": "zocht zochten gezocht",
        "brengen": "bracht brachten gebracht",
        "denken": "dacht dachten gedacht",
        "kiezen": "koos kozen gekozen",
        "besluiten": "besloot besloten",
        "sluiten": "sloot sloten gesloten",
        "wijzen": "wees wezen gewezen",
        "treffen": "trof troffen getroffen",
        "verliezen": "verloor verloren",
        "onderscheiden": "onderscheidde onderscheid onderscheidt",
        "lopen": "liep liepen gelopen",
        "houden": "hield hielden gehouden",
        "laten": "liet lieten gelaten",
        "bespreken": "besprak bespraken besproken",
        "onderzoeken": "onderzocht onderzochten",
        "leggen": "legde gelegd legt",
        "zeggen": "zei zeiden gezegd zegt",
        "vragen": "vroeg vroegen gevraagd",
        "splitsen": "splitste splitsten gesplitst",
        "waarderen": "waardeert waardeerde gewaardeerd waardering",
        "delen": "deelde deelden gedeeld deelt",
    }.items()
    for form in forms.split()
}
"""Infinitives of irregular verb forms."""

PARTICLES = "aan af bij door in mee na om onder op over samen tegen toe uit voor weg".split()
"""What can stand apart from a separable verb: 'dragen … bij', 'bijdragen'."""

SPEECH = frozenset(
    """
    zegt zeggen zei zeiden gezegd vindt vinden vond vonden schrijft schrijven schreef schreven stelt stellen stelde
    stelden pleit pleiten pleitte pleitten noemt noemen noemde noemden benoemt benoemen benoemde benoemden denkt
    denken meent menen concludeert concluderen concludeerde concludeerden waarschuwt waarschuwen adviseert adviseren
    adviseerde benadrukt benadrukken benadrukte vraagt constateert constateren constateerde constateerden merkt
    merken beweert beweren meldt melden bepleit bepleiten verwacht verwachten wijst wijzen roept roepen riep riepen
    slotsom oproep mening standpunt conclusie vertelt vertellen vertelde vertelden legt leggen
    """.split()
)
"""Verbs and nouns by which something is said to be somebody's."""

SPEAKERS = frozenset(
    """
    gemeente gemeenten ministerie rijk overheid kabinet minister regering onderzoekers onderzoeker wetenschappers
    deelnemers deelnemer aanwezigen vrijwilligers vrijwilliger experts deskundigen bestuur bestuurders leden
    politiek wethouder wethouders organisaties vrijwilligersorganisaties inwoners burgers bezoekers auteurs
    schrijvers sprekers ambtenaren
    """.split()
)

MUST = re.compile(
    r"\b(?:moet\w*|moest\w*|dien(?:t|en)|hoeft|hoeven|verplicht\w*|vereist\w*|noodzaak\w*|noodzakelijk\w*|is nodig"
    r"|hoort)\b"
)
MAY = re.compile(r"\b(?:mag|mogen|mocht(?:en)?|toegestaan|verboden)\b")
_HEDGES = (
    r"kan|kun|kunnen|kunt|kon|konden|mogelijk|zou|zouden|misschien|wellicht|wil|willen|wilt|wilden|hoop|hopen|hoopt"
    r"|hopelijk|probeer\w*|proberen|zoek|zoeken|zoekt|dreig\w*|pleit\w*|bepleit\w*|oproep|sommige|soms|enkele|vrijwel|bijna"
)
HEDGES = re.compile(rf"\b(?:{_HEDGES})\b")
"""Words in a source that make a claim less than a plain fact; a sentence may not turn such a claim into one."""

HEDGED = re.compile(
    rf"\b(?:{_HEDGES}|mogelijk\w*|gevraagd|vragen|vraag\w*|deels|gedeeltelijk|kans\w*|risico\w*|gelegenheid|pleidooi|roept|roepen"
    r"|bereid|uitdaging\w*|lijkt|lijken|wens\w*|graag|moet\w*|mag|mogen|voorstel\w*|advies|adviseert|adviseren|goed om"
    r"|worstel\w*|in staat)\b"
)
"""Words by which a sentence itself says that it is less than a plain fact."""

_ALL = r"\b(?:alle|alles|allen|allemaal|elke?|ieder\w*)\b"
_ALWAYS = r"\b(?:altijd|steeds|voortdurend|telkens)\b"
_ONLY = r"\b(?:alleen|uitsluitend|slechts|enkel|enige|louter)\b"
_MOST = r"\b(?:meeste|merendeel|meerderheid|grotendeels|meestal|overwegend)\b"
_UP = r"meer|groter|grotere|toe(?:neemt|nemen|genomen|name)|toenemende?|groei\w*|stijg\w*|hoger\w*"
_DOWN = r"minder|kleiner|kleinere|af(?:neemt|nemen|genomen|name)|afnemende?|daalt|dalen\w*|daling|lager\w*"
_FEW = r"weinig|tekort|gebrek|onvoldoende|te kort"
_TIME = r"\b(?:eerst|daarna|voordat|nadat|vroeger|voortaan|binnenkort|inmiddels)\b"
_CAUSE = r"omdat|doordat|waardoor|daardoor|hierdoor|dankzij|vanwege|leidt|leiden|veroorzaak\w*|gevolg\w*"
_ALSO_CAUSE = r"want|daarom|dus|door|gezien|daarmee|hiermee|ten koste|naarmate|daarbij|effecten|biedt|op die manier"
_WE = r"\b(?:wij|we|ons|onze)\b"

PRESENCE = tuple(
    (re.compile(said), re.compile(cited))
    for said, cited in (
        (_ALL, _ALL),
        (_ALWAYS, _ALWAYS),
        (_ONLY, _ONLY),
        (_MOST, _MOST),
        (rf"\b(?:{_UP})\b", rf"\b(?:{_UP}|extra|aanwas)\b"),
        (rf"\b(?:{_DOWN})\b", rf"\b(?:{_DOWN}|ten koste)\b"),
        (r"\b(?:veel|vele)\b", r"\b(?:veel|vele|velen|vaak|heel wat|talrijke)\b"),
        (rf"\b(?:{_FEW})\b", rf"\b(?:{_FEW}|niet genoeg|niet voldoende)\b"),
        (r"\b(?:genoeg|voldoende)\b", rf"\b(?:genoeg|voldoende|{_FEW})\b"),
        (r"\b(?:vaak|dikwijls)\b", r"\b(?:vaak|dikwijls|veel|meestal)\b"),
        (r"\b(?:beter\w*|best\w*)\b", r"\b(?:beter\w*|best\w*)\b"),
        (r"\b(?:slecht\w*)\b", r"\b(?:slecht\w*)\b"),
        (_TIME, _TIME),
        (rf"\b(?:{_CAUSE})\b", rf"\b(?:{_CAUSE}|{_ALSO_CAUSE})\b"),
        (_WE, _WE),
    )
)
"""Pairs: what matches the first in a sentence must be matched by the second in what it cites."""

CLAUSE_END = re.compile(
    r"[,;:.!?()–—…]+|\b(?:maar|want|terwijl|hoewel|tenzij|die|dat|waar\w*)\b"
    r"|\ben(?= (?:is|zijn|was|waren|wordt|worden|heeft|hebben|kan|kunnen|moet|moeten|mag|mogen|wil|willen)\b)",
)
FINITE = frozenset("is zijn was waren wordt worden werd werden heeft hebben had kan kunnen moet moeten mag wil".split())

MORE = re.compile(
    r"meer|groter|grotere|toenemende?|groeiende?|hogere?|veel|vele|genoeg|voldoende|beter|betere|sterker|extra"
)
LESS = re.compile(r"minder|kleiner|kleinere|afnemende?|dalende?|lagere?|weinig|onvoldoende|slechter|slechtere|zwakker")
"""Opposite words for quantity; before one and the same word they contradict each other."""

HELD = re.compile(r"[;:.!?()–—…]+|\b(?:maar|want|terwijl|die|dat)\b|\ben (?=(?:er|zij|ze|is|zijn)\b)")
"""Ends of the pieces in which a 'kan' holds; a row of nouns with commas stays together."""

_SUFFIXES = ("heid", "elijk", "lijk", "ing", "er", "es", "s", "e")


def squashed(word: str) -> str:
    """A stem with doubled letters single and v, z as f, s: 'schreev' and 'schref' become one."""
    return re.sub(r"(.)\1", r"\1", word).replace("v", "f").replace("z", "s")


def clauses(text: str) -> list[str]:
    """A sentence in folded pieces in which a negation or a 'kan' holds together."""
    said = fold(text).replace("niet alleen", "zowel").replace("niet slechts", "zowel")
    return [piece for piece in CLAUSE_END.split(said) if piece.strip()]


def suffixes_off(word: str) -> set[str]:
    """A squashed stem with the endings of derivation taken off: 'onderzoeker' is also 'onderzoek'."""
    found = {word}
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            found.add(word.removesuffix(suffix))
    return found


def forms(word: str) -> frozenset[str]:
    """Keys of a folded word; two words with a key in common are forms of the same word."""
    plain = [IRREGULAR.get(word, word)]
    for particle in ("", *PARTICLES):
        rest = word[len(particle) :] if word.startswith(particle) else ""
        if particle and rest in IRREGULAR:
            plain.append(particle + IRREGULAR[rest])
        if rest.startswith("ge") and len(rest) > 5:
            plain.append(particle + rest[2:])
    found: set[str] = set()
    for form in plain:
        root = squashed(stem(form))
        found |= suffixes_off(root)
        if root[-1:] in "dt" and len(root) > 4:
            found.add(root[:-1])
    return frozenset(found)
