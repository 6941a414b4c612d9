import json

import pytest

from channels.telegram.address import address_of
from models.address import Address
from services.sealed_address import ReplyTo, read_address


@pytest.mark.parametrize("address", [address_of(-100_123), Address("web", "a:b"), Address("sms", "+86 1")])
def test_an_address_is_read_as_it_was_written(address: Address) -> None:
    assert read_address(str(address).encode()) == address
    assert ReplyTo.unpack(ReplyTo(address, "en").pack()) == ReplyTo(address, "en")


def test_a_number_sealed_before_channels_had_names_is_telegrams() -> None:
    assert read_address(b"-100123") == address_of(-100_123)
    kept = json.dumps({"chat": 7_301_442_901, "language": "zh_Hant"}).encode()
    assert ReplyTo.unpack(kept) == ReplyTo(address_of(7_301_442_901), "zh_Hant")
