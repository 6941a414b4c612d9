"""All that stands between a person and their name: keys, seals, receipt codes, tags, clean photos."""
