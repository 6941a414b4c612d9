"""Secrets are planted in every place that PDF, Word and Excel files have, and looked for in what comes out."""

import io
import random
import zipfile

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from privacy.cleaning.kinds import CannotClean, Reason
from privacy.cleaning.office import remake_office
from privacy.cleaning.pdf import remake_pdf

SECRET = "PLANTED-SECRET"
WORD_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELS_NS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pdf(pages: int = 2, size: tuple[int, int] = (300, 400), password: str = "") -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        page = document.add_blank_page(page_size=size)
        page.Contents = document.make_stream(b"0.9 0.1 0.1 rg 0 200 150 200 re f")  # red at the top left
        page.Annots = document.make_indirect(
            pikepdf.Array(
                [
                    pikepdf.Dictionary(
                        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[10, 10, 20, 20], T=SECRET
                    )
                ]
            )
        )
        page.PieceInfo = pikepdf.Dictionary(App=pikepdf.Dictionary(Private=SECRET))
    document.docinfo["/Author"] = SECRET
    with document.open_metadata() as xmp:
        xmp["dc:creator"] = [SECRET]
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{SECRET}')")
    document.attachments["names.txt"] = SECRET.encode()
    out = io.BytesIO()
    encryption = pikepdf.Encryption(owner=password, user=password) if password else False
    document.save(out, compress_streams=False, encryption=encryption)
    return out.getvalue()


def streams_of(data: bytes) -> bytes:
    """Return everything in a PDF, opened."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(out, qdf=True, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
    return out.getvalue()


def test_no_secret_of_a_pdf_is_left() -> None:
    planted = pdf()
    assert SECRET.encode() in planted
    clean = remake_pdf(planted)
    for form in (SECRET.encode(), SECRET.encode("utf-16-be"), SECRET.encode().hex().encode()):
        assert form not in clean + streams_of(clean)
    with pikepdf.open(io.BytesIO(clean)) as document:
        assert not document.attachments
        assert set(document.Root.keys()) <= {"/Type", "/Pages", "/Version"}
        assert "/Info" not in document.trailer or not dict(document.docinfo)


def test_a_pdf_keeps_its_pages_their_size_and_what_shows_on_them() -> None:
    document = pypdfium2.PdfDocument(remake_pdf(pdf(pages=3)))
    assert len(document) == 3
    assert document[0].get_size() == pytest.approx((300, 400), abs=1)
    picture = document[1].render().to_pil().convert("RGB")
    red, white = picture.getpixel((40, 40)), picture.getpixel((260, 360))
    assert isinstance(red, tuple)
    assert red[0] > 180 > red[1]
    assert white > (240, 240, 240)
    document.close()


def test_the_same_pdf_is_re_made_alike_and_tells_no_time() -> None:
    assert remake_pdf(pdf()) == remake_pdf(pdf())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.DAMAGED),
        (b"%PDF-1.7\nhello", Reason.DAMAGED),
        (pdf(password="x"), Reason.PROTECTED),
        (pdf(pages=61), Reason.TOO_BIG),
    ],
    ids=["empty", "no pdf", "with a password", "too many pages"],
)
def test_a_pdf_that_cannot_be_re_made_says_why(data: bytes, reason: Reason) -> None:
    with pytest.raises(CannotClean) as refusal:
        remake_pdf(data)
    assert refusal.value.reason is reason


def test_a_page_as_large_as_a_wall_becomes_a_picture_that_fits() -> None:
    document = pypdfium2.PdfDocument(remake_pdf(pdf(pages=1, size=(14_000, 9_000))))
    assert max(document[0].get_size()) <= 2200
    document.close()


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (220, 30, 30)).save(out, "JPEG", comment=SECRET.encode())
    return out.getvalue()


def docx(**more: bytes | str) -> bytes:
    document = f"""<?xml version="1.0"?><w:document {WORD_NS} w:rsidR="00{SECRET}"><w:body>
      <w:p w:rsidRPr="{SECRET}"><w:r><w:t>看得见的字</w:t></w:r>
        <w:ins w:id="1" w:author="{SECRET}" w:date="2026-01-01T00:00:00Z"><w:r><w:t>加上的字</w:t></w:r></w:ins>
        <w:del w:id="2" w:author="{SECRET}"><w:r><w:delText>{SECRET}-struck-out</w:delText></w:r></w:del>
        <w:commentRangeStart w:id="0"/><w:r><w:t>也看得见</w:t></w:r></w:p>
      <w:sdt><w:sdtPr><w:alias w:val="{SECRET}"/></w:sdtPr>
        <w:sdtContent><w:p><w:r><w:t>框里的字</w:t></w:r></w:p></w:sdtContent></w:sdt>
    </w:body></w:document>"""
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/x"/>'
        f'<Override PartName="/docProps/core.xml" ContentType="{SECRET}"/></Types>',
        "_rels/.rels": f'<Relationships {RELS_NS}><Relationship Id="r1" Type="{REL}/officeDocument" '
        f'Target="word/document.xml"/><Relationship Id="r2" Type="{SECRET}" Target="docProps/core.xml"/>'
        "</Relationships>",
        "word/document.xml": document,
        "word/_rels/document.xml.rels": f'<Relationships {RELS_NS}><Relationship Id="i1" Type="{REL}/image" '
        f'Target="media/image1.png"/><Relationship Id="h" Type="{REL}/hyperlink" Target="https://{SECRET}.example" '
        'TargetMode="External"/></Relationships>',
        "word/media/image1.png": jpeg(),
        "docProps/core.xml": f"<creator>{SECRET}</creator>",
        "docProps/thumbnail.jpeg": jpeg(),
        "word/comments.xml": f"<c author='{SECRET}'/>",
        "word/people.xml": SECRET,
        "word/settings.xml": f"<rsids>{SECRET}</rsids>",
        "word/vbaProject.bin": SECRET,
        "word/embeddings/oleObject1.bin": SECRET,
        "customXml/item1.xml": SECRET,
        **more,
    }
    return packed(parts)


def xlsx() -> bytes:
    ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships {RELS_NS}><Relationship Id="r1" Type="x" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook {ns}><fileSharing userName="{SECRET}"/>'
        '<sheets><sheet name="账"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f"<worksheet {ns}><sheetData><row><c><f>[{SECRET}]A1</f><v>42</v></c></row>"
        "</sheetData>"
        f'<legacyDrawing id="{SECRET}"/></worksheet>',
        "xl/comments1.xml": f"<author>{SECRET}</author>",
        "xl/externalLinks/externalLink1.xml": SECRET,
        "docProps/app.xml": f"<Company>{SECRET}</Company>",
    }
    return packed(parts)


def packed(parts: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = SECRET.encode()
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (2026, 11, 22, 9, 30, 0))
            entry.comment = SECRET.encode()
            archive.writestr(entry, content)
    return out.getvalue() + SECRET.encode()


def members_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("planted", [docx(), xlsx()], ids=["docx", "xlsx"])
def test_no_secret_of_an_office_file_is_left(planted: bytes) -> None:
    assert SECRET.encode() in planted
    clean = remake_office(planted)
    assert SECRET.encode() not in clean
    for name, content in members_of(clean).items():
        assert SECRET.encode() not in content, name
    with zipfile.ZipFile(io.BytesIO(clean)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_word_file_keeps_what_shows_and_its_pictures() -> None:
    members = members_of(remake_office(docx()))
    text = members["word/document.xml"].decode()
    for shown in ("看得见的字", "加上的字", "也看得见", "框里的字"):
        assert shown in text
    assert Image.open(io.BytesIO(members["word/media/image1.jpg"])).size == (40, 30)
    links = members["word/_rels/document.xml.rels"].decode()
    assert 'Target="/word/media/image1.jpg"' in links
    assert "hyperlink" not in links
    assert b"docProps" not in members["_rels/.rels"] + members["[Content_Types].xml"]


def test_an_excel_file_keeps_its_values() -> None:
    members = members_of(remake_office(xlsx()))
    assert b"42" in members["xl/worksheets/sheet1.xml"]


def test_a_picture_that_cannot_be_re_made_costs_only_itself() -> None:
    members = members_of(remake_office(docx(**{"word/media/image2.png": b"\x89PNG " + SECRET.encode()})))
    assert {name for name in members if "media" in name} == {"word/media/image1.jpg"}


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(210 * 2**20))
    return out.getvalue()


ENTITIES = (
    '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    f"<w:document {WORD_NS}>&c;</w:document>"
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04", Reason.DAMAGED),
        (bomb(), Reason.TOO_BIG),
        (docx(**{"word/document.xml": ENTITIES}), Reason.DAMAGED),
        (docx(**{f"word/media/i{number}.png": b"x" for number in range(101)}), Reason.TOO_BIG),
    ],
    ids=["no archive", "a bomb", "entities", "a hundred pictures"],
)
def test_an_office_file_that_cannot_be_re_made_says_why(data: bytes, reason: Reason) -> None:
    with pytest.raises(CannotClean) as refusal:
        remake_office(data)
    assert refusal.value.reason is reason


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx"])
def test_hostile_bytes_are_cleaned_or_refused_and_nothing_else(kind: str) -> None:
    whole, remake = {"pdf": (pdf(), remake_pdf), "docx": (docx(), remake_office), "xlsx": (xlsx(), remake_office)}[kind]
    draw = random.Random(kind)
    for _ in range(60):
        mangled = bytearray(whole[: draw.randint(len(whole) // 2, len(whole))])
        for _ in range(draw.randint(0, 12)):
            mangled[draw.randrange(len(mangled))] = draw.randrange(256)
        try:
            clean = remake(bytes(mangled))
        except CannotClean:
            continue
        assert SECRET.encode() not in clean
