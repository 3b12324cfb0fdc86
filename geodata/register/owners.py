"""Owners of the register with their entrances and how consent stands, for letters."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geodata import schema
from geodata.register.reading import Register
from geodata.search_tables import SEARCHES


def owners_table(register: Register) -> pd.DataFrame:
    """Return table ``search_owners``, by name; owners without entrances with 0.

    The contact role is the one that stands most often, the first by alphabet at a tie.
    """
    table = register.table[register.table["owner"].notna()]
    valid = table["consent"] == "valid"
    marked = pd.DataFrame(
        {
            "owner": table["owner"],
            "contact_role": table["contact_role"],
            "property": table["property"],
            "valid": valid,
            "informed": valid & table["informed_date"].notna(),
            "ends": table["consent_valid_to"].where(valid),
        }
    )
    groups = marked.groupby("owner", sort=True)
    pairs = marked.groupby(["owner", "contact_role"]).size().reset_index(name="n")
    pairs = pairs.sort_values(["owner", "n", "contact_role"], ascending=[True, False, True])
    roles = pairs.drop_duplicates("owner").set_index("owner")["contact_role"]
    found = pd.DataFrame(
        {
            "contact_role": roles.reindex(groups.size().index),
            "n_properties": groups["property"].nunique(),
            "n_entrances": groups.size(),
            "n_valid": groups["valid"].sum(),
            "n_informed": groups["informed"].sum(),
            "valid_to": groups["ends"].min(),
        }
    ).reset_index()
    if len(register.owners):
        never = np.datetime64("NaT", "us")
        bare = register.owners.assign(
            n_properties=0, n_entrances=0, n_valid=0, n_informed=0, valid_to=never
        )
        found = pd.concat([found, bare[found.columns]]) if len(found) else bare[found.columns]
    found = found.sort_values("owner", ignore_index=True)
    counts = {name: "int64" for name in found.columns if name.startswith("n_")}
    found = found.astype({**counts, "owner": "str", "contact_role": "str"})
    found["valid_to"] = found["valid_to"].astype("datetime64[us]")
    schema.check(found, "search_owners", tables=SEARCHES)
    return found
