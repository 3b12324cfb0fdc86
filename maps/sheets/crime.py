"""Section C of a sheet: the crime picture of the coverage polygon, and what speaks for it."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from geodata.caveats import source_caveat
from geodata.labels import label
from geodata.language import N_, day, ngettext, number, percent
from geodata.language import gettext as _
from geodata.schema import GEOCODE_CLASSES, SOURCES
from maps.paper import Block, Facts, Paragraph, Picture, Remark, Table, Words
from maps.sheets.hours import hours_picture
from maps.sheets.model import Section, SheetFacts
from maps.sheets.words import hours_text, is_missing, said, share, span_of, with_law

GROUPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (N_("överlåtelse"), ("drug_supply",)),
    (N_("innehav"), ("drug_possession",)),
    (N_("narkotika, ospecificerat"), ("drug_unspecified",)),
    (N_("våld och hot"), ("violence",)),
    (N_("skadegörelse"), ("damage",)),
    (N_("eget bruk, räknas inte"), ("drug_use",)),
)
"""Rows of the table of counts; every other class is ”övrigt”."""

ENOUGH: Final = 10
"""Under so many events shares of them are told as numbers only."""


def crime(facts: SheetFacts) -> Section:
    """Return section C."""
    row = facts.row("camera_picture")
    blocks: list[Block] = [Paragraph(_lead(facts, row))]
    counts = facts.table("camera_counts")
    if len(counts):
        blocks.append(_counts(counts))
    if row:
        blocks.append(Facts(tuple(_figures(facts, row))))
    if len(facts.table("camera_comparison")):
        blocks.append(_comparison(facts.table("camera_comparison")))
    if len(facts.table("camera_times")) and row:
        blocks += _hours(facts, row)
    safety = said(facts.form.problem.perceived_safety)
    note = _("upplevelse, inte anmälda brott")
    pair = (_("Upplevd trygghet"), with_law(safety, note))
    blocks.append(Facts((pair,)))
    if row:
        blocks.append(Remark(source_caveat(str(row["source"]))))
    return Section("C", _("Brottsbild i upptagningsområdet"), tuple(blocks))


def _lead(facts: SheetFacts, row: dict[str, Any]) -> Words:
    text = _(
        "Alla tal gäller upptagningsområdets yta, inte en cirkel eller ett bostadsområde. "
        "Räknas: {counted}."
    ).format(counted=facts.counted)
    if facts.extract_date:
        text += " " + _("Uttag {day}.").format(day=day(facts.extract_date))
    if row and row["n_facade"]:
        text += " " + ngettext(
            "{n} händelse är bokförd på adressen till ett hus vars fasad är i bild.",
            "{n} händelser är bokförda på adresser till hus vars fasad är i bild.",
            int(row["n_facade"]),
        ).format(n=number(int(row["n_facade"])))
    return with_law(text, facts.law.reference("crime"))


def _counts(counts: pd.DataFrame) -> Table:
    """Return reports and offences by source and class, period by period; sources never summed."""
    periods = sorted(counts["months"].unique().tolist())
    header = [_("Källa"), _("Brott")]
    for months in periods:
        header += [
            _("Anmälningar {n} mån.").format(n=months),
            _("Brott {n} mån.").format(n=months),
        ]
    rows: list[tuple[Words, ...]] = []
    for source in SOURCES:
        mine = counts[counts["source"] == source]
        rows += [(label(source), name, *_cells(part, periods)) for name, part in _by_group(mine)]
    short = counts.loc[~counts["whole"], "months"].unique().tolist()
    note = _("Anmälningar är olika diarienummer; brott är brottsantal. Källor summeras aldrig.")
    if short:
        note += " " + _("Uttaget är kortare än {list} månader.").format(
            list=", ".join(number(one) for one in sorted(short))
        )
    spans = counts.drop_duplicates("months").sort_values("months")
    note += " " + _("Perioder: {list}.").format(
        list=", ".join(
            span_of(a, b) for a, b in zip(spans["first_date"], spans["last_date"], strict=True)
        )
    )
    return Table(tuple(header), tuple(rows), caption=_("Anmälningar och brott"), left=2, note=note)


def _by_group(counts: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    named = {one for _name, classes in GROUPS for one in classes}
    parts = [(_(name), counts[counts["offence_class"].isin(classes)]) for name, classes in GROUPS]
    rest = counts[~counts["offence_class"].isin(list(named))]
    parts.insert(-1, (_("övrigt"), rest))
    return [(name, part) for name, part in parts if len(part)]


def _cells(part: pd.DataFrame, periods: list[int]) -> list[str]:
    cells = []
    for months in periods:
        mine = part[part["months"] == months]
        cells += [number(int(mine["n_reports"].sum())), number(int(mine["n_offences"].sum()))]
    return cells


def _figures(facts: SheetFacts, row: dict[str, Any]) -> list[tuple[str, Words]]:
    n = int(row["n_events"])
    pairs: list[tuple[str, Words]] = [
        (_("Räknade händelser"), _events(row)),
        (_("På polisens initiativ"), _initiative(row)),
        (
            _("Olika dagar med händelse"),
            _("{days} av {n} händelser; längsta uppehåll {gap} dagar").format(
                days=number(int(row["n_days"])), n=number(n), gap=number(int(row["longest_gap"]))
            ),
        ),
        (_("Kvartal i högsta klassen"), _quarters(row)),
        (_("Förändring på ett år"), change_text(row)),
        (_("Lägesbestämning"), _geocodes(row)),
        (_("Stabilitet"), _stability(row)),
    ]
    del facts
    return pairs


def _events(row: dict[str, Any]) -> str:
    text = _("{n} ({period}); väntat antal i bild med punkternas lägesfel: {expected}").format(
        n=number(int(row["n_events"])),
        period=span_of(row["first_date"], row["last_date"]),
        expected=number(float(row["n_expected"]), 1),
    )
    if row["n_use"]:
        text += ". " + _("Eget bruk, inte medräknat: {n}").format(n=number(int(row["n_use"])))
    return text


def _initiative(row: dict[str, Any]) -> str:
    known = int(row["n_initiative_yes"]) + int(row["n_initiative_no"])
    if not known:
        return _("okänt")
    text = _("{yes} av {known} där det är känt").format(
        yes=number(int(row["n_initiative_yes"])), known=number(known)
    )
    if known >= ENOUGH:
        text += f" ({percent(int(row['n_initiative_yes']) / known)})"
    if row["n_initiative_unknown"]:
        text += "; " + _("{n} okänt").format(n=number(int(row["n_initiative_unknown"])))
    return text


def _quarters(row: dict[str, Any]) -> str:
    if not row["n_quarters"]:
        return _("uttaget är kortare än ett kvartal")
    return _("{hot} av de senaste {n}").format(
        hot=number(int(row["n_hot"])), n=number(int(row["n_quarters"]))
    )


def change_text(row: dict[str, Any]) -> str:
    """Return the change in words: a figure with its interval, or that the events are too few."""
    pair = _(
        "{now} rapporterade händelser de senaste tolv månaderna mot {before} de tolv dessförinnan"
    ).format(now=number(int(row["n_now"])), before=number(int(row["n_before"])))
    if is_missing(row["change"]):
        return pair + "; " + _("för få händelser för trend")
    low, high = float(row["change_low"]), float(row["change_high"])
    text = (
        pair
        + ", "
        + _("kvot {ratio} (95 % osäkerhetsintervall {low}–{high})").format(
            ratio=number(float(row["change"]), 2), low=number(low, 2), high=number(high, 2)
        )
    )
    return text if low > 1 or high < 1 else text + "; " + _("ej säkerställd förändring")


def _geocodes(row: dict[str, Any]) -> str:
    total = sum(int(row[f"n_geocode_{name}"]) for name in GEOCODE_CLASSES)
    parts = [
        f"{label(name)} {percent(int(row[f'n_geocode_{name}']) / total)}"
        for name in GEOCODE_CLASSES
        if row[f"n_geocode_{name}"]
    ]
    if row["n_dropped"]:
        parts.append(
            _("{n} på misstänkt standardpunkt räknas inte").format(n=number(int(row["n_dropped"])))
        )
    return ", ".join(parts) or _("inga händelser")


def _stability(row: dict[str, Any]) -> Words:
    if is_missing(row["stability"]):
        return _("ej prövat")
    return _(
        "hot spoten står kvar i {share} av omräkningarna med slumpvis flyttade punkter"
    ).format(share=percent(float(row["stability"])))


def _comparison(table: pd.DataFrame) -> Table:
    names = {"site": _("Upptagningsområdet"), "est_area": _("EST-området {name}")}
    shown = table[table["named"]]
    rows: list[tuple[Words, ...]] = []
    for row in shown.to_dict("records"):
        name = names.get(row["kind"], "{name}").format(name=row["name"])
        rank = "–"
        if not is_missing(row["rank"]):
            rank = _("{rank} av {n}").format(rank=row["rank"], n=row["n_compared"])
        cells = (
            number(row["n_events"]),
            number(row["area_ha"], 2 if row["area_ha"] < 10 else 0),
            number(row["per_ha"], 1),
            rank,
        )
        rows.append((name, *cells))
    n = int(table["n_compared"].iloc[0])
    own = int(table.loc[table["kind"] == "site", "rank"].iloc[0])
    note = _(
        "Jämförbara platser är den möjliga kameraplats som har flest händelser vid var och en av "
        "de andra hot spots. Samma källa, brott, slag av plats och period."
    )
    if n > 1:
        note += " " + _("Tätare än {share} av de jämförbara platserna.").format(
            share=percent((n - own) / (n - 1))
        )
    header = (_("Plats"), _("Händelser"), _("Hektar"), _("Per hektar"), _("Rang"))
    return Table(header, tuple(rows), caption=_("Täthet och jämförelse"), left=1, note=note)


def _hours(facts: SheetFacts, row: dict[str, Any]) -> list[Block]:
    times = facts.table("camera_times").sort_values(["weekday", "hour"])
    matrix = times["n"].to_numpy(float).reshape(7, -1)
    form = facts.form.intrusion
    svg, alt = hours_picture(matrix, form)
    found: list[Block] = [
        Picture(
            svg,
            alt,
            caption=_("När händelserna skedde, timme och veckodag"),
            width_mm=150,
            kind="figure",
            note=_("Händelser med tidsspann är fördelade över spannet. Ram: föreslagna timmar."),
        )
    ]
    pairs: list[tuple[str, Words]] = []
    if is_missing(row["hours_week"]):
        pairs.append((_("Föreslagna timmar"), said(None)))
    else:
        pairs.append(
            (
                _("Föreslagna timmar, {n} per vecka").format(n=number(float(row["hours_week"]))),
                _inside(row["hours_share"], row["hours_efficiency"]),
            )
        )
    if is_missing(row["window_start"]):
        text: Words = _("för få händelser med känt klockslag ({n})").format(
            n=number(int(row["n_known"]))
        )
    else:
        start, hours = int(row["window_start"]), int(row["window_hours"])
        text = _("{window} alla dagar, {n} timmar per vecka: {inside}").format(
            window=hours_text(start, hours),
            n=number(7 * hours),
            inside=_inside(row["window_share"], row["efficiency"]),
        )
    pairs.append((_("Minsta tidsfönster"), text))
    return [*found, Facts(tuple(pairs))]


def _inside(part: Any, efficiency: Any) -> str:  # noqa: ANN401 (cells of a table)
    if is_missing(part):
        return _("inga händelser med känt klockslag")
    return _("{share} av händelserna, {times} gånger så tätt som veckan i snitt").format(
        share=share(part), times=number(float(efficiency), 1)
    )


def speaks_for(facts: SheetFacts) -> tuple[str, ...]:
    """Return what of section C is an argument for: figures only, and only those that there are."""
    row = facts.row("camera_picture")
    if not row:
        return ()
    found = [
        _("{n} räknade händelser på {days} olika dagar {period}").format(
            n=number(int(row["n_events"])),
            days=number(int(row["n_days"])),
            period=span_of(row["first_date"], row["last_date"]),
        )
    ]
    table = facts.table("camera_comparison")
    if len(table):
        own = table[table["kind"] == "site"].iloc[0]
        found.append(
            _("{per_ha} händelser per hektar, rang {rank} av {n} jämförbara platser").format(
                per_ha=number(own["per_ha"], 1), rank=own["rank"], n=own["n_compared"]
            )
        )
    if row["n_quarters"]:
        found.append(_("i högsta klassen {text} kvartalen").format(text=_quarters(row)))
    return tuple(found)
