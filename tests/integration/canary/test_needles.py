"""The search finds whatever was planted, in every form that a file may hold it in."""

import base64
import gzip
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from fpdf import FPDF

from privacy.receipt import Script, new_receipt
from tests.integration.canary.needles import Needle, degrees, found_in, number, words
from tests.integration.canary.planted import ANYTHING, CHAT, FIRST, LATITUDE, PHONE, receipt_needles
from tests.journey import SAID


def zipped(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", content)
    return file.getvalue()


def in_a_pdf(content: bytes) -> bytes:
    document = FPDF()
    document.add_page()
    document.set_font("Helvetica")
    document.cell(text=content.decode())
    return bytes(document.output())


FORMS: dict[str, bytes] = {
    "utf-8": SAID.encode(),
    "utf-16": SAID.encode("utf-16-le"),
    "utf-16, big": SAID.encode("utf-16-be"),
    "gb18030": SAID.encode("gb18030"),
    "json": json.dumps({"said": SAID}).encode(),
    "json in capitals": json.dumps({"said": SAID}).upper().replace("\\U", "\\u").encode(),
    "xml": SAID.encode("ascii", "xmlcharrefreplace"),
    "address": b"https://t.me/?text=" + SAID.encode().hex("%").upper().replace("%", "%").encode(),
    "hex": b"\\x" + SAID.encode().hex().encode(),
    **{f"base64 after {shift}": base64.b64encode(b"x" * shift + SAID.encode() + b"x") for shift in range(3)},
    "base64 for addresses": base64.urlsafe_b64encode(SAID.encode()),
    "base64 of gb18030": base64.b64encode(b"x" + SAID.encode("gb18030")),
    "deflated": b"stream\n" + zlib.compress(SAID.encode()),
    "gzip": b"x" + gzip.compress(SAID.encode()),
    "zip": zipped(SAID.encode()),
    "zip in zip": zipped(zipped(SAID.encode())),
    "digits": f"chat {CHAT}".encode(),
    "digits in a pdf": in_a_pdf(f"chat {CHAT}".encode()),
    "number in hex": f"{CHAT:x}".encode(),
    "number in sqlite": b"\x06" + CHAT.to_bytes(6, "big"),
    "number in postgresql": struct.pack("<q", CHAT),
    "number on the wire": struct.pack(">q", CHAT),
    "number in base64": base64.b64encode(struct.pack(">q", CHAT)),
    "name": json.dumps({"first_name": FIRST}, ensure_ascii=False).encode(),
    "telephone as a number": struct.pack("<q", int(PHONE)),
    "latitude": json.dumps({"latitude": LATITUDE}).encode(),
    "latitude in binary": struct.pack(">d", LATITUDE),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("shift", [0, 1])
def test_what_is_planted_is_found_in_every_form_at_any_place(form: str, shift: int) -> None:
    assert found_in({"here": b"\0" * shift + FORMS[form] + b"\0"}, ANYTHING)


def test_of_every_needle_every_form_is_found_alone() -> None:
    for needle in ANYTHING:
        assert needle.forms
        for form in needle.forms:
            assert f"here: {needle.what}" in found_in({"here": b"." + form}, ANYTHING)


@pytest.mark.parametrize("script", Script)
@pytest.mark.parametrize("written", [lambda code: code, lambda code: code.replace(" ", ""), lambda code: code[:-3]])
def test_a_receipt_code_is_found_in_every_script_and_by_its_half(script: Script, written: Callable[[str], str]) -> None:
    receipt = new_receipt()
    assert found_in({"here": written(receipt.text(script)).encode()}, receipt_needles(receipt))
    assert not found_in({"here": written(new_receipt().text(script)).encode()}, receipt_needles(receipt))


@pytest.mark.parametrize("needles", [words("abc", "桥"), [number(7)], [degrees(1.5)]], ids=["words", "number", "place"])
def test_nothing_is_looked_for_that_occurs_by_chance(needles: list[Needle]) -> None:
    assert all(len(form) >= 6 for needle in needles for form in needle.forms)
