"""A Bot API server on localhost with phones in a browser, for the demo and the tests.

It imports nothing of the product, so that a mistake of the product can't hide in it.
"""
