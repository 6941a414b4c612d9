"""Measures the product against its goals: `python -m bench`."""
