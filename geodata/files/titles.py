"""What the tables are called in front of people: layers in QGIS, sheets, links."""

from __future__ import annotations

from typing import Final

from geodata.language import N_
from geodata.language import gettext as _

TITLES: Final[dict[str, str]] = {
    "incidents": N_("Händelser"),
    "rejected": N_("Avvisade rader"),
    "event_versions": N_("Händelser i flera versioner"),
    "places": N_("Platser"),
    "areas": N_("Områden"),
    "grid": N_("Rutnät"),
    "hotspots": N_("Hot spots"),
    "camera_sites": N_("Föreslagna kameraplatser"),
    "search_sites": N_("Föreslagna platser för hundsök"),
    "camera_views": N_("Kameror: upptagningsområden"),
    "camera_sensitive": N_("Kameror: känsliga platser"),
    "camera_masks": N_("Kameror: maskering"),
    "camera_alternatives": N_("Kameror: alternativ"),
    "camera_frontier": N_("Kameror: effektiva urval"),
    "camera_frontier_sites": N_("Kameror: platser i urvalen"),
    "camera_considered": N_("Kameror: prövade platser"),
    "camera_counts": N_("Kameror: anmälningar och brott"),
    "camera_picture": N_("Kameror: brottsbild"),
    "camera_times": N_("Kameror: timme och veckodag"),
    "camera_comparison": N_("Kameror: jämförelse"),
    "camera_measures": N_("Kameror: prövade åtgärder"),
    "camera_evaluation": N_("Kameror: uppföljningsområden"),
    "camera_effects": N_("Kameror: effekt som kan visas"),
    "camera_status": N_("Kameror: underlagens status"),
    "camera_register": N_("Förteckning över kameror"),
    "search_entrances": N_("Hundsök: entréer och behov"),
    "search_owners": N_("Hundsök: fastighetsägare"),
    "search_issues": N_("Hundsök: att se över i registret"),
    "search_results": N_("Hundsök: resultat"),
    "search_hits": N_("Hundsök: träffandel"),
    "search_fairness": N_("Hundsök: fördelning"),
    "operations": N_("Insatser"),
    "hotspot_times": N_("Hot spots: tidsfönster"),
    "hotspot_quarters": N_("Hot spots: kvartal"),
    "persistence": N_("Hot spots: varaktighet"),
    "matches": N_("Hot spots mot tidigare period"),
    "initiative": N_("Hot spots: polisens initiativ"),
    "hotspot_operations": N_("Hot spots med och utan insatser"),
    "operation_counts": N_("Händelser per insats"),
    "agreement": N_("Två källor, ruta för ruta"),
    "relative_density": N_("Relativ täthet"),
    "density": N_("Täthetsyta"),
    "stability": N_("Hot spots: stabilitet"),
    "gi_star": N_("Getis-Ord Gi*"),
    "gi_star_areas": N_("Getis-Ord Gi* per område"),
    "method_card": N_("Metodernas träffsäkerhet"),
    "scan_clusters": N_("Ansamlingar i rum och tid"),
    "near_repeat": N_("Närupprepning"),
    "picture_areas": N_("Lägesbild: områden"),
    "picture_counts": N_("Lägesbild: antal och tal"),
    "picture_weeks": N_("Lägesbild: veckor"),
    "picture_now": N_("Lägesbild: veckan"),
    "picture_hours": N_("Lägesbild: timme och veckodag"),
    "picture_places": N_("Lägesbild: platser"),
    "picture_coverage": N_("Lägesbild: rapportörer per vecka"),
    "picture_peers": N_("Lägesbild: jämförbara områden"),
    "perceived_points": N_("Upplevd trygghet: punkter"),
    "perceived_cells": N_("Upplevd trygghet: rutor"),
    "perceived_areas": N_("Upplevd trygghet: områdessvar"),
    "feedback": N_("Återkoppling"),
    "feedback_measures": N_("Återkoppling: åtgärder"),
    "watch_signals": N_("Bevakning: signaler"),
    "watch_series": N_("Bevakning: serier"),
    "watch_weeks": N_("Bevakning: veckor"),
    "search_round": N_("Hundsök: rundans entréer"),
    "search_walks": N_("Hundsök: rundans pass"),
    "search_minima": N_("Hundsök: minsta antal per ägare och område"),
    "search_areas": N_("Hundsök: antal per område"),
}


def title(name: str) -> str:
    """Return the title of a table in the user's language; its name when it has none."""
    text = TITLES.get(name)
    return _(text) if text else name
