"""Scan statistics after Kulldorff: more in some circle, some days, than chance puts there.

`permutation.scan_permutation` asks whether events gather in place *and* time beyond what busy
places and busy days explain; `poisson.scan_poisson` whether they gather beyond a baseline such as
population. Both search all circles around places (and all spans of days), and compare the best of
them with the best of as many random worlds, so that the p-value already pays for the search.
"""
