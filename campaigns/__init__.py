"""Fault campaigns: the package under the conditions that machines and strangers' files produce.

Each module is one command, `python -m campaigns.NAME`, and leaves its figures in
`results/NAME.json`, which the page `reference/records` shows. `make campaign` runs them all; the
tests run a small version of each.
"""
