"""The resident's pages: the notice of a round, what is written to it, and the way back with a receipt code."""
