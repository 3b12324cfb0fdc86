"""The seven promise items: what was promised, what was done, what came of it, how sure that is.

An item always has its row. What nobody has told is ``uppgift saknas``, never zero; what may not be
shown in the profile says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
from scipy.special import betaincinv

from geodata.language import gettext as _
from geodata.language import ngettext, number, percent
from maps.appendix.model import Source
from maps.appendix.words import (
    count,
    noun,
    own_source,
    secret,
    source_line,
    state_text,
    unknown,
)
from maps.paper import Block, Heading, Run, Table, Words

if TYPE_CHECKING:
    from geodata.indicators import Item

LISTED: Final = 8
"""Areas whose change is told in the table; all of them have a table of their own."""


def promise(source: Source) -> list[Block]:
    """Return the table of the seven items."""
    facts = source.facts
    rows = []
    for item in facts.items:
        done, result = told(source, item)
        cells: tuple[Words, ...] = (
            Run(item.name, bold=True),
            item.promised,
            " ".join(done) or _sentence(unknown()),
            " ".join(result) or _sentence(unknown()),
            item.uncertainty,
        )
        rows += [cells, *_area_rows(source, item)]
    header = (_("Löftespunkt"), _("Lovat"), _("Gjort"), _("Resultat"), _("Osäkerhet"))
    caption = _("Medborgarlöftets sju punkter, {period}").format(period=facts.period)
    note = _(
        "”Uppgift saknas” och ”dolt” är inte noll. SSPF och SIG visas bara som summor för hela "
        "kommunen, aldrig per område."
    )
    if facts.has_indicators and facts.profile != "intern":
        note += " " + _("Indikatortabellens uppgifter per område visas bara internt.")
    return [
        Heading(_("Medborgarlöftet: lovat, gjort, resultat")),
        Table(
            header,
            tuple(rows),
            caption=caption,
            left=5,
            widths=(0.19, 0.22, 0.19, 0.2, 0.2),
            note=" ".join([note, *_origins(source), *source.notes("appendix_indicators")]),
        ),
    ]


def _origins(source: Source) -> list[str]:
    """Return where the figures come from."""
    taken = source_line(source, origin=_("uttaget, registren och indikatortabellen"))
    table = source.table("appendix_indicators")
    named = [] if table is None else list(dict.fromkeys(table["data_source"].dropna()))
    if not named:
        return [taken]
    return [taken, _("Indikatortabellens källor: {names}.").format(names="; ".join(named))]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def known_items(source: Source) -> int:
    """Return how many items have something told of what was done."""
    return sum(bool(told(source, item)[0]) for item in source.facts.items)


def told(source: Source, item: Item) -> tuple[list[str], list[str]]:
    """Return what was done for an item and what came of it, a sentence each; empty if unknown."""
    computed = {"cameras": _cameras, "est": _est, "searches": _searches}
    done, result = computed[item.key](source) if item.key in computed else ([], [])
    return [*done, *_listed(source, item, "done")], [*result, *_listed(source, item, "result")]


def _area_rows(source: Source, item: Item) -> list[tuple[Words, ...]]:
    """Return a row for each area that the list tells of, in order of its name."""
    table = _indicators(source, item)
    if table is None:
        return []
    table = table[table["area_id"].notna()].sort_values(["name", "area_id"], kind="stable")
    rows: list[tuple[Words, ...]] = []
    for _id, own in table.groupby("area_id", sort=False):
        done, result = (_lines(own[own["role"].astype(str) == role]) for role in ("done", "result"))
        rows.append(
            (
                f"– {own['name'].iloc[0]}",
                "",
                " ".join(done) or _sentence(unknown()),
                " ".join(result) or _sentence(unknown()),
                "",
            )
        )
    return rows


def _listed(source: Source, item: Item, role: str) -> list[str]:
    """Return the figures of the list of indicators for the whole municipality."""
    table = _indicators(source, item)
    if table is None:
        return []
    return _lines(table[table["area_id"].isna() & (table["role"].astype(str) == role)])


def _indicators(source: Source, item: Item) -> pd.DataFrame | None:
    """Return what the list has of an item, by the door's leave."""
    table = source.table("appendix_indicators")
    if table is None or (item.key == "cameras" and source.facts.profile != "intern"):
        return None  # how many cameras there are is not told outside the house
    return table[table["item"] == item.key]


def _lines(rows: pd.DataFrame) -> list[str]:
    """Return a sentence of each figure."""
    lines = []
    for row in rows.to_dict("records"):
        value = _value(row)
        line = _("{indicator}: {value}").format(indicator=row["indicator"], value=value)
        if pd.notna(row["uncertainty"]):
            line += f" ({row['uncertainty']})"
        lines.append(_sentence(line))
    return lines


def _value(row: dict) -> str:  # type: ignore[type-arg]
    value, unit = row["value"], row["unit"]
    if pd.isna(value):
        return secret() if row.get("hidden") else unknown()
    decimals = 0 if float(value).is_integer() else 1
    text = count(value, decimals=decimals)
    return f"{text}\u00a0{unit}" if pd.notna(unit) else text


def _cameras(source: Source) -> tuple[list[str], list[str]]:
    """Return proposals by state, and how many hot spots they stand at."""
    facts, table = source.facts, source.table("appendix_cameras")
    if table is None:
        text = _(
            "Visas inte i den här bilagan: kameraplatser och deras antal lämnas bara ut internt."
        )
        return [text], [text]
    states = table["state"].astype(str)
    done = [
        ngettext(
            "{n} kameraplats är föreslagen.", "{n} kameraplatser är föreslagna.", len(table)
        ).format(n=number(len(table))),
        _("Beslut finns för {decided}, komplett underlag för {complete}.").format(
            decided=number(int((states == "decided").sum())),
            complete=number(int((states == "complete").sum())),
        ),
    ]
    if facts.existing_cameras is not None:
        n = facts.existing_cameras
        text = ngettext("{n} befintlig kamera i lagret.", "{n} befintliga kameror i lagret.", n)
        done.append(text.format(n=number(n)))
    return done, []


def _est(source: Source) -> tuple[list[str], list[str]]:
    """Return the EST reports and measures of the period, and the change in reported offences."""
    facts = source.facts
    done, result = [], []
    counts = source.table("appendix_counts")
    if counts is not None:
        own = counts[
            (counts["source"].astype(str) == "est_report")
            & (counts["order"] == 0)
            & (counts["by"].astype(str) == "whole")
        ]
        for row in own.to_dict("records"):
            n = count(row["n_events"], hidden=bool(row.get("hidden", False)))
            done.append(_("EST-rapporter: {n}.").format(n=n))
    if facts.operations is not None and facts.strategic:
        text = ngettext(
            "{n} insats påbörjad enligt insatslistan.",
            "{n} insatser påbörjade enligt insatslistan.",
            facts.operations,
        )
        done.append(text.format(n=number(facts.operations)))
    table = source.table("appendix_change")
    if table is not None:
        own = table[
            (table["what"].astype(str) == "counted") & (table["unit"].astype(str) == "area")
        ]
        said = [
            f"{row['name']}: {state_text(str(row['source']), row['state'])}"
            for row in own.to_dict("records")
        ]
        if said and facts.compared:
            what = noun(facts, own_source(source), "counted")
            text = _("{what} mot {before} – {areas}.")
            result = [
                _sentence(
                    text.format(what=what, before=facts.compared, areas="; ".join(said[:LISTED]))
                )
            ]
    return done, result


def _searches(source: Source) -> tuple[list[str], list[str]]:
    """Return the searches of the period and their finds."""
    table = source.table("search_areas")
    if table is None:
        return [], []
    done, finds = table["n_searches"], table["n_finds"]
    if done.isna().any():
        return [_("Antal sök per område: se tabellen över hundsök; små tal är dolda.")], []
    total = int(done.sum())
    text = ngettext("{n} sökning av en entré.", "{n} sökningar av entréer.", total)
    said = text.format(n=number(total))
    if finds.isna().any():
        return [said], [_("Med fynd: {n}.").format(n=secret())]
    found = int(finds.sum())
    if not total:
        return [said], []
    low, high = share_limits(found, total)
    result = _("Med fynd: {n}, {share} (95-procentsintervall {low} till {high}).").format(
        n=number(found), share=percent(found / total), low=percent(low), high=percent(high)
    )
    return [said], [result]


def share_limits(found: int, total: int) -> tuple[float, float]:
    """Return the exact 95 % limits of a share (Clopper & Pearson, Biometrika 26, 1934).

    Parameters
    ----------
    found, total
        Counts, 0 ≤ found ≤ total, total above 0.
    """
    low = float(betaincinv(found, total - found + 1, 0.025)) if found else 0.0
    high = float(betaincinv(found + 1, total - found, 0.975)) if found < total else 1.0
    return low, high
