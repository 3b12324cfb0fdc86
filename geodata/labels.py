"""Names of the codes in the tables, as people read them."""

from __future__ import annotations

from typing import Final

from geodata.language import N_
from geodata.language import gettext as _

LABELS: Final[dict[str, str]] = {
    # offence classes
    "drug_supply": N_("överlåtelse"),
    "drug_production": N_("framställning"),
    "drug_possession": N_("innehav"),
    "drug_use": N_("eget bruk"),
    "drug_unspecified": N_("ospecificerat narkotikabrott"),
    "drug_smuggling": N_("narkotikasmuggling"),
    "drug_control_act": N_("kontroll av narkotika"),
    "doping": N_("dopning"),
    "alcohol": N_("alkohol"),
    "tobacco": N_("tobak och nikotin"),
    "harmful_substances": N_("hälsofarliga varor"),
    "violence": N_("våld och hot"),
    "damage": N_("skadegörelse"),
    "disorder": N_("ordningsstörning"),
    "other": N_("övrigt"),
    "unknown": N_("okänt"),
    # ANDTS groups
    "narcotics": N_("narkotika"),
    "none": N_("ingen"),
    # sources
    "police": N_("polisanmälan"),
    "est_report": N_("EST-rapport"),
    "guard": N_("ordningsvakt eller väktare"),
    "housing_company": N_("bostadsbolag"),
    "municipality": N_("kommunal verksamhet"),
    "citizen": N_("invånare"),
    # yes, no
    "yes": N_("ja"),
    "no": N_("nej"),
    # kinds of space
    "public": N_("allmän plats"),
    "residential_common": N_("allmänt utrymme i bostadshus"),
    "dwelling": N_("bostad"),
    # geocode classes
    "address": N_("adress"),
    "interpolated": N_("längs gatan"),
    "street": N_("gata utan nummer"),
    "area": N_("område"),
    # certainty
    "confirmed": N_("säker"),
    "suspected": N_("misstänkt"),
    # precision
    "minute": N_("minut"),
    "hour": N_("timme"),
    "day": N_("dag"),
    "month": N_("månad"),
    # kinds of area
    "est_area": N_("EST-område"),
    "regso": N_("RegSO"),
    "deso": N_("DeSO"),
    # how hot spots last
    "new": N_("ny"),
    "chronic": N_("ihållande"),
    "intermittent": N_("återkommande"),
    "fading": N_("avtagande"),
    "gone": N_("försvunnen"),
    "unclear": N_("oklar"),
    # common areas of buildings
    "stairwell": N_("trapphus"),
    "basement_corridor": N_("källargång"),
    "storage_corridor": N_("förrådsgång"),
    "laundry": N_("tvättstuga"),
    "bike_room": N_("cykelrum"),
    "waste_room": N_("soprum"),
    "attic": N_("vind"),
    "garage": N_("garage"),
    # tenure
    "rental": N_("hyresrätt"),
    "cooperative": N_("bostadsrätt"),
    # results of dog searches
    "not_done": N_("ej genomfört"),
    "no_alert": N_("ingen markering"),
    "alert": N_("markering utan fynd"),
    "find": N_("fynd"),
    # profiles
    "intern": N_("intern – sekretessprövas"),
    "samverkan": N_("samverkan"),
    "publik": N_("publik"),
}


def label(code: str) -> str:
    """Return the name of a code in the user's language; the code itself when it has none."""
    text = LABELS.get(code)
    return _(text) if text else code
