"""Polls: whoever has a code answers once, without a cookie."""
