"""Sections A, B, D and F of a sheet: what people have to say, with what can be suggested."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from geodata.forms.fields import Form
from geodata.forms.law import Law
from geodata.language import day, number
from geodata.language import gettext as _
from maps.paper import Beside, Block, Bullets, Facts, Paragraph, Run, Table, Words
from maps.sheets.model import Section, SheetFacts
from maps.sheets.words import is_missing, lacking, named, said, span_of, with_law


def identity(facts: SheetFacts) -> Section:
    """Return section A: what the proposal is and who answers for it."""
    one, law, site = facts.form.identity, facts.law, facts.row("camera_sites")
    pairs: list[tuple[str, Words]] = [
        (_("Underlag"), with_law(facts.site_id, law.reference("proposal"))),
        (_("Upprättad av (funktion)"), said(one.author)),
        (
            _("Personuppgiftsansvarig"),
            with_law(_controller(facts.form), law.reference("controller")),
        ),
        (_("Tillämpligt spår"), with_law(_track(facts.form, law), law.reference("legal_track"))),
        (_("Förslag till spår"), suggested_track(facts)),
        (_("Rättslig grund"), with_law(said(one.legal_basis), law.reference("legal_basis"))),
        (_("Tidigare tillstånd (dnr)"), one.earlier_permit or _("inget angivet")),
        (_("Adress eller motsvarande"), with_law(said(one.address), law.reference("address"))),
        (_("Typ av plats"), with_law(said(one.place_type), law.reference("place_type"))),
        (_("Hot spot"), str(site.get("hotspot_id") or _("ingen"))),
        (_("Ställning"), named(facts.form.standing.position)),
    ]
    return Section("A", _("Underlaget"), (Facts(tuple(pairs)),))


def _controller(form: Form) -> Words:
    one = form.identity
    if not one.controller:
        return lacking()
    return (
        f"{one.controller_name} ({named(one.controller)})"
        if one.controller_name
        else named(one.controller)
    )


def _track(form: Form, law: Law) -> Words:
    track = form.identity.legal_track
    return law.text(track, "track") if track else lacking()


def suggested_track(facts: SheetFacts) -> str:
    """Return which track the facts point to; people decide."""
    law, controller = facts.law, facts.form.identity.controller
    if not controller:
        return _("inget förslag förrän personuppgiftsansvarig är angiven")
    track = law.text("police" if controller == "police" else "municipal", "track")
    stop = facts.row("camera_views").get("stop_m2")
    if not is_missing(stop) and float(str(stop)) > 0:
        track += " – " + law.text("exempt_stop")
    return track


def problem(facts: SheetFacts) -> Section:
    """Return section B: purpose and problem."""
    one, law = facts.form.problem, facts.law
    purposes: Words = lacking()
    if one.purposes:
        purposes = "; ".join(
            f"{law.text(name, 'purpose')} ({law.reference(name, 'purpose')})"
            for name in one.purposes
        )
    pairs: tuple[tuple[str, Words], ...] = (
        (_("Ändamål"), with_law(purposes, law.reference("purposes"))),
        (_("Problembeskrivning"), with_law(said(one.statement), law.reference("statement"))),
        (
            _("Vad ska kameran göra som annat inte kan?"),
            with_law(said(one.camera_question), law.reference("camera_question")),
        ),
    )
    return Section("B", _("Ändamål och problem"), (Facts(pairs),))


def measures(facts: SheetFacts) -> Section:
    """Return section D: measures tried, with counts before and after."""
    form, table = facts.form.measures, facts.table("camera_measures")
    law = facts.law.reference("measures")
    if not len(table):
        words: Words = lacking()
        if form.none_because:
            words = _("Inga, därför att {why}").format(why=form.none_because)
        pair = (_("Prövade åtgärder"), with_law(words, law))
        return Section("D", _("Tidigare och alternativa åtgärder"), (Facts((pair,)),))
    rows = tuple(_measure(row) for row in table.to_dict("records"))
    few = bool(table["few"].any())
    note = _("Händelser i upptagningsområdet lika många månader före som efter.")
    if few:
        note += " " + _(
            "* Få händelser: skillnaden kan vara slump och säger inget om åtgärdens effekt."
        )
    header = (
        _("Åtgärd"),
        _("Tid"),
        _("Ansvarig"),
        _("Effekt enligt ansvarig"),
        _("Varför det inte räckte"),
        _("Före"),
        _("Efter"),
    )
    blocks: tuple[Block, ...] = (
        Table(
            header,
            rows,
            caption=_("Prövade åtgärder"),
            left=5,
            widths=(0.15, 0.15, 0.12, 0.22, 0.22, 0.07, 0.07),
            note=note,
        ),
    )
    return Section("D", _("Tidigare och alternativa åtgärder"), blocks)


def _measure(row: dict[Any, Any]) -> tuple[Words, ...]:
    name = named(row["kind"])
    if not is_missing(row["name"]):
        name = f"{name}: {row['name']}"
    texts = [
        lacking() if is_missing(row[key]) else str(row[key])
        for key in ("responsible", "effect", "why_not_enough")
    ]
    before, after = _count(row, "n_before"), _count(row, "n_after")
    return (name, _when(row), *texts, before, after)


def _when(row: dict[Any, Any]) -> Words:
    if is_missing(row["first_date"]):
        return lacking()
    if is_missing(row["last_date"]):
        return _("från {day}").format(day=day(pd.Timestamp(row["first_date"]).date()))
    return span_of(row["first_date"], row["last_date"])


def _count(row: dict[Any, Any], key: str) -> Words:
    if is_missing(row[key]):
        return "–"
    return number(int(row[key])) + ("*" if row["few"] else "")


def decision(facts: SheetFacts, pro: tuple[str, ...], con: tuple[str, ...]) -> list[Block]:
    """Return what section F holds beside the alternatives: arguments, conclusion, decision."""
    one, law = facts.form.balance, facts.law
    pro += (one.arguments_for,) if one.arguments_for else ()
    con += (one.arguments_against,) if one.arguments_against else ()
    pairs: tuple[tuple[str, Words], ...] = (
        (_("Slutsats"), said(one.conclusion)),
        (_("Dataskyddsombudets yttrande"), said(one.dpo_statement)),
        (_("Beslutsfattare (funktion)"), said(one.decision_maker)),
        (_("Bedömningen gjord"), with_law(said(one.decided), law.reference("decision"))),
        (_("Omprövas senast"), with_law(said(review_day(facts.form)), law.reference("review"))),
        (_("Konsekvensbedömning"), with_law(said(one.dpia_ref), law.reference("dpia"))),
        (_("Skyltar på plats"), with_law(said(one.signs), law.reference("signs"))),
    )
    triggers = tuple(
        f"{law.text(key, 'trigger')} ({law.reference(key, 'trigger')})"
        for key in law.keys("trigger")
    )
    happened = (
        [Paragraph((Run(_("Har inträffat: "), bold=True), "; ".join(one.triggers)))]
        if one.triggers
        else []
    )
    return [
        Beside(
            (
                Paragraph(Run(_("Talar för, ur uppgifterna ovan"), bold=True)),
                Bullets(pro or (_("inget ifyllt"),)),
            ),
            (
                Paragraph(Run(_("Talar emot, ur uppgifterna ovan"), bold=True)),
                Bullets(con or (_("inget ifyllt"),)),
            ),
        ),
        Facts(pairs),
        Paragraph(Run(_("Ny bedömning krävs om"), bold=True)),
        Bullets(triggers, mark="box"),
        *happened,
    ]


def review_day(form: Form) -> date | None:
    """Return when the assessment is to be reviewed: as stated, else twelve months after it."""
    one = form.balance
    if one.review_date is not None:
        return one.review_date
    if one.decided is None:
        return None
    return (pd.Timestamp(one.decided) + pd.DateOffset(months=12)).date()
