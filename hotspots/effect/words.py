"""What is said of a measure: a change only as reported events, and only when it is certain."""

from __future__ import annotations

from datetime import date
from typing import Final

from geodata.language import N_, day, ngettext, number, percent
from geodata.language import gettext as _
from hotspots.effect.judging import Judged, Judgement
from hotspots.effect.power import LeastEffect
from hotspots.effect.rings import Ring
from hotspots.effect.wdd import Difference

VARIANTS: Final = {
    "given": N_("platsen som angiven"),
    "margin": N_("med marginal"),
    "view": N_("kamerans upptagningsområde"),
}

WHY_NOT: Final = {
    "no_control": N_("Det finns inte två jämförbara kontrollområden med händelser."),
    "few_blocks": N_("Perioden är för kort för en regression."),
    "no_events": N_("Inga händelser på platsen före eller efter."),
    "not_settled": N_("Regressionen går inte att anpassa till så få händelser."),
    "few_points": N_("För få perioder eller händelser för en tidsserie."),
    "no_success": N_("Ingen minskning att fördela."),
    "quotient_no_control": N_("Inga händelser i kontrollområdena."),
    "no_variance": N_("Inga händelser alls att jämföra."),
}

STATES: Final = {
    "outside": N_("Åtgärden ligger utanför uttagets period och utvärderas inte."),
    "short_after": N_(
        "Tiden efter åtgärden är kortare än en vecka i uttaget: för tidigt att säga."
    ),
    "short_before": N_(
        "Tiden före åtgärden är kortare än fyra veckor i uttaget: inget att jämföra."
    ),
    "no_place": N_("Åtgärden saknar plats och utvärderas inte."),
    "no_events": N_("Inga händelser på platsen, varken före eller efter: inget att jämföra."),
    "no_control": N_("Det finns inget jämförbart kontrollområde: effekten går inte att avgöra."),
}

OWN_REPORTS: Final = ("hundsök", "polisinsats", "ordningsvakt")
"""Kinds of measures that themselves give reports."""


def signed(value: float, decimals: int = 0) -> str:
    """Return a number with its sign, none for zero."""
    text = number(value, decimals)
    return f"+{text}" if value > 0 and text.strip("0,.") else text.replace("\u22120", "0")


def verdict_words(judgement: Judgement, outcome: str) -> str:
    """Return the sentence of a measure.

    Parameters
    ----------
    judgement
        What the tests say.
    outcome
        What is counted, as ”anmälda narkotikabrott”.
    """
    figures = "; ".join(_figure(one) for one in judgement.variants)
    shown = {
        "fell": _(
            "{outcome} har minskat på platsen mer än i kontrollområdena, säkerställt i båda "
            "varianterna: {figures}."
        ),
        "rose": _(
            "{outcome} har ökat på platsen mer än i kontrollområdena, säkerställt i båda "
            "varianterna: {figures}."
        ),
        "none": _("Ingen säkerställd förändring. {outcome} mot väntat: {figures}."),
        "unknown": _(STATES["no_control"]),
    }
    text = shown[judgement.verdict].format(
        outcome=outcome[:1].upper() + outcome[1:], figures=figures
    )
    if judgement.fell_back:
        text += " " + _(
            "Mot samma del av året ännu ett år tidigare är skillnaden inte säkerställd: perioden "
            "före kan ha varit ovanlig, och det ovanliga går tillbaka av sig självt."
        )
    elif judgement.differ:
        text += " " + _("Varianterna och metoderna ger inte samma svar.")
    moved = judgement.variants[0].displacement
    if moved is not None and moved.displaced is not None:
        text += " " + _moved(moved.displaced, outcome)
    told = [ring_words(one, outcome) for one in judgement.rings if one.ratio.certain]
    return " ".join([text, *told])


def _figure(one: Judged) -> str:
    if one.displacement is None:
        return _("{variant}: inget kontrollområde").format(variant=_(VARIANTS[one.layout.variant]))
    local = one.displacement.local
    return _("{estimate} händelser ({low} till {high}) – {variant}").format(
        estimate=signed(local.estimate),
        low=signed(local.low),
        high=signed(local.high),
        variant=_(VARIANTS[one.layout.variant]),
    )


def _moved(displaced: Difference, outcome: str) -> str:
    if not displaced.certain:
        return _("I buffertzonen finns ingen säkerställd förändring.")
    if displaced.estimate > 0:
        text = _(
            "I buffertzonen har {outcome} ökat mer än runt kontrollområdena ({n}): tecken på "
            "omfördelning."
        )
    else:
        text = _(
            "I buffertzonen har {outcome} minskat mer än runt kontrollområdena ({n}): tecken på "
            "spridd nytta."
        )
    return text.format(outcome=outcome, n=signed(displaced.estimate))


def ring_words(ring: Ring, outcome: str) -> str:
    """Return the sentence of a ring."""
    if ring.what == "stairwell":
        where = _("I trapphus och källare inom {m} m").format(m=number(ring.to_m))
    else:
        where = _("{low}–{high} m från platsen").format(
            low=number(ring.from_m), high=number(ring.to_m)
        )
    if ring.n_before + ring.n_after == 0:
        return _("{where}: inga händelser.").format(where=where)
    if not ring.ratio.certain:
        return _("{where}: ingen säkerställd förändring mot längre bort.").format(where=where)
    if ring.ratio.estimate > 1:
        text = _("{where}: {outcome} har ökat mer än längre bort ({before} till {after}).")
    else:
        text = _("{where}: {outcome} har minskat mer än längre bort ({before} till {after}).")
    return text.format(
        where=where, outcome=outcome, before=number(ring.n_before), after=number(ring.n_after)
    )


def power_words(treated: int, controls: int, least: LeastEffect | None) -> str:
    """Return what could be shown at all."""
    if controls == 0:
        return _("Det finns inget jämförbart kontrollområde: effekten går inte att avgöra.")
    if least is None:
        return ngettext(
            "Med {n} händelse före går en effekt inte att visa, ens om ingen sker efter.",
            "Med {n} händelser före går en effekt inte att visa, ens om ingen sker efter.",
            treated,
        ).format(n=number(treated))
    return _(
        "Minsta minskning som kan visas är {share} (högst {after} händelser efter); är den "
        "verkliga just så stor visas den ungefär varannan gång."
    ).format(share=percent(least.share), after=number(least.after))


def fixing_words(began: date, fixed: date | None) -> str:
    """Return the warning of a polygon that wasn't fixed beforehand; empty when it was."""
    if fixed is None:
        return _(
            "Det står inte när platsens yta fastställdes. En yta som ritas efteråt kan vara vald "
            "efter utfallet."
        )
    if fixed > began:
        return _(
            "OBS! Efterperioden började {began}, innan ytan fastställdes {fixed}. Ytan kan vara "
            "vald efter utfallet."
        ).format(began=day(began), fixed=day(fixed))
    return ""
