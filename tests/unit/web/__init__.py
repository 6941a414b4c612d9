"""The pages' own rules."""
