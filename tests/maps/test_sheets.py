"""The sheet as page, text and paper: what it must say, what it must never say, and escaping."""

from __future__ import annotations

import dataclasses
import re
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata import schema
from geodata.camera_tables import CAMERAS
from geodata.forms import Form, read_law
from geodata.forms.completeness import missing
from geodata.forms.fields import Balance, Identity, Intrusion, Problem
from geodata.schema import GEOCODE_CLASSES, YES_NO
from maps.pdf import paper_pdf
from maps.sheets import (
    Ground,
    SheetFacts,
    build_sheet,
    differences,
    sheet_html,
    sheet_paper,
    sheet_text,
)

EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(2)>{{7*191}}#let x = 1 $y$ ]#]'
VIEW = shapely.Point(569_000, 6_495_000).buffer(50)
NEVER = ("brottsutsatt", "laglig", "olaglig", " ökat", " minskat", "otillåten")


def table(name, rows, shapes=None):
    data = pd.DataFrame(rows)
    columns = CAMERAS[name]
    made = gpd.GeoDataFrame(data, geometry=shapes, crs="EPSG:3006") if shapes else data
    for label, column in columns.items():
        if label == "geometry":
            continue
        if label not in made:
            nothing = pd.NA if column.nullable else 0
            made[label] = {"int": nothing, "float": np.nan, "text": None, "bool": False}.get(
                column.kind
            )
        if column.kind == "category":
            made[label] = schema.category(made[label], name, label, tables=CAMERAS)
        elif column.kind == "date":
            made[label] = pd.to_datetime(made[label])
    return made


def crime_row(**more):
    row = {
        "site_id": "K01", "source": "police", "first_date": date(2024, 1, 1),
        "last_date": date(2025, 12, 31), "n_events": 12, "n_facade": 3, "n_expected": 4.25,
        "n_use": 2, "n_days": 9, "longest_gap": 40, "n_quarters": 12, "n_hot": 5,
        "n_now": 7, "n_before": 5, "change": np.nan, "change_low": np.nan, "change_high": np.nan,
        "n_known": 11, "window_start": 14, "window_hours": 6, "window_share": 0.82,
        "efficiency": 3.3, "stability": 0.6,
        **{f"n_initiative_{k}": v for k, v in zip(YES_NO, (8, 2, 2), strict=True)},
        **{f"n_geocode_{k}": 0 for k in GEOCODE_CLASSES}, "n_geocode_address": 12,
    }  # fmt: skip
    return {**row, **more}


def tables(**more):
    view = {"site_id": "K01", "sight": True, "area_m2": 7854.0}
    found = {
        "camera_sites": gpd.GeoDataFrame(
            {"site_id": ["K01"], "hotspot_id": ["H01"]}, geometry=[VIEW.centroid], crs="EPSG:3006"
        ),
        "camera_views": table("camera_views", [{**view, **more.pop("view", {})}], [VIEW]),
        "camera_picture": table("camera_picture", [crime_row(**more.pop("crime", {}))]),
        "camera_times": pd.DataFrame(
            {
                "site_id": "K01",
                "weekday": np.repeat(np.arange(7), 25),
                "hour": np.tile(np.arange(25), 7),
                "n": np.linspace(0, 1, 175),
            }
        ),
    }
    return {**found, **more}


def facts(form=None, known=("buildings",), **more):
    form = form or Form()
    return SheetFacts(
        site_id="K01",
        name=more.pop("name", "Torget"),
        tables=tables(**more),
        form=form,
        law=read_law(),
        missing=missing(form, unchecked={"sensitive"} - set(known)),
        known=frozenset(known),
        ground=Ground(),
        counted="polisanmälan; innehav",
        project="Prov",
        extract_date=date(2025, 12, 31),
        profile="intern",
    )


def forms():
    return [("html", sheet_html), ("text", sheet_text)]


def plain(html):
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.S))


@pytest.mark.parametrize(("kind", "write"), forms())
def test_the_header_the_sections_and_what_is_missing(kind, write):
    text = plain(write(build_sheet(facts())))
    assert "Underlag – ersätter inte bedömning enligt 9 §/14 b §" in text
    for name in ("Underlaget", "Ändamål och problem", "Brottsbild", "åtgärder", "Område och intrång",
                 "Avvägning och beslut", "Uppföljning"):  # fmt: skip
        assert name.casefold() in text.casefold(), name
    assert "Ofullständigt: 20 uppgifter saknas." in text
    assert "för få händelser för trend" in text
    assert "INTERN – SEKRETESSPRÖVAS" in text


@pytest.mark.parametrize(("kind", "write"), forms())
def test_no_verdict_and_no_word_that_claims_one(kind, write):
    form = Form(
        problem=Problem(purposes=("crime_exposed", "special_risk", "order", "serious_crime")),
        identity=Identity(controller="police", legal_track="police"),
    )
    text = plain(write(build_sheet(facts(form)))).casefold()
    assert not [word for word in NEVER if word in text]


def test_what_no_layer_tells_is_not_checked_and_never_zero():
    text = sheet_text(build_sheet(facts()))
    for name in ("Känsliga platser i bild", "Privat tomtmark", "Allmän plats", "Yta efter maskering",
                 "Överlapp med befintliga kameror", "Hållplatsområde i bild"):  # fmt: skip
        (line,) = [one for one in text.splitlines() if one.startswith(f"{name}:")]
        assert "ej kontrollerat" in line
        assert not re.search(r"\d+ m²", line)
    assert "ej kontrollerat: känsliga platser" in text
    known = {"n_sensitive": 0, "yard_m2": 0.0}
    known_text = sheet_text(build_sheet(facts(view=known, known=("buildings", "sensitive"))))
    assert "Känsliga platser i bild: inga i lagret" in known_text
    assert "Privat tomtmark: 0" in known_text


def test_a_stop_in_view_flags_the_exemption():
    text = " ".join(sheet_text(build_sheet(facts(view={"stop_m2": 40.0}))).split())
    assert "11 § 5" in text
    assert "pröva undantaget" in text


@pytest.mark.parametrize(
    ("controller", "expected"),
    [("police", "14–14 b §§"), ("municipality", "7–10 §§"), ("", "inget förslag")],
)
def test_the_track_is_suggested_and_decided_by_people(controller, expected):
    text = sheet_text(build_sheet(facts(Form(identity=Identity(controller=controller)))))
    (line,) = [one for one in text.splitlines() if one.startswith("Förslag till spår")]
    assert expected in line
    assert "Tillämpligt spår: uppgift saknas" in text


def test_text_of_a_form_can_be_nothing_but_text():
    form = Form(
        identity=Identity(author=EVIL, address=EVIL),
        problem=Problem(statement=EVIL + "\nB. FALSK RUBRIK\n----"),
        intrusion=Intrusion(access=(EVIL,)),
        balance=Balance(conclusion=EVIL),
    )
    sheet = build_sheet(facts(form, name=EVIL))
    html = sheet_html(sheet)
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "{{7*191}}" in html
    assert "1337" not in html
    assert "\nB. FALSK RUBRIK" not in sheet_text(sheet)
    assert paper_pdf(sheet_paper(sheet)).startswith(b"%PDF-1.")


def test_sheets_are_for_intern_only():
    for profile in ("samverkan", "publik"):
        with pytest.raises(ValueError, match="intern"):
            build_sheet(dataclasses.replace(facts(), profile=profile))
        with pytest.raises(ValueError, match="intern"):
            sheet_html(dataclasses.replace(build_sheet(facts()), profile=profile))


def test_a_digest_follows_what_the_sheet_says_and_nothing_else():
    one, same = build_sheet(facts()), build_sheet(facts())
    assert one.digest() == same.digest()
    assert dataclasses.replace(one, version=7, changes=("x",)).digest() == one.digest()
    other = build_sheet(facts(crime={"n_events": 13}))
    assert other.digest() != one.digest()
    changed = differences(one.entries(), other.entries())
    assert any("Räknade händelser" in line and "12" in line and "13" in line for line in changed)
    moved = facts()
    moved.tables["camera_views"].geometry = [VIEW.buffer(1)]
    told = differences(one.entries(), build_sheet(moved).entries())
    assert any("Upptagningsområde och maskering: har ändrats." in line for line in told)


def test_a_long_list_of_changes_is_cut_and_counted():
    before = {str(i): "a" for i in range(30)}
    told = differences(before, dict.fromkeys(before, "b"), most=5)
    assert len(told) == 6
    assert told[-1] == "och 25 uppgifter till"


def test_a_change_is_told_with_its_interval_and_as_uncertain():
    crime = {"n_now": 30, "n_before": 25, "change": 1.2, "change_low": 0.7, "change_high": 2.1}
    text = " ".join(sheet_text(build_sheet(facts(crime=crime))).split())
    assert "kvot 1,20 (95 % osäkerhetsintervall 0,70–2,10); ej säkerställd förändring" in text


def test_the_sheet_in_english_has_no_swedish_law_missing():
    from geodata import language

    with language.using("en"):
        sheet = build_sheet(facts())
    assert sheet.header.startswith("Supporting document")
