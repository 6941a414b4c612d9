import re

from hypothesis import given
from hypothesis import strategies as st

from models.address import Address
from privacy.tags import TAGS, lane, tag, tags

ROUND, OTHER_ROUND = b"r" * 32, b"o" * 32
chats = st.builds(Address, st.sampled_from(["telegram", "web"]), st.text(min_size=1))


@given(chats)
def test_a_chat_keeps_its_tag_within_a_round(chat: Address) -> None:
    assert tag(ROUND, chat) == tag(ROUND, chat)
    assert re.fullmatch(r"[0-9a-f]{32}", tag(ROUND, chat))


@given(chats)
def test_tags_of_different_rounds_cannot_be_joined(chat: Address) -> None:
    assert tag(ROUND, chat) != tag(OTHER_ROUND, chat)


@given(chats, chats)
def test_two_chats_have_two_tags_and_two_lanes(one: Address, other: Address) -> None:
    assert (tag(ROUND, one) == tag(ROUND, other)) == (one == other)
    assert (lane(ROUND, one) == lane(ROUND, other)) == (one == other)


@given(chats)
def test_a_lane_is_no_tag_even_under_the_same_secret(chat: Address) -> None:
    assert lane(ROUND, chat) != tag(ROUND, chat)


def test_the_number_of_the_chat_does_not_show() -> None:
    assert "5550001" not in tag(ROUND, Address("telegram", "5550001"))
    assert "5550001" not in lane(ROUND, Address("telegram", "5550001"))


@given(chats, chats)
def test_a_chat_has_many_tags_a_day_and_shares_none(one: Address, other: Address) -> None:
    assert tags(ROUND, one) == tags(ROUND, one)
    assert len(set(tags(ROUND, one))) == TAGS
    assert all(re.fullmatch(r"[0-9a-f]{32}", tag) for tag in tags(ROUND, one))
    assert set(tags(ROUND, one)).isdisjoint(tags(OTHER_ROUND, one))
    assert set(tags(ROUND, one)).isdisjoint(tags(ROUND, other)) == (one != other)
