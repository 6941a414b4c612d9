"""Whole complaints, from what is said to how they end, on phones and on pages."""
