"""Proof that the tests of the protections can fail: each protection is taken out, and its test must turn red.

`python -m proof` does it in a copy of the source tree, never here. The table of claims in
docs/threat-model.md is printed from the same list by `python -m proof --table`.
"""
