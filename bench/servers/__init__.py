"""The servers that are measured, each a process of its own: the product, the product of a fixed commit, a ceiling."""
