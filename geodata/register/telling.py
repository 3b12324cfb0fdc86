"""Notices about a register: what was read, how consent stands, one a kind of oddity."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd

from geodata.errors import Notice
from geodata.language import N_, day, ngettext, number
from geodata.language import gettext as _
from geodata.register.columns import listed
from geodata.register.issues import Issues
from geodata.search_tables import CONSENTS

CONSENT_TEXTS: Final = {
    "valid": N_("giltigt"),
    "none": N_("saknas"),
    "not_yet": N_("ännu inte i kraft"),
    "expired": N_("har gått ut"),
    "withdrawn": N_("återkallat"),
    "unclear": N_("oklart"),
    "no_space": N_("omfattar inget utrymme"),
}

ISSUE_TEXTS: Final = {
    "duplicate_entrance": N_(
        "Entréer som står flera gånger har slagits ihop; det strängaste samtycket gäller."
    ),
    "same_place": N_(
        "Entréer med olika id men samma adress och punkt. Är de en och samma lottas den oftare."
    ),
    "no_owner": N_("Entréer utan ägare. De kan inte väljas: ingen kan ha lämnat samtycke."),
    "two_owners": N_(
        "Fastigheter med två ägare. Samtycket räknas som oklart tills registret anger vem som "
        "äger, eller båda har lämnat det."
    ),
    "owner_without_entrances": N_("Ägare utan någon entré med punkt. De står kvar bland ägarna."),
    "no_point": N_("Entréer utan punkt i området. De kan varken få rapporter eller väljas."),
    "half_consent": N_("Samtycken utan roll eller datum. De räknas som oklara."),
    "unreadable_date": N_(
        "Datum som inte går att läsa. Gäller det samtycket räknas det som oklart."
    ),
    "unknown_space": N_("Utrymmen som inte är kända. De ingår inte i något sök."),
    "unknown_tenure": N_("Upplåtelseformer som inte är kända. De räknas som okänd."),
    "unreadable_number": N_("Antal lägenheter som inte går att läsa. De räknas som okända."),
    "empty_row": N_("Rader utan entré och ägare."),
}


def register_read(table: pd.DataFrame, path: Path, on: date) -> list[Notice]:
    """Tell how many entrances there are and how their consent stands on the day."""
    counts = table["consent"].value_counts(sort=False)
    found = {name: int(counts.get(name, 0)) for name in CONSENTS}
    owners = int(table["owner"].nunique())
    text = ngettext(
        "{file}: {n} entré, {owners} ägare.", "{file}: {n} entréer, {owners} ägare.", len(table)
    ).format(file=path.name, n=number(len(table)), owners=number(owners))
    notices = [
        Notice(code="register_read", text=text, data={"n": len(table), "owners": owners, **found})
    ]
    rest = ", ".join(
        _("{what} {n}").format(what=_(CONSENT_TEXTS[name]), n=number(n))
        for name, n in found.items()
        if n and name != "valid"
    )
    if not found["valid"]:
        text = _(
            "Ingen entré har giltigt samtycke den {day}: {rest}. Ingen kan väljas till en omgång."
        ).format(day=day(on), rest=rest)
        notices.append(Notice(code="no_valid_consent", text=text, level="warning", data=found))
    elif rest:
        text = _(
            "Giltigt samtycke den {day}: {n} av {total} entréer. Övriga kan inte väljas: {rest}."
        ).format(day=day(on), n=number(found["valid"]), total=number(len(table)), rest=rest)
        notices.append(Notice(code="consent_lacking", text=text, level="warning", data=found))
    uninformed = int(((table["consent"] == "valid") & table["informed_date"].isna()).sum())
    if uninformed:
        text = ngettext(
            "Vid {n} entré med giltigt samtycke anger registret inte att de boende är informerade.",
            "Vid {n} entréer med giltigt samtycke anger registret inte att de boende är "
            "informerade.",
            uninformed,
        ).format(n=number(uninformed))
        notices.append(
            Notice(code="not_informed", text=text, level="warning", data={"n": uninformed})
        )
    return notices


def of_issues(issues: Issues, path: Path) -> list[Notice]:
    """Tell each kind of oddity once, with its rows; all rows stand in table ``search_issues``."""
    notices = []
    for code, n in issues.counts.items():
        if code == "shelter":
            text = ngettext(
                "{n} rad rör skyddat boende och läses inte; den visas aldrig.",
                "{n} rader rör skyddat boende och läses inte; de visas aldrig.",
                n,
            ).format(n=number(n))
            notices.append(Notice(code="shelter_left_out", text=text, data={"n": n}))
            continue
        rows = issues.rows(code)
        where = ngettext("{file}, rad {rows}.", "{file}, raderna {rows}.", len(rows)).format(
            file=path.name, rows=listed(rows)
        )
        notices.append(
            Notice(
                code=code,
                text=f"{_(ISSUE_TEXTS[code])} {where}",
                level="warning",
                data={"n": n, "rows": rows},
            )
        )
    return notices
