"""The database's tables, from one version of the product to the next."""
