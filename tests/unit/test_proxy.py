"""The web servers' configurations in docs/proxy fit the program behind them, and write down nobody's visit."""

import re
from pathlib import Path

import pytest

from bot.config import WebSettings
from web.app import TOO_LARGE
from web.posted import MAX_BODY_BYTES, SILENT_SECONDS

FOLDER = Path(__file__).parents[2] / "docs" / "proxy"
NGINX, CADDY, TOR = (FOLDER / name for name in ("nginx.conf", "Caddyfile", "torrc"))


def settings_of(file: Path) -> str:
    """Return a configuration without its comments."""
    return re.sub(r"(^|\s)#[^\n]*", "", file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", [NGINX, CADDY, TOR], ids=lambda file: file.name)
def test_each_leads_to_where_the_program_listens_by_default(file: Path) -> None:
    settings = WebSettings()
    assert set(re.findall(r"127\.0\.0\.1:\d+", settings_of(file))) == {f"{settings.host}:{settings.port}"}


@pytest.mark.parametrize("file", [NGINX, CADDY], ids=lambda file: file.name)
def test_what_is_a_little_too_large_still_reaches_the_program_which_says_so(file: Path) -> None:
    [(nginx, caddy)] = re.findall(r"client_max_body_size (\d+)m;|max_size (\d+)MiB\n", settings_of(file))
    assert MAX_BODY_BYTES < int(nginx or caddy) * 2**20 <= MAX_BODY_BYTES + 4 * 2**20


@pytest.mark.parametrize("file", [NGINX, CADDY], ids=lambda file: file.name)
def test_what_is_larger_than_that_is_refused_in_the_words_of_the_program(file: Path) -> None:
    shown = re.findall(r"error_page 413 = (\S+);|rewrite \* (\S+)\n", settings_of(file))
    assert [nginx or caddy for nginx, caddy in shown] == [TOO_LARGE]


def test_caddy_which_would_fail_at_a_size_announced_above_its_own_limit_refuses_it_before() -> None:
    settings = settings_of(CADDY)
    [larger] = re.findall(r"header_regexp Content-Length (\S+)\n", settings)
    [most] = map(int, re.findall(r"max_size (\d+)MiB\n", settings))
    assert re.search(larger, str(most * 2**20 + 1))
    assert re.search(larger, str(10**12))
    assert not re.search(larger, str(MAX_BODY_BYTES))
    assert not re.search(larger, "9999999")


def test_nginx_waits_longer_for_a_piece_than_the_program_does() -> None:
    waits = dict(re.findall(r"(client_body_timeout|proxy_read_timeout|send_timeout) (\d+)s;", settings_of(NGINX)))
    assert len(waits) == 3
    assert all(int(seconds) > SILENT_SECONDS for seconds in waits.values())


def test_nginx_writes_nothing_of_a_request_and_puts_no_body_into_a_file() -> None:
    settings = settings_of(NGINX)
    assert re.findall(r"\baccess_log (.+);", settings) == ["off"]
    assert re.findall(r"\berror_log (.+);", settings) == ["stderr emerg"]
    for setting in ("proxy_request_buffering off", "proxy_max_temp_file_size 0", "gzip off", "ssl_session_tickets off"):
        assert f"{setting};" in settings


def test_caddy_writes_nothing_of_a_request() -> None:
    settings = settings_of(CADDY)
    assert re.findall(r"log \{\s*(.+?)\s*\}", settings) == ["exclude http"]  # its one logger, and no site's
    assert "encode" not in settings


def test_who_asks_is_passed_on_by_neither() -> None:
    nginx, caddy = settings_of(NGINX), settings_of(CADDY)
    for header in ("User-Agent", "X-Forwarded-For", "X-Real-IP", "Forwarded"):
        assert nginx.count(f'proxy_set_header {header} "";') == nginx.count("proxy_pass ")
        assert caddy.count(f"header_up -{header}\n") == caddy.count("reverse_proxy ")
