"""The one door out: what each profile may see of each table.

Every file and every map is made of `Released` tables, and only `release` and `release_together`
make them. The rules are a list of what may pass, never of what may not: a table without a rule is
refused, a column that is not on the list is gone. A count that is too small becomes ``NA`` with
``hidden`` true in its row; it is never shown as zero. More counts are hidden where a hidden one
could be had back from sums, from other tables, or from earlier editions (complementary
suppression): so all tables of counts of one edition go through `release_together` in one call.

======================  =========================================================================
`options`               profiles, limits, and the words on every output
`door`                  `release`, `release_together`
`countrules`            what each number of a table of events counts; a new table is added here
`otherrules`            the same of dog searches, answers and indicators; list of all such tables
`cells`                 numbers as sums of atoms
`protect`, `solving`    which numbers to hide, by linear programming
`hiding`                kind by kind, with what the reader has already
`joint`                 tables of counts protected as one
`layers`, `squares`     grid and hot spots held against what the tables hide
`alike`                 squares of which the same is known, as one
`counted`               what these layers count
`rules`                 grid, hot spots, and tables that are shown as they are
`ledger`                ``published.json``: what an edition has told, for those that follow
`times`                 spans of days as each profile may tell them
======================  =========================================================================

Method: the proposed defaults of the project's data-protection notes (small counts under 3 or 5,
cells of 100 or 250 m); complementary suppression after Hundepool et al., *Statistical Disclosure
Control* (2012), ch. 4, and Fischetti & Salazar-González (2001).
"""

from geodata.disclosure.counted import CountedEvents
from geodata.disclosure.door import inside_only, release, release_together
from geodata.disclosure.ledger import read_earlier, write_published
from geodata.disclosure.options import PROFILES, DisclosureOptions, Profile, in_force, marking
from geodata.disclosure.released import Released
from geodata.disclosure.small import class_labels, hide_small
from geodata.disclosure.times import last_quarter_end, span_told

__all__ = [
    "PROFILES",
    "CountedEvents",
    "DisclosureOptions",
    "Profile",
    "Released",
    "class_labels",
    "hide_small",
    "in_force",
    "inside_only",
    "last_quarter_end",
    "marking",
    "read_earlier",
    "release",
    "release_together",
    "span_told",
    "write_published",
]
