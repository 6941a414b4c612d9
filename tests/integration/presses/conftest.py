"""The sample county with its staff enrolled."""

import pytest

from tests.conftest import OpenWork


@pytest.fixture
def county(enrolled_county: None, open_work: OpenWork) -> OpenWork:
    """The sample county with everybody enrolled; opens works like `open_work`."""
    return open_work
