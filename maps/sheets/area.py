"""Sections E and G of a sheet, and the alternatives of F: area, intrusion, other ways."""

from __future__ import annotations

from typing import Any

import shapely

from geodata.forms.hours import proposed_hours
from geodata.language import day, ngettext, number
from geodata.language import gettext as _
from maps.paper import Block, Facts, Paragraph, Picture, Table, Words
from maps.sheets.model import Section, SheetFacts
from maps.sheets.picture import sheet_map
from maps.sheets.words import (
    figure,
    is_missing,
    lacking,
    named,
    said,
    share,
    span_of,
    unchecked,
    with_law,
)


def map_of(facts: SheetFacts) -> Picture | None:
    """Return the sheet's map; ``None`` without a view."""
    views, sites = facts.table("camera_views"), facts.table("camera_sites")
    if not len(views) or not len(sites):
        return None
    masks = facts.table("camera_masks")
    hidden = tuple(masks.geometry.to_numpy()) if len(masks) else ()
    at = shapely.get_coordinates(sites.geometry.iloc[0])[0]
    svg, alt = sheet_map(
        views.geometry.iloc[0],
        (float(at[0]), float(at[1])),
        hidden,
        facts.ground,
        label=facts.site_id,
    )
    note = _("Blått: upptagningsområde.")
    if hidden:
        note += " " + _("Streckat: föreslagen maskering.")
    if facts.ground.existing:
        note += " " + _("Lila streck: befintlig kamera.")
    if "sensitive" in facts.known:
        note += " " + _("Triangel: känslig plats.")
    note += " " + facts.law.text("shelters")
    return Picture(svg, alt, caption=_("Upptagningsområde"), width_mm=150, note=note)


def intrusion(facts: SheetFacts) -> Section:
    """Return section E: what the camera sees and whom it concerns."""
    row = facts.row("camera_views")
    blocks: list[Block] = []
    if row and not row["sight"]:
        text = _("Huslager saknas: fri sikt är inte prövad och området är en cirkel.")
        blocks.append(Paragraph(text))
    if row:
        blocks.append(Facts(tuple(_seen(facts, row))))
    table = facts.table("camera_sensitive")
    if len(table):
        blocks.append(_sensitive(table))
    blocks.append(Facts(tuple(_asked(facts))))
    return Section("E", _("Område och intrång"), tuple(blocks))


def _seen(facts: SheetFacts, row: dict[str, Any]) -> list[tuple[str, Words]]:
    law, area = facts.law, float(row["area_m2"])
    pairs: list[tuple[str, Words]] = [
        (_("Upptagningsområde"), with_law(figure(area, unit="m²"), law.reference("area"))),
        (_("Allmän plats"), _part(row["public_m2"], area)),
        (_("Privat tomtmark"), _part(row["yard_m2"], area)),
        (_("Bostadsfasad i bild"), figure(row["facade_m"], unit="m")),
        (
            _("Bostadshus och entréer i bild"),
            _("{houses} bostadshus, {entrances} entréer").format(
                houses=_word(figure(row["n_residential"])),
                entrances=_word(figure(row["n_entrances"])),
            ),
        ),
        (_("Känsliga platser i bild"), with_law(_n_sensitive(row), law.reference("sensitive"))),
        (
            _("Föreslagen maskering"),
            with_law(_part(row["masked_m2"], area), law.reference("masks")),
        ),
        (_("Yta efter maskering"), figure(row["net_m2"], unit="m²")),
        (_("Överlapp med befintliga kameror"), figure(row["existing_m2"], unit="m²")),
        (_("Hållplatsområde i bild"), _stop(facts, row)),
    ]
    return pairs


def _word(words: Words) -> str:
    from maps.paper import plain

    return plain(words)


def _part(value: Any, area: float) -> Words:  # noqa: ANN401 (a cell of a table)
    if is_missing(value):
        return unchecked()
    part = float(value) / area if area > 0 else 0.0
    return f"{_word(figure(value, unit='m²'))} ({_word(share(part))})"


def _n_sensitive(row: dict[str, Any]) -> Words:
    if is_missing(row["n_sensitive"]):
        return unchecked()
    n = int(row["n_sensitive"])
    return number(n) if n else _("inga i lagret")


def _stop(facts: SheetFacts, row: dict[str, Any]) -> Words:
    value = row["stop_m2"]
    if is_missing(value):
        return unchecked()
    if float(value) <= 0:
        return with_law(_("nej"), facts.law.reference("stops"))
    text = f"{_word(figure(value, unit='m²'))}. {facts.law.text('exempt_stop')}"
    return with_law(text, facts.law.reference("stops"))


def _sensitive(table: Any) -> Table:  # noqa: ANN401 (a table of pandas)
    rows = []
    for row in table.to_dict("records"):
        view = _("utanför bild")
        if row["in_view"]:
            view = _("i bild, maskerad") if row["masked"] else _("i bild")
        name = "–" if is_missing(row["name"]) else str(row["name"])
        rows.append((named(row["kind"]), name, view, number(float(row["distance_m"]))))
    header = (_("Slag"), _("Namn"), _("Läge"), _("Avstånd, m"))
    return Table(header, tuple(rows), caption=_("Känsliga platser i och intill bild"), left=3)


def _asked(facts: SheetFacts) -> list[tuple[str, Words]]:
    """Return what only people can say of the intrusion."""
    one, law = facts.form.intrusion, facts.law
    return [
        (_("Känsliga platser, kontrollerade på plats"), said(one.sensitive)),
        (_("Förbipasserande, uppskattning"), said(one.passers_by)),
        (_("Teknik"), with_law(_technique(facts), law.reference("technique"))),
        (
            _("Integritetsfrämjande teknik"),
            with_law(said(one.privacy_technique), law.reference("masks")),
        ),
        (_("Bevakningstid"), with_law(hours_of(facts), law.reference("hours"))),
        (_("Lagringstid och skäl"), with_law(_storage(facts), law.reference("storage"))),
        (_("Åtkomst (roller)"), with_law(said(one.access), law.reference("access"))),
        (_("Arbetsplats filmas"), with_law(_workplace(facts), law.reference("workplace"))),
    ]


def _technique(facts: SheetFacts) -> Words:
    one = facts.form.intrusion
    if not one.technique and not one.recording:
        return lacking()
    parts = [named(code) for code in (one.technique, one.recording) if code]
    parts.append(_("ljud: {answer}").format(answer=named("yes" if one.sound else "no")))
    parts.append(_("bildanalys: {answer}").format(answer=named("yes" if one.analytics else "no")))
    if one.special_technique:
        parts.append(one.special_technique)
    return ", ".join(parts)


def hours_of(facts: SheetFacts) -> Words:
    """Return the proposed hours in words."""
    one = facts.form.intrusion
    chosen = proposed_hours(one)
    if chosen is None:
        return lacking()
    return _("{first}–{last}, {days} ({n} timmar per vecka)").format(
        first=f"{one.hours_from:02d}",
        last=f"{one.hours_to:02d}",
        days=named(one.hours_days),
        n=number(int(chosen.sum())),
    )


def _storage(facts: SheetFacts) -> Words:
    one = facts.form.intrusion
    if one.storage_days is None:
        return lacking()
    whole = float(one.storage_days).is_integer()
    days = number(one.storage_days, 0 if whole else 1)
    text = ngettext("{n} dygn", "{n} dygn", int(one.storage_days)).format(n=days)
    return f"{text}: {one.storage_reason}" if one.storage_reason else text


def _workplace(facts: SheetFacts) -> Words:
    one = facts.form.intrusion
    if not one.workplace:
        return lacking()
    text = named(one.workplace)
    if one.workplace == "yes":
        text += f". {facts.law.text('mbl')} " + _("Referens: {ref}").format(ref=one.mbl_ref or "–")
    return text


def speaks_against(facts: SheetFacts) -> tuple[str, ...]:
    """Return what of section E is an argument against: figures, and what is not checked."""
    row = facts.row("camera_views")
    if not row:
        return ()
    found = [_("{area} m² bevakas").format(area=number(float(row["area_m2"])))]
    texts = (
        ("yard_m2", _("{n} m² privat tomtmark i bild")),
        ("facade_m", _("{n} m bostadsfasad i bild")),
        ("n_residential", _("{n} bostadshus i bild")),
        ("n_entrances", _("{n} entréer i bild")),
        ("n_sensitive", _("{n} känsliga platser i bild")),
    )
    for key, text in texts:
        if not is_missing(row[key]) and round(float(row[key])) > 0:
            found.append(text.format(n=number(float(row[key]))))
    names = {
        "n_sensitive": _("känsliga platser"),
        "yard_m2": _("privat tomtmark"),
        "existing_m2": _("befintliga kameror"),
    }
    open_ = [name for key, name in names.items() if is_missing(row[key])]
    if open_:
        found.append(_("ej kontrollerat: {list}").format(list=", ".join(open_)))
    return tuple(found)


def alternatives(facts: SheetFacts) -> Table | None:
    """Return the alternatives side by side; ``None`` where there are none."""
    table = facts.table("camera_alternatives")
    if not len(table):
        return None
    rows: list[tuple[Words, ...]] = [
        (
            f"{named(str(row['alternative']))}: {row['text']}",
            number(float(row["events"]), 1),
            share(row["share_kept"]),
            number(float(row["hours_week"])),
            number(float(row["area_m2"])),
            figure(row["n_residential"]),
            figure(row["n_sensitive"]),
        )
        for row in table.to_dict("records")
    ]
    header = (
        _("Alternativ"),
        _("Händelser per år"),
        _("Andel kvar"),
        _("Timmar per vecka"),
        _("Yta, m²"),
        _("Bostadshus"),
        _("Känsliga platser"),
    )
    note = _(
        "Händelser är väntat antal i bild under bevakad tid, med punkternas lägesfel. Inget "
        "sammanvägt betyg räknas."
    )
    return Table(
        header,
        tuple(rows),
        caption=_("Alternativ sida vid sida"),
        left=1,
        widths=(0.34, 0.11, 0.11, 0.11, 0.11, 0.11, 0.11),
        note=note,
    )


def evaluation(facts: SheetFacts) -> Section:
    """Return section G: the evaluation that is fixed before the start."""
    table, effects = facts.table("camera_evaluation"), facts.table("camera_effects")
    title = _("Uppföljning, bestämd före start")
    if not len(table) or not len(effects):
        pair = (_("Plan"), lacking())
        return Section("G", title, (Facts((pair,)),))
    variants = {"view": _("utan marginal"), "margin": _("med marginal")}
    rows = tuple(
        (
            variants[str(row["variant"])],
            _role(row),
            number(float(shapely.area(row["geometry"]))),
            number(int(row["n_before"])),
        )
        for row in table.to_dict("records")
    )
    first = table.iloc[0]
    pairs: list[tuple[str, Words]] = [
        (_("Planen bestämd"), day(first["fixed_date"].date())),
        (_("Utfall"), str(effects["outcome"].iloc[0])),
        (
            _("Perioder"),
            _("{before} månader före ({span}) och {after} månader efter start").format(
                before=number(int(first["months_before"])),
                span=span_of(first["first_date"], first["last_date"]),
                after=number(int(first["months_after"])),
            ),
        ),
    ]
    for row in effects.to_dict("records"):
        name = _("Minsta effekt, {variant}").format(variant=variants[str(row["variant"])])
        pairs.append((name, str(row["sentence"])))
    pairs.append((_("Möjliga slutsatser"), _("färre, fler eller går inte att avgöra")))
    header = (_("Variant"), _("Område"), _("Yta, m²"), _("Händelser före"))
    note = _("Kontrollområdena är valda efter likhet före start, aldrig efter utfall.")
    plan = Table(header, rows, caption=_("Områden i uppföljningen"), left=2, note=note)
    return Section("G", title, (Facts(tuple(pairs)), plan))


def _role(row: dict[Any, Any]) -> str:
    if row["role"] == "control":
        return _("kontrollområde {n}").format(n=number(int(row["place"])))
    return named(str(row["role"]))
