"""The printed codes: their tokens, links, pictures and the poster they hang on."""
