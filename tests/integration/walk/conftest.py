"""The whole product with its pages, and browsers that know nothing yet."""

from tests.integration.web.conftest import deployment, open_browser

__all__ = ["deployment", "open_browser"]
