"""The demo stays on this machine, and finds a port for its pages."""

import socket
from pathlib import Path
from urllib.parse import urlsplit

from bot.demo import free_port, settings_in


def test_nothing_in_the_demo_leads_off_this_machine(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, "http://127.0.0.1:8080", 8081)
    addresses = (
        settings.telegram.api_base_url,
        settings.telegram.link_base_url,
        settings.web.public_url or "",
        settings.web.leave_url,
    )
    assert {urlsplit(address).hostname for address in addresses} == {"127.0.0.1"}
    assert settings.mail.host is None


def test_the_pages_are_on_the_next_port_or_where_that_is_taken_on_another() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        other = free_port("127.0.0.1", port)
    assert other not in (0, port)
    assert free_port("127.0.0.1", other) == other
