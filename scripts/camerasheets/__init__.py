"""The camera stage's work: tables of the proposals, sheets, versions and files."""
