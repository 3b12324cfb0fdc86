"""The import report as a page: first what became of the rows, then what to look at, then the rest.

Self-contained, without script. Only profile ``intern`` sees more than the account of rows: the
details hold addresses and texts from the files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from markupsafe import Markup

from geodata.disclosure import Profile, Released
from geodata.import_report import ImportReport
from geodata.language import day, ngettext, number
from geodata.language import gettext as _
from geodata.reasons import reason_text
from maps import report_tables
from maps.sheet import Bar, render
from maps.start_page import headline, index_html

__all__ = ["headline", "import_report_html", "index_html"]

EXAMPLES: Final = 3
"""Rows shown of each reason."""
MOST_LETTERS: Final = 60
"""Of what was read, on the page; ``rejected.csv`` has the rest."""


@dataclass(frozen=True)
class _Part:
    """One stretch of the bar that shows where the rows went, in percent of its length."""

    kind: str
    name: str
    n: int
    start: float
    width: float


@dataclass(frozen=True)
class _Told:
    text: str
    file: str


def import_report_html(
    report: ImportReport,
    *,
    profile: Profile,
    title: str,
    rejected: Released | None = None,
    incidents: Released | None = None,
    synthetic: bool = False,
) -> str:
    """Make the page of an import report.

    Parameters
    ----------
    report
        What the import did.
    profile
        Whom the page is for. ``samverkan`` and ``publik`` see the account of rows only.
    title
        Name of the project.
    rejected
        The released table of that name: its first rows become examples.
    incidents
        The released table of that name: for the chart of events per month.
    synthetic
        The data are made up.

    Returns
    -------
    str
        A whole HTML page that fetches nothing. Every text from data is escaped.

    Raises
    ------
    ValueError
        If a table was released for another profile.
    """
    for released in (rejected, incidents):
        if released is not None and released.profile != profile:
            msg = f"{released.name} was released for {released.profile}, the page is for {profile}"
            raise ValueError(msg)
    months = _months(incidents)
    return render(
        "import_report.html",
        profile=profile,
        title=title,
        synthetic=synthetic,
        short=profile != "intern",
        headline=headline(report),
        account=_account(report),
        summary=_summary(report),
        warnings=_told(report, "warning"),
        chosen=_told(report, "chosen"),
        others=_told(report, "info"),
        reasons=_reasons(report, rejected),
        months=months,
        months_text=_months_text(months),
        peak=max(months, key=lambda month: month.n, default=None),
        groups=report_tables.groups(report),
        stacks=report_tables.stacks(report),
        codes=report_tables.codes(report),
        codes_source=report.codes_source,
        many=len(report.inputs) > 1,
        files=[report_tables.file(one) for one in report.inputs],
    )


def _summary(report: ImportReport) -> str:
    """Return what the kept rows are, in one sentence."""
    events = report.totals["events"]
    if not events or report.first_date is None or report.last_date is None:
        return _("Ingen händelse finns kvar att räkna på.")
    told = ngettext(
        "De behållna raderna är {events} händelse",
        "De behållna raderna är {events} händelser",
        events,
    ).format(events=number(events))
    offences = ngettext("{n} brott", "{n} brott", report.offences).format(n=number(report.offences))
    places = ngettext("{n} plats", "{n} platser", report.places).format(n=number(report.places))
    period = Markup('<span class="nobr">{}</span>')
    sentence = _("{events} med {offences} på {places}, från {first} till {last}.")
    return Markup(sentence).format(  # noqa: S704 (our own words; what is filled in is escaped)
        events=told,
        offences=offences,
        places=places,
        first=period.format(day(report.first_date)),
        last=period.format(day(report.last_date)),
    )


def _account(report: ImportReport) -> list[_Part]:
    totals = report.totals
    named = (
        ("kept", _("behållna rader som är egna händelser"), totals["events"]),
        ("added", _("behållna rader som lägger brott till en händelse"), totals["rows_added"]),
        ("rejected", _("avvisade rader"), totals["rows_rejected"]),
        ("duplicate", _("dubbletter, sammanslagna"), totals["rows_duplicate"]),
    )
    scale, start, parts = 100 / max(totals["rows_read"], 1), 0.0, []
    for kind, name, n in named:
        parts.append(_Part(kind, name, n, start, n * scale))
        start += n * scale
    return parts


def _told(report: ImportReport, level: str) -> list[_Told]:
    many = len(report.inputs) > 1
    pairs = [(one.file, notice) for one in report.inputs for notice in one.notices]
    return [_Told(n.text, file if many else "") for file, n in pairs if n.level == level]


def _reasons(report: ImportReport, rejected: Released | None) -> list[dict[str, object]]:
    total, longest = sum(report.reasons.values()), max(report.reasons.values(), default=0)
    examples = _examples(rejected, many=len(report.inputs) > 1)
    return [
        {
            "text": reason_text(reason),
            "n": n,
            "share": n / total,
            "length": n / longest,
            "examples": examples.get(reason, []),
        }
        for reason, n in report.reasons.items()
        if n
    ]


def _examples(rejected: Released | None, *, many: bool) -> dict[str, list[dict[str, str]]]:
    """Return the first rows of each reason, by file and row."""
    if rejected is None or rejected.table is None:
        return {}
    found: dict[str, list[dict[str, str]]] = {}
    ordered = rejected.table.sort_values(["input_no", "row_number", "reason"], kind="stable")
    first = ordered.groupby("reason", sort=False, observed=True).head(EXAMPLES)
    for file, row, reason, detail in zip(
        first["input_no"], first["row_number"], first["reason"], first["detail"], strict=True
    ):
        where = _("rad {row}").format(row=row)
        if many:
            where = _("fil {file}, {where}").format(file=file, where=where)
        short = detail if len(detail) <= MOST_LETTERS else detail[: MOST_LETTERS - 1] + "…"
        found.setdefault(reason, []).append({"where": where, "detail": short})
    return found


def _months(incidents: Released | None) -> tuple[Bar, ...]:
    """Return events per month from the first to the last, months without any included."""
    if incidents is None or incidents.table is None or incidents.table.empty:
        return ()
    local = incidents.table["start"].dt.tz_localize(None).to_numpy()
    months = local.astype("datetime64[M]").astype(np.int64)
    first = int(months.min())
    counts = np.bincount(months - first)
    names = np.datetime_as_string((first + np.arange(len(counts))).astype("datetime64[M]"))
    total, longest = int(counts.sum()), int(counts.max())
    return tuple(
        Bar(str(name), int(n), n / total, n / longest)
        for name, n in zip(names, counts, strict=True)
    )


def _months_text(months: tuple[Bar, ...]) -> str:
    """Return the chart in words, for those who can't see it."""
    if not months:
        return ""
    low, high = (pick(months, key=lambda month: month.n) for pick in (min, max))
    return _(
        "Stapeldiagram över {n} månader, {first} till {last}: som flest {high} händelser i "
        "{high_month}, som färst {low} i {low_month}."
    ).format(
        n=number(len(months)),
        first=months[0].name,
        last=months[-1].name,
        high=number(high.n),
        high_month=high.name,
        low=number(low.n),
        low_month=low.name,
    )
