"""The register of entrances for dog searches, and the register of their results.

Consent is the heart of it: an entrance without valid consent on the day can never be searched, and
what is unclear is no consent. No door, no flat, no person has a place in either register.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.lazily import lazily

if TYPE_CHECKING:
    from geodata.register.made import made_register
    from geodata.register.options import RegisterOptions
    from geodata.register.owners import owners_table
    from geodata.register.reading import Register, read_register
    from geodata.register.results import Results, read_results
    from geodata.register.template import write_results_template, write_template
else:
    __getattr__ = lazily(
        __name__,
        {
            "made_register": "made",
            "RegisterOptions": "options",
            "owners_table": "owners",
            "Register": "reading",
            "read_register": "reading",
            "Results": "results",
            "read_results": "results",
            "write_results_template": "template",
            "write_template": "template",
        },
    )

__all__ = [
    "Register",
    "RegisterOptions",
    "Results",
    "made_register",
    "owners_table",
    "read_register",
    "read_results",
    "write_results_template",
    "write_template",
]
