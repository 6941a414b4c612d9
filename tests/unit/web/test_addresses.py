"""Where a form of the staff's pages says it stands: one of these pages, whatever is looked for there."""

from urllib.parse import quote

import pytest
from yarl import URL

from web.desk.addresses import HOME, own_address

LONGEST_SEARCH = "汉" * 200  # as many characters as are looked for


@pytest.mark.parametrize("words", [LONGEST_SEARCH, "路灯 (村口): 3/4 盏, 坏!", "a'b;c@d$e*f?g~h"])
def test_a_page_with_what_is_looked_for_in_its_address_is_led_back_to(words: str) -> None:
    at = URL(f"{HOME}/queue?words={quote(words, safe='')}&village=V02", encoded=False).raw_path_qs
    assert own_address(at) == at


@pytest.mark.parametrize(
    "claimed", ["https://elsewhere.example/desk", "//elsewhere.example", "/page", "/desk/a b", "x" * 5000]
)
def test_what_is_no_page_of_the_staff_leads_to_the_first_of_them(claimed: str) -> None:
    assert own_address(claimed) == HOME


def test_an_address_longer_than_a_request_may_have_leads_to_the_first_page() -> None:
    assert own_address(f"{HOME}/queue?words={'a' * 5000}") == HOME
