"""Requests that no browser sends: each gets a plain answer, and nothing of them is kept, logged or loaded."""

import asyncio
import gzip
import logging
import re

import pytest
from aiohttp import web
from sqlalchemy import func, select

from models.complaints import Conversation
from tests.browsing import Browser
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.web.conftest import OpenBrowser, begin
from tests.integration.web.raw import ask, request
from tests.pages import base_url
from web import connections, posted
from web.protection import HEADERS

ELSEWHERE = "127.61.62.63"  # another address of this machine
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=xx"


def part(name: bytes, content: bytes = b"", more: bytes = b"", file: bytes | None = None) -> bytes:
    named = b'; filename="%s"' % file if file is not None else b""
    return b'--xx\r\nContent-Disposition: form-data; name="%s"%s\r\n%s\r\n%s\r\n' % (name, named, more, content)


END = b"--xx--\r\n"

UNREADABLE = {
    "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "http/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "no method": b"FOO BAR / HTTP/1.1\r\nHost: a\r\n\r\n",
    "a header of 100 KB": request(headers={"X": "y" * 100_000}),
    "10,000 headers": request(headers={f"X{number}": "y" for number in range(10_000)}),
    "a cookie of 9 KB": request(headers={"Cookie": "v=" + "x" * 9_000}),
    "a path of 30 KB": request(path="/r/" + "a" * 30_000),
    "two lengths": b"POST /page HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "length and chunks": request(
        "POST", "/page", {"Transfer-Encoding": "chunked", "Content-Length": "5"}, b"0\r\n\r\n"
    ),
    "chunks by another name": request("POST", "/page", {"Transfer-Encoding": "xchunked"}, b"0\r\n\r\n"),
    "a negative length": request("POST", "/page", {"Content-Length": "-1"}),
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "a space before the colon": b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
    "broken chunks": request(
        "POST", "/page", {"Content-Type": FORM, "Transfer-Encoding": "chunked"}, b"zz\r\n", length=False
    ),
}

READ = {
    "options": (request("OPTIONS"), 405),
    "trace": (request("TRACE"), 405),
    "put": (request("PUT", "/page", {}, b"x"), 405),
    "delete": (request("DELETE", "/page"), 405),
    "a token of 3 KB": (request(path="/r/" + "a" * 3000), 404),
    "a token of no characters": (request(path="/r/%00%ff%c3%ed%a0%80"), 404),
    "a long name of a file": (request(path="/static/a/" + "b" * 600), 404),
    "a file elsewhere": (request(path="/static/x/..%2f..%2fapp.py"), 404),
    "a folder above": (request(path="/static/../../app.py"), 404),
    "a file of another version": (request(path="/static/000000000000/style.css"), 404),
    "a language of no characters": (
        request(path="/?l=%00%ff&l[]=1", headers={"Accept-Language": "\xff,,;;q=,zh-" + "x" * 3000}),
        303,  # to the address without what it asks for
    ),
    "an origin that is none": (
        request("POST", "/page", {"Origin": "https://[bad", "Content-Type": FORM}, b"form=a"),
        403,
    ),
    "an origin elsewhere": (
        request("POST", "/page", {"Origin": "https://127.0.0.1.example", "Content-Type": FORM}, b"form=a"),
        403,
    ),
    "another site": (request("POST", "/page", {"Sec-Fetch-Site": "cross-site", "Content-Type": FORM}, b"form=a"), 403),
    "a sister site": (request("POST", "/page", {"Sec-Fetch-Site": "same-site", "Content-Type": FORM}, b"form=a"), 403),
}

# Bodies from a browser that has begun to write; the form's own field comes first, in those that are BEFORE it last, and
# not at all in those that are WHOLE.
WHOLE = {"compressed", "nothing but lines"}
BEFORE = {"a form behind many lines"}
BODIES = {
    "compressed": ({"Content-Type": FORM, "Content-Encoding": "gzip"}, gzip.compress(b"text=a&" * 1000), 415),
    "json": ({"Content-Type": "application/json"}, b"{}", 415),
    "a type that is none": ({"Content-Type": "\xff;;=%"}, b"{}", 415),
    "not ASCII": ({"Content-Type": FORM}, b"text=\xff", 400),
    "1,000 fields": ({"Content-Type": FORM}, b"text=a&" * 1000, 400),
    "a text of 1 MB": ({"Content-Type": FORM}, b"text=" + b"a" * 2**20, 413),
    "no boundary": ({"Content-Type": "multipart/form-data"}, b"x", 400),
    "a boundary of 1,000 characters": ({"Content-Type": f"{PARTS}{'x' * 1000}"}, b"x", 400),
    "nothing but lines": ({"Content-Type": PARTS}, b"x\n" * 2**20, 400),
    "a form behind many lines": ({"Content-Type": PARTS}, b"x\n" * 2**18, 400),
    "no part": ({"Content-Type": PARTS}, b"x" * 100, 400),
    "no end": ({"Content-Type": PARTS}, part(b"text", b"a"), 400),
    "parts in parts": (
        {"Content-Type": PARTS},
        part(b"a", b"", b"Content-Type: multipart/mixed; boundary=yy\r\n") + END,
        400,
    ),
    "10,000 parts": ({"Content-Type": PARTS}, part(b"a", b"b") * 10_000 + END, 400),
    "a header of 1 MB": ({"Content-Type": PARTS}, part(b"a", b"b", b"X: " + b"y" * 2**20 + b"\r\n") + END, 400),
    "10,000 headers": ({"Content-Type": PARTS}, part(b"a", b"b", b"X: y\r\n" * 10_000) + END, 400),
    "a name of 1 MB": ({"Content-Type": PARTS}, part(b"a" * 2**20, b"b") + END, 400),
    "a file's name of 1 MB": ({"Content-Type": PARTS}, part(b"file", b"b", file=b"c" * 2**20) + END, 400),
    "a field of 1 MB": ({"Content-Type": PARTS}, part(b"text", b"b" * 2**20) + END, 413),
    "a compressed part": (
        {"Content-Type": PARTS},
        part(b"text", gzip.compress(b"a" * 10**6), b"Content-Encoding: gzip\r\n") + END,
        400,
    ),
    "a part in base64": (
        {"Content-Type": PARTS},
        part(b"text", b"YWJj", b"Content-Transfer-Encoding: base64\r\n") + END,
        400,
    ),
    "a header without a name": ({"Content-Type": PARTS}, b"--xx\r\nfoo\r\n\r\nb\r\n" + END, 400),
    "a part without a name": ({"Content-Type": PARTS}, b"--xx\r\n\r\nb\r\n" + END, 303),
    "a part of a wrong length": (
        {"Content-Type": PARTS},
        part(b"other", b"abc", b"Content-Length: 99999\r\n") + END,
        303,
    ),
    "a long default charset": ({"Content-Type": PARTS}, part(b"_charset_", b"x" * 100) + END, 400),
    "a press of no characters": ({"Content-Type": FORM}, b"press=%00%01%ff", 303),
    "a press of 5 KB": ({"Content-Type": FORM}, b"press=1.r." + b"x" * 5000, 303),
    "a command that is none": ({"Content-Type": FORM}, b"command=nope", 400),
    "a token of no characters": ({"Content-Type": FORM}, b"token=%00%ff", 303),
    "a token of 100 KB": ({"Content-Type": FORM}, b"token=" + b"a" * 100_000, 303),
}


@pytest.fixture
def warnings_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Whatever is logged as a warning or worse."""
    caplog.set_level(logging.WARNING)
    return caplog


async def conversations(deployment: Deployment) -> int:
    async with deployment.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(Conversation)) or 0


def cookie_of(browser: Browser) -> str:
    [cookie] = browser.session.cookie_jar
    return f"{cookie.key}={cookie.value}"


def unlike(headers: dict[str, str], *, kept: bool = False) -> dict[str, str]:
    """Return the headers of ours that an answer does not bear."""
    own = {name.lower(): value for name, value in HEADERS.items()}
    if kept:
        own.pop("cache-control")
    return {name: value for name, value in own.items() if headers.get(name) != value}


@ONLY_SQLITE
async def test_what_cannot_be_read_is_refused_without_a_word_of_it_or_of_who_sent_it(
    deployment: Deployment, warnings_logged: pytest.LogCaptureFixture
) -> None:
    for name, sent in UNREADABLE.items():
        answer = await ask(base_url(deployment), sent, local_address=ELSEWHERE)
        assert (name, answer.status, answer.body) == (name, 400, b"")
        assert (name, unlike(answer.headers)) == (name, {})
    assert warnings_logged.text == ""


@ONLY_SQLITE
async def test_every_route_and_every_refusal_bears_the_headers(
    deployment: Deployment, warnings_logged: pytest.LogCaptureFixture
) -> None:
    for name, (sent, status) in READ.items():
        answer = await ask(base_url(deployment), sent, local_address=ELSEWHERE)
        assert (name, answer.status) == (name, status)
        assert (name, unlike(answer.headers)) == (name, {})
    pages = deployment.product.pages  # type: ignore[union-attr]
    assert pages is not None
    walked = 0
    for route in pages._runner.app.router.routes():
        resource = route.resource
        assert resource is not None
        path = re.sub(r"\{[a-z]+\}", "1", resource.canonical)
        answer = await ask(base_url(deployment), request(route.method, path))
        assert (path, answer.status < 500, unlike(answer.headers)) == (path, True, {})
        walked += 1
    assert walked >= 8
    assert warnings_logged.text == ""


@ONLY_SQLITE
async def test_what_every_page_loads_is_kept_and_left_quickly_nothing_is(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    one = await open_browser(works=True)
    await begin(deployment, one)
    asset = one.page.body.decode().partition('href="/static')[2].partition('"')[0]
    answer = await ask(base_url(deployment), request(path=f"/static{asset}"))
    assert unlike(answer.headers, kept=True) == {}
    assert "immutable" in answer.headers["cache-control"]
    left = await ask(base_url(deployment), request(path="/leave", headers={"Cookie": cookie_of(one)}))
    assert left.status == 303
    assert left.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    dropped = re.findall(rb'(?i)\r\nset-cookie: (.)=""; [^\r]*1970', left.whole)
    assert dropped == [b"v", b"p"]


@ONLY_SQLITE
async def test_a_web_server_in_front_says_in_our_words_that_something_is_too_large(browser: Browser) -> None:
    page = await browser.open("/too-large")
    assert page.status == 413
    assert "一份最多 20 MB" in page.text


@ONLY_SQLITE
async def test_whatever_a_body_is_it_is_taken_or_refused(
    deployment: Deployment, open_browser: OpenBrowser, warnings_logged: pytest.LogCaptureFixture
) -> None:
    one = await open_browser(works=True)
    await begin(deployment, one)
    form = one.page.form.fields["form"].encode()
    for name, (headers, body, status) in BODIES.items():
        own = b"form=" + form + b"&" if headers["Content-Type"] == FORM else part(b"form", form)
        whole = body + own + END if name in BEFORE else body if name in WHOLE else own + body
        sent = request("POST", "/page", {"Cookie": cookie_of(one), **headers}, whole)
        answer = await ask(base_url(deployment), sent, local_address=ELSEWHERE)
        assert (name, answer.status, unlike(answer.headers)) == (name, status, {})
        assert (name, b"<h1>" in answer.body) == (name, status >= 400), "refused in words"
    assert await conversations(deployment) == 1
    assert warnings_logged.text == ""


@ONLY_SQLITE
async def test_what_is_too_much_is_refused_by_our_own_count_and_in_words(
    deployment: Deployment, open_browser: OpenBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posted, "MAX_BODY_BYTES", 2**20)
    one = await open_browser(works=True)
    await begin(deployment, one)
    own = part(b"form", one.page.form.fields["form"].encode())
    chunk = b"10000\r\n" + b"x" * 2**16 + b"\r\n"
    chunked = {"Cookie": cookie_of(one), "Content-Type": PARTS, "Transfer-Encoding": "chunked"}
    begun = request("POST", "/page", chunked, b"%x\r\n%s\r\n" % (len(own), own), length=False)
    announced = request(
        "POST", "/page", {"Cookie": cookie_of(one), "Content-Type": PARTS, "Content-Length": str(2**30)}
    )
    endless_file = [part(b"file", b"", file=b"a")[:-2]]
    sent = {
        "announced": [announced],
        "a file without end": [begun, b"%x\r\n%s\r\n" % (len(endless_file[0]), endless_file[0]), *([chunk] * 40)],
    }
    for name, parts in sent.items():
        answer = await ask(base_url(deployment), *parts)
        assert (name, answer.status, "20 MB" in answer.body.decode()) == (name, 413, True)
        assert (name, unlike(answer.headers)) == (name, {})


@ONLY_SQLITE
async def test_who_is_silent_or_sends_a_byte_a_minute_is_not_waited_for(
    deployment: Deployment, open_browser: OpenBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await open_browser(works=True)
    await begin(deployment, one)
    headers = {"Cookie": cookie_of(one), "Content-Type": FORM, "Content-Length": "5000"}
    for name, seconds in (("SILENT_SECONDS", 0.1), ("LONGEST_SECONDS", 0.1)):
        with monkeypatch.context() as patch:
            patch.setattr(posted, name, seconds)
            answer = await ask(base_url(deployment), request("POST", "/page", headers, b"form="))
            assert (answer.status, unlike(answer.headers)) == (408, {})
    monkeypatch.setattr(connections, "SILENT_SECONDS", 0.1)
    for begun in (b"", b"GET / HTTP/1.1\r\nX: "):
        assert (await ask(base_url(deployment), begun)).whole == b""


@ONLY_SQLITE
async def test_of_a_county_file_nothing_is_read_that_a_stranger_sends(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posted, "SILENT_SECONDS", 0.1)
    headers = {"Content-Type": FORM, "Content-Length": "5000000"}
    answer = await ask(base_url(deployment), request("POST", "/desk/import", headers, b"county="))
    assert answer.status == 303


@ONLY_SQLITE
async def test_past_so_many_connections_no_more_are_taken(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 1)
    url = base_url(deployment).partition("://")[2].partition(":")
    _, held = await asyncio.open_connection(url[0], int(url[2]))
    held.write(b"GET / HTTP/1.1\r\nHost: a\r\n")
    await held.drain()
    assert (await ask(base_url(deployment), request())).whole == b""
    held.close()
    await held.wait_closed()
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 2)
    assert (await ask(base_url(deployment), request())).status == 200


@ONLY_SQLITE
async def test_an_error_of_ours_is_told_in_words_and_logged_by_its_kind(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch, warnings_logged: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> web.Response:
        raise ValueError("words of a resident")

    monkeypatch.setattr("web.app.page", fails)
    answer = await ask(base_url(deployment), request(path="/nowhere"), local_address=ELSEWHERE)
    assert (answer.status, answer.body, unlike(answer.headers)) == (500, b"", {})
    assert ELSEWHERE not in warnings_logged.text
