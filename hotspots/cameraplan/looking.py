"""How alternatives look: views, shares and costs of any sight from the proposed sites."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from hotspots.cameraplan.scene import Scene
from hotspots.privacy import view_costs
from hotspots.privacy.masks import masks
from hotspots.sightlines import shares_within, views
from hotspots.sites import Demand

TURN = 360.0


@dataclass(frozen=True, eq=False)
class SceneLook:
    """`hotspots.alternatives.Look` of a scene; ``row`` is a candidate.

    Attributes
    ----------
    scene, demand
        The candidates and what they are to see.
    crs
        The project's CRS.
    places
        Rows of the demanded places that are looked at, ascending; all when missing.
    """

    scene: Scene
    demand: Demand
    crs: str
    places: NDArray[np.int64] | None = None

    def near(self, sights: pd.DataFrame) -> SceneLook:
        """Return the same look at only those places that lie in any of the sights.

        Sights within these, smaller or masked, hold no others.
        """
        held = self.shares(sights.assign(masked=False)).max(axis=0).toarray().ravel() > 0
        return replace(self, places=np.flatnonzero(held))

    def shares(self, sights: pd.DataFrame) -> csr_array:
        """Return the share of each place looked at in each view, 0–1, sights × places."""
        scene = self.scene
        rows = slice(None) if self.places is None else self.places
        return shares_within(
            self._seen(sights),
            self.demand.xy[rows],
            scene.sigma_m[rows],
            scene.obstacles,
            open_share=scene.open_share[rows],
        )

    def costs(self, sights: pd.DataFrame) -> gpd.GeoDataFrame:
        """Return each view and what it costs, shelters not counted."""
        seen = self._seen(sights)
        table = view_costs(seen, self.scene.privacy).drop(columns="n_withheld")
        left = masks(seen, self.scene.privacy, self.scene.settings.privacy, crs=self.crs).costs
        table["n_sensitive"] = table["n_sensitive"].where(
            ~sights["masked"].to_numpy(bool), left["n_sensitive"]
        )
        return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(seen, crs=self.crs), crs=self.crs)

    def _seen(self, sights: pd.DataFrame) -> NDArray[np.object_]:
        scene = self.scene
        row = sights["row"].to_numpy(np.int64)
        width = sights["width_deg"].to_numpy(np.float64)
        bearing = sights["bearing_deg"].to_numpy(np.float64)
        bearing = np.where(width >= TURN, np.nan, bearing)
        seen = views(
            scene.xy[row],
            bearing,
            scene.settings.views,
            scene.obstacles,
            reach_m=sights["reach_m"].to_numpy(np.float64),
            field_of_view_deg=np.where(np.isnan(bearing), TURN, width),
        )
        masked = np.flatnonzero(sights["masked"].to_numpy(bool))
        if len(masked):
            left = masks(seen[masked], scene.privacy, scene.settings.privacy, crs=self.crs).left
            seen[masked] = left
        return seen


def sights_of(scene: Scene, at: NDArray[np.int64], ids: list[str]) -> pd.DataFrame:
    """Return the proposed sights, as `hotspots.alternatives.alternatives` takes them."""
    turns = np.isnan(scene.bearing_deg[at])
    width = np.where(turns, TURN, scene.settings.views.sector())
    return pd.DataFrame(
        {
            "site_id": pd.Series(ids, dtype="str"),
            "row": at,
            "bearing_deg": scene.bearing_deg[at],
            "width_deg": width,
            "reach_m": np.full(len(at), scene.settings.views.metres()),
        }
    )
