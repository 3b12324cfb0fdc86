"""Whether a proposal's sheet is complete: what people still have to say, section by section."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from geodata.forms.fields import Form, MeasureTried
from geodata.language import gettext as _
from geodata.language import ngettext, number

POLICE_ONLY: Final = frozenset({"serious_crime", "strategic"})
"""Purposes that only the police can state (14 a §)."""


@dataclass(frozen=True)
class Missing:
    """One thing that stands in the way of a complete sheet: section, field of the form, words."""

    section: str
    field: str
    text: str


def missing(form: Form, *, unchecked: Collection[str] = ()) -> tuple[Missing, ...]:
    """Return what is missing, in the order of the sheet; nothing means complete.

    Parameters
    ----------
    form
        The form.
    unchecked
        Layers that the run had no data of, such as ``sensitive``: what they would have told must
        be answered by hand.
    """
    found = [*_identity(form), *_problem(form), *_measures(form), *_intrusion(form, unchecked)]
    if form.standing.position == "decided":
        found += _decision(form)
    return tuple(found)


def _asked(section: str, table: str, wanted: dict[str, tuple[object, str]]) -> list[Missing]:
    """Return the fields left empty: ``None``, no text, no item; 0 and false are answers."""
    return [
        Missing(section, f"{table}.{name}", text)
        for name, (value, text) in wanted.items()
        if value is None or (isinstance(value, str | tuple) and not _said(value))
    ]


def _said(value: str | tuple[object, ...]) -> bool:
    """Tell whether something is said: blanks and punctuation alone say nothing."""
    if isinstance(value, tuple):
        return any(not isinstance(item, str) or _said(item) for item in value)
    return any(sign.isalnum() for sign in value)


def _identity(form: Form) -> list[Missing]:
    one = form.identity
    return _asked(
        "A",
        "identity",
        {
            "author": (one.author, _("upprättad av (funktion)")),
            "controller": (one.controller, _("personuppgiftsansvarig")),
            "legal_track": (one.legal_track, _("tillämpligt spår")),
            "legal_basis": (one.legal_basis, _("rättslig grund")),
            "address": (one.address, _("adress eller motsvarande")),
            "place_type": (one.place_type, _("typ av plats")),
        },
    )


def _problem(form: Form) -> list[Missing]:
    one = form.problem
    found = _asked(
        "B",
        "problem",
        {
            "purposes": (one.purposes, _("ändamål")),
            "statement": (one.statement, _("problembeskrivning")),
            "camera_question": (
                one.camera_question,
                _("vad kameran ska göra som annat inte kan"),
            ),
        },
    )
    controller = form.identity.controller
    if controller not in ("", "police") and POLICE_ONLY & set(one.purposes):
        text = _("ett annat ändamål: det angivna kan bara polisen åberopa")
        found.append(Missing("B", "problem.purposes", text))
    return found


def _measures(form: Form) -> list[Missing]:
    one = form.measures
    if not one.tried and not _said(one.none_because):
        text = _("minst en prövad åtgärd, eller varför ingen har prövats")
        return [Missing("D", "measures.tried", text)]
    halves = [i for i, tried in enumerate(one.tried, start=1) if not _told(tried)]
    if not halves:
        return []
    text = ngettext(
        "slag, första dag, effekt och varför det inte räckte för åtgärd {list}",
        "slag, första dag, effekt och varför det inte räckte för åtgärderna {list}",
        len(halves),
    ).format(list=", ".join(number(i) for i in halves))
    return [Missing("D", "measures.tried", text)]


def _told(tried: MeasureTried) -> bool:
    return tried.first_date is not None and _said(tried.effect) and _said(tried.why_not_enough)


def _intrusion(form: Form, unchecked: Collection[str]) -> list[Missing]:
    one = form.intrusion
    sensitive = _("känsliga platser, kontrollerade på plats")
    if "sensitive" in unchecked:
        sensitive = _("känsliga platser: lagret saknas, så de måste kontrolleras för hand")
    found = _asked(
        "E",
        "intrusion",
        {
            "sensitive": (one.sensitive, sensitive),
            "technique": (one.technique, _("teknik: fast eller styrbar")),
            "recording": (one.recording, _("realtid eller inspelning")),
            "hours_from": (one.hours_from, _("bevakning från klockan")),
            "hours_to": (one.hours_to, _("bevakning till klockan")),
            "hours_days": (one.hours_days, _("vilka dagar bevakningen gäller")),
            "storage_days": (one.storage_days, _("lagringstid")),
            "storage_reason": (one.storage_reason, _("skäl för lagringstiden")),
            "access": (one.access, _("vilka roller som har åtkomst")),
            "workplace": (one.workplace, _("om en arbetsplats filmas")),
        },
    )
    if one.workplace == "yes":
        found += _asked(
            "E", "intrusion", {"mbl_ref": (one.mbl_ref, _("förhandling enligt MBL (referens)"))}
        )
    return found


def _decision(form: Form) -> list[Missing]:
    one = form.balance
    return _asked(
        "F",
        "balance",
        {
            "conclusion": (one.conclusion, _("slutsats av avvägningen")),
            "decision_maker": (one.decision_maker, _("beslutsfattare (funktion)")),
            "decided": (one.decided, _("datum för bedömningen")),
            "dpo_statement": (one.dpo_statement, _("dataskyddsombudets yttrande")),
            "dpia_ref": (one.dpia_ref, _("konsekvensbedömning (referens)")),
            "signs": (one.signs, _("skyltar på plats")),
        },
    )
