"""The pages, through the running product."""
