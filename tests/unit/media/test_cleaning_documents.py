"""Secrets are planted in every place that PDF, Word and Excel files have, and looked for in what comes out."""

import contextlib
import io
import random
import re
import zipfile

import pikepdf
import pypdfium2
import pytest
from defusedxml.ElementTree import fromstring
from PIL import Image

from media import office
from media.kinds import CannotClean, FileKind, FileProblem
from media.pdf import remake_pdf

SECRET = "PLANTED-SECRET"
WORD_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
RELS_NS = f'xmlns="{PACKAGE}/relationships"'
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
SHEET_DRAWING = f"{DRAWING}/spreadsheetDrawing"
SHEET_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

DRAWING_NS = (
    f'xmlns:r="{REL}" xmlns:a="{DRAWING}/main" xmlns:pic="{DRAWING}/picture" '
    f'xmlns:wp="{DRAWING}/wordprocessingDrawing" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)

RED = b"0.9 0.1 0.1 rg 0 200 150 200 re f"  # at the top left of a page


def pdf(pages: int = 2, size: tuple[int, int] = (300, 400), password: str = "") -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        page = document.add_blank_page(page_size=size)
        page.Contents = document.make_stream(RED)
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
    hide_in(document)
    document.docinfo["/Author"] = SECRET
    with document.open_metadata() as xmp:
        xmp["dc:creator"] = [SECRET]
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{SECRET}')")
    document.attachments["names.txt"] = SECRET.encode()
    out = io.BytesIO()
    encryption = pikepdf.Encryption(owner=password, user=password) if password else False
    document.save(out, compress_streams=False, encryption=encryption)
    return out.getvalue()


# Drawn where nobody looks: it would colour the page blue.
BLUE = f"0 0 1 rg 0 0 300 200 re f % {SECRET}\n".encode()


def hide_in(document: pikepdf.Pdf) -> None:
    """Put into a PDF what it can hold and does not show."""
    page, name = document.pages[0], pikepdf.Name
    layer = document.make_indirect(pikepdf.Dictionary(Type=name.OCG, Name=SECRET))
    document.Root.OCProperties = pikepdf.Dictionary(
        OCGs=[layer], D=pikepdf.Dictionary(OFF=pikepdf.Array([layer]), Order=pikepdf.Array([layer]))
    )
    page.Contents = document.make_stream(
        RED
        + b"\n/OC /L BDC\n"
        + BLUE
        + b"EMC\n"
        + b"BT /F 9 Tf 3 Tr 20 20 Td ("
        + SECRET.encode()
        + b") Tj ET\n"  # text that is not painted
    )
    font = pikepdf.Dictionary(
        Type=name.Font, Subtype=name.Type1, BaseFont=name("/" + SECRET), Encoding=name.WinAnsiEncoding
    )
    page.Resources = pikepdf.Dictionary(
        Properties=pikepdf.Dictionary(L=layer), Font=pikepdf.Dictionary(F=document.make_indirect(font))
    )
    page.Thumb = document.make_stream(
        SECRET.encode(), Width=1, Height=1, ColorSpace=name.DeviceGray, BitsPerComponent=8
    )
    shown = document.make_stream(BLUE, Type=name.XObject, Subtype=name.Form, BBox=[0, 0, 300, 200])
    hidden = pikepdf.Dictionary(
        Type=name.Annot, Subtype=name.Square, Rect=[0, 0, 300, 200], F=2, T=SECRET, AP=pikepdf.Dictionary(N=shown)
    )
    popup = pikepdf.Dictionary(Type=name.Annot, Subtype=name.Popup, Rect=[0, 0, 300, 200], Contents=SECRET)
    field = pikepdf.Dictionary(
        Type=name.Annot, Subtype=name.Widget, Rect=[0, 0, 9, 9], FT=name.Tx, T=SECRET, V=SECRET, TU=SECRET, F=2
    )
    annotations = [document.make_indirect(one) for one in (hidden, popup, field)]
    page.Annots = pikepdf.Array([*page.Annots, *annotations])
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([annotations[2]]), XFA=SECRET)
    document.Root.Lang = SECRET
    document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=[SECRET, "x"]))
    document.Root.PageLabels = pikepdf.Dictionary(Nums=[0, pikepdf.Dictionary(P=SECRET)])
    with document.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(SECRET, 0))


def changed_later() -> bytes:
    """A PDF that another program has changed by adding to its end: what was taken out still lies in it."""
    first = pdf(pages=1)
    with pikepdf.open(io.BytesIO(first)) as document:
        number = document.pages[0].objgen[0]
        tree = document.Root.Pages.objgen[0]
        root, size = document.Root.objgen[0], int(str(document.trailer.Size))
    begin = first.rindex(b"startxref") + 10
    before = int(first[begin:].split()[0])
    page = b"%d 0 obj\n<</Type/Page/Parent %d 0 R/MediaBox[0 0 300 400]>>\nendobj\n" % (number, tree)
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d/Root %d 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        *(number, len(first), size, root),
        *(before, len(first) + len(page)),
    )
    return first + page + table


def streams_of(data: bytes) -> bytes:
    """Return everything in a PDF, opened."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(out, qdf=True, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
    return out.getvalue()


@pytest.mark.parametrize("planted", [pdf(), changed_later()], ids=["with everything", "changed later"])
def test_no_secret_of_a_pdf_is_left(planted: bytes) -> None:
    assert SECRET.encode() in planted
    clean = remake_pdf(planted)
    for form in (SECRET.encode(), SECRET.encode("utf-16-be"), SECRET.encode().hex().encode()):
        assert form not in clean + streams_of(clean)
    with pikepdf.open(io.BytesIO(clean)) as document:
        assert not document.attachments
        assert set(document.Root.keys()) <= {"/Type", "/Pages", "/Version"}
        assert "/Info" not in document.trailer or not dict(document.docinfo)
        for page in document.pages:
            assert set(page.obj.keys()) <= {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents", "/Rotate"}
            assert set(page.obj.Resources.keys()) <= {"/XObject", "/ExtGState"}


def page_of(data: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(data)
    try:
        picture: Image.Image = document[0].render().to_pil().convert("RGB")
        return picture
    finally:
        document.close()


def test_what_does_not_show_on_a_page_is_not_in_its_picture() -> None:
    """A layer that is switched off, a note that is hidden or closed, and text that is not painted."""
    planted = pdf(pages=1)
    assert page_of(remake_pdf(planted)).getpixel((150, 300)) == (255, 255, 255)
    switched_on = page_of(remake_pdf(planted.replace(b"/OFF", b"/XXX"))).getpixel((150, 300))
    assert isinstance(switched_on, tuple)
    assert switched_on[2] > 200 > 50 > switched_on[0]
    assert page_of(remake_pdf(changed_later())).getpixel((40, 40)) == (255, 255, 255), "the page as it is now"


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


def form(*, value: str = "XXXX", ticked: bool = True, drawn: bool = False, script: str = "") -> bytes:
    """A form with a field at the top and a box to tick below it, filled in, with or without its appearance."""
    document, name = pikepdf.new(), pikepdf.Name
    document.add_blank_page(page_size=(300, 400))
    field = pikepdf.Dictionary(
        Type=name.Annot, Subtype=name.Widget, FT=name.Tx, Rect=[20, 300, 280, 360], F=4, T="n", V=value
    )
    field.DA = pikepdf.String("/Helv 40 Tf 0 g")
    box = pikepdf.Dictionary(Type=name.Annot, Subtype=name.Widget, FT=name.Btn, Rect=[20, 100, 120, 200], F=4, T="k")
    box.V = box.AS = name.Yes if ticked else name.Off
    box.MK = pikepdf.Dictionary(CA="4")
    if drawn:
        filled = {"Type": name.XObject, "Subtype": name.Form, "BBox": [0, 0, 260, 60]}
        field.AP = pikepdf.Dictionary(N=document.make_stream(b"0 g 20 10 100 40 re f" if value else b"", **filled))
        states = {"/Yes": b"0 g 20 20 60 60 re f", "/Off": b""}
        box.AP = pikepdf.Dictionary(
            N=pikepdf.Dictionary({state: document.make_stream(code, **filled) for state, code in states.items()})
        )
    if script:
        action = pikepdf.Dictionary(S=name.JavaScript, JS=script)
        field.AA = pikepdf.Dictionary(F=action, C=action, K=action, V=action)
        document.Root.OpenAction = action
    fields = pikepdf.Array([document.make_indirect(field), document.make_indirect(box)])
    document.pages[0].Annots = fields
    font = pikepdf.Dictionary(Type=name.Font, Subtype=name.Type1, BaseFont=name.Helvetica)
    document.Root.AcroForm = pikepdf.Dictionary(
        Fields=fields, DA=pikepdf.String("/Helv 0 Tf 0 g"), DR=pikepdf.Dictionary(Font=pikepdf.Dictionary(Helv=font))
    )
    if script:
        document.Root.AcroForm.CO = pikepdf.Array([fields[0]])
    return packed_pdf(document)


def dark_in(data: bytes, place: tuple[int, int, int, int]) -> int:
    """How many dark points the first page has within left, top, right and bottom, in points from the top left."""
    return sum(page_of(data).convert("L").crop(place).histogram()[:120])


FIELD, BOX = (20, 40, 280, 100), (20, 200, 120, 300)


@pytest.mark.parametrize("drawn", [True, False], ids=["with its appearance", "without"])
def test_what_was_filled_into_a_form_is_seen(drawn: bool) -> None:
    filled, empty = remake_pdf(form(drawn=drawn)), remake_pdf(form(value="", ticked=False, drawn=drawn))
    for place in (FIELD, BOX):
        assert dark_in(filled, place) > dark_in(empty, place) + 100
    assert b"AcroForm" not in streams_of(filled)


def test_no_script_of_a_form_runs() -> None:
    assert not {"V8", "XFA"} & set(pypdfium2.PDFIUM_INFO.flags), "a build that could run it"
    assert remake_pdf(form(script="event.value = ''; this.getField('n').value = '';")) == remake_pdf(form())


def noted(layer: pikepdf.Object | None, shown: pikepdf.Object, document: pikepdf.Pdf, *, in_appearance: bool) -> bytes:
    """A page that a note makes black; the note, or its appearance, stands in a layer."""
    name = pikepdf.Name
    black = document.make_stream(b"0 g 0 0 300 400 re f", Type=name.XObject, Subtype=name.Form, BBox=[0, 0, 300, 400])
    note = pikepdf.Dictionary(Type=name.Annot, Subtype=name.Stamp, F=4, Rect=[0, 0, 300, 400])
    note.AP = pikepdf.Dictionary(N=black)
    if layer is not None:
        (black if in_appearance else note).OC = layer
    document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)])
    document.Root.OCProperties = shown
    return packed_pdf(document)


LAYERS = {
    "no layer": (True, ""),
    "on": (True, "on"),
    "off": (False, "off"),
    "all off but one": (True, "on, others off"),
    "all off": (False, "neither, others off"),
    "any of both": (True, "AnyOn"),
    "all of both": (False, "AllOn"),
    "any off": (True, "AnyOff"),
    "all off of both": (False, "AllOff"),
    "both by an expression": (False, "And"),
    "either by an expression": (True, "Or"),
    "not by an expression": (True, "Not"),
    "off for the eyes": (False, "usage"),
}


@pytest.mark.parametrize("in_appearance", [False, True], ids=["the note", "its appearance"])
@pytest.mark.parametrize("case", LAYERS)
def test_a_note_shows_when_its_layer_does(case: str, in_appearance: bool) -> None:
    seen, how = LAYERS[case]
    document, name = pikepdf.new(), pikepdf.Name
    document.add_blank_page(page_size=(300, 400))
    on, off, other = (document.make_indirect(pikepdf.Dictionary(Type=name.OCG, Name=word)) for word in "abc")
    shown = pikepdf.Dictionary(ON=pikepdf.Array([on]), OFF=pikepdf.Array([off]))
    if "others off" in how:
        shown.BaseState = name.OFF
    layers: dict[str, pikepdf.Object | None] = {"": None, "on": on, "off": off, "neither": other}
    if how in ("AnyOn", "AllOn", "AnyOff", "AllOff"):
        layer: pikepdf.Object | None = pikepdf.Dictionary(
            Type=name.OCMD, OCGs=pikepdf.Array([on, off]), P=name("/" + how)
        )
    elif how in ("And", "Or", "Not"):
        operands = [off] if how == "Not" else [on, off]
        layer = pikepdf.Dictionary(Type=name.OCMD, VE=pikepdf.Array([name("/" + how), *operands]))
    elif how == "usage":
        layer = other
        other.Usage = pikepdf.Dictionary(View=pikepdf.Dictionary(ViewState=name.OFF))
        event = pikepdf.Dictionary(Event=name.View, Category=[name.View], OCGs=[other])
        shown.AS = pikepdf.Array([event])
    else:
        layer = layers[how.partition(",")[0]]
    data = noted(layer, pikepdf.Dictionary(OCGs=[on, off, other], D=shown), document, in_appearance=in_appearance)
    assert (dark_in(remake_pdf(data), (0, 0, 300, 400)) > 0) is seen


BLACK = b"0 g 0 0 300 400 re f"
FORM = {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form, "/BBox": [0, 0, 300, 400]}
PICTURE = {
    **{"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 1, "/Height": 1},
    **{"/ColorSpace": pikepdf.Name.DeviceGray, "/BitsPerComponent": 8},
}


@pytest.mark.parametrize("seen", [True, False], ids=["on", "off"])
@pytest.mark.parametrize("what", ["a form", "a picture", "marked content", "content marked for several layers"])
def test_what_a_page_draws_shows_when_its_layer_does(what: str, seen: bool) -> None:
    document, name = pikepdf.new(), pikepdf.Name
    page = document.add_blank_page(page_size=(300, 400))
    layer = document.make_indirect(pikepdf.Dictionary(Type=name.OCG, Name="x"))
    document.Root.OCProperties = pikepdf.Dictionary(OCGs=[layer], D=pikepdf.Dictionary(OFF=[] if seen else [layer]))
    code = b"/OC /L BDC 0 g 0 0 300 400 re f EMC"
    if what in ("a form", "a picture"):
        code = b"/X Do" if what == "a form" else b"300 0 0 400 0 0 cm /X Do"
        drawn = document.make_stream(*((BLACK, FORM) if what == "a form" else (b"\0", PICTURE)))
        drawn.OC = layer
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=drawn))
    else:
        several = pikepdf.Dictionary(Type=name.OCMD, OCGs=[layer], P=name.AllOn)
        marked = layer if what == "marked content" else several
        page.Resources = pikepdf.Dictionary(Properties=pikepdf.Dictionary(L=marked))
    page.Contents = document.make_stream(code)
    assert (dark_in(remake_pdf(packed_pdf(document)), (0, 0, 300, 400)) > 0) is seen


def test_layers_that_refer_to_themselves_end() -> None:
    document, name = pikepdf.new(), pikepdf.Name
    document.add_blank_page(page_size=(300, 400))
    circle = document.make_indirect(pikepdf.Dictionary(Type=name.OCMD))
    circle.OCGs = pikepdf.Array([circle, circle])
    expression = document.make_indirect(pikepdf.Array([name.And]))
    expression.extend([expression, expression])
    for layer in (circle, pikepdf.Dictionary(Type=name.OCMD, VE=expression)):
        data = noted(layer, pikepdf.Dictionary(OCGs=[]), document, in_appearance=False)
        with contextlib.suppress(CannotClean):
            remake_pdf(data)


def test_the_same_pdf_is_re_made_alike_and_tells_no_time() -> None:
    assert remake_pdf(pdf()) == remake_pdf(pdf())


def same_page(times: int) -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(300, 400))
    pages = document.Root.Pages
    pages.Kids, pages.Count = pikepdf.Array([pages.Kids[0]] * times), times
    return packed_pdf(document)


def endless_pages() -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(300, 400))
    branch = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Pages, Count=9, Kids=pikepdf.Array([])))
    branch.Kids = pikepdf.Array([branch])
    document.Root.Pages.Kids, document.Root.Pages.Count = pikepdf.Array([branch]), 9
    return packed_pdf(document)


def packed_pdf(document: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", FileProblem.DAMAGED),
        (b"%PDF-1.7\nhello", FileProblem.DAMAGED),
        (pdf(password="x"), FileProblem.PROTECTED),
        (pdf(pages=61), FileProblem.TOO_BIG),
        (same_page(100_000), FileProblem.TOO_BIG),
        (b"%PDF-1.7\n1 0 obj\n" + b"[" * 100_000 + b"\nendobj", FileProblem.DAMAGED),
        (endless_pages(), FileProblem.DAMAGED),
    ],
    ids=[
        *("empty", "no pdf", "with a password", "too many pages", "one page again and again", "deep"),
        "pages that hold themselves",
    ],
)
def test_a_pdf_that_cannot_be_re_made_says_why(data: bytes, reason: FileProblem) -> None:
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


# What Word, WPS and their like leave in a text, beside the text.
DOCUMENT = f"""<?xml version="1.0"?><!-- {SECRET} --><w:document {WORD_NS} {DRAWING_NS}
  xmlns:PLANTED-SECRET="urn:{SECRET}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
  mc:Ignorable="w14 w15 PLANTED-SECRET"
  xmlns:w14="urn:w14" xmlns:w15="urn:w15" w:rsidR="00{SECRET}"><w:body>{SECRET}
  <w:p w:rsidRPr="{SECRET}" w14:paraId="{SECRET}"><w:r><w:t>看得见的字</w:t></w:r>{SECRET}
    <w:ins w:id="1" w:author="{SECRET}" w:date="2026-01-01T00:00:00Z"><w:r><w:t>加上的字</w:t></w:r></w:ins>
    <w:del w:id="2" w:author="{SECRET}"><w:r><w:delText>{SECRET}-struck-out</w:delText><w:drawing><wp:inline>
      <a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="gone"/></pic:blipFill></pic:pic></a:graphicData>
      </a:graphic></wp:inline></w:drawing></w:r></w:del>
    <w:moveFrom w:id="3" w:author="{SECRET}"><w:r><w:t>{SECRET}-moved</w:t></w:r></w:moveFrom>
    <w:commentRangeStart w:id="0"/><w:r><w:t>也看得见</w:t></w:r></w:p>
  <w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{SECRET}-hidden</w:t></w:r>
    <w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>不藏的字</w:t></w:r></w:p>
  <w:p><w:fldSimple w:instr="HYPERLINK mailto:{SECRET}"><w:r><w:t>域里的字</w:t></w:r></w:fldSimple>
    <w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="{SECRET}"/></w:ffData></w:fldChar></w:r>
    <w:r><w:instrText>AUTHOR {SECRET}</w:instrText></w:r>
    <w:hyperlink r:id="h" w:tooltip="{SECRET}"><w:r><w:t>链接的字</w:t></w:r></w:hyperlink></w:p>
  <w:sdt><w:sdtPr><w:alias w:val="{SECRET}"/><w15:dataBinding w15:x="{SECRET}"/></w:sdtPr>
    <w:sdtContent><w:p><w:r><w:t>框里的字</w:t></w:r></w:p></w:sdtContent></w:sdt>
  <w:tbl><w:tblPr><w:tblDescription w:val="{SECRET}"/></w:tblPr><w:tr><w:trPr><w:del w:author="{SECRET}"/></w:trPr>
    <w:tc><w:p><w:r><w:t>{SECRET}-row</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
  <w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="{SECRET}.jpg" descr="{SECRET}"/><a:graphic><a:graphicData
    uri="p"><pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="C:/{SECRET}.jpg"><a:hlinkClick r:id="h"/></pic:cNvPr>
    </pic:nvPicPr>
    <pic:blipFill><a:blip r:embed="i1" r:link="h"><a:extLst><a:ext uri="{SECRET}"/></a:extLst></a:blip></pic:blipFill>
    </pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>
    <w:r><w:drawing><wp:inline><wp:docPr id="2" name="chart"/><a:graphic><a:graphicData uri="c"><c:chart xmlns:c="urn:c"
      r:id="c1"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>
    <w:r><w:pict><v:shape alt="{SECRET}" o:gfxdata="{SECRET}" href="{SECRET}">
      <v:imagedata r:id="i1" o:title="{SECRET}"/></v:shape></w:pict></w:r>
    <w:r><mc:AlternateContent><mc:Choice Requires="cx"><w:drawing><cx:chart xmlns:cx="urn:cx" r:id="c1"/></w:drawing>
      </mc:Choice><mc:Fallback><w:t>后备的字</w:t></mc:Fallback></mc:AlternateContent></w:r>
    <w:r><w:object><o:OLEObject r:id="o1" ProgID="{SECRET}"/></w:object></w:r></w:p>
  <w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:p>
  <w:altChunk r:id="a1"/><w:sectPr><w:headerReference w:type="default" r:id="hd"/><w:headerReference w:type="first"
    r:id="no"/></w:sectPr>
</w:body></w:document>"""


def docx(**more: bytes | str) -> bytes:
    related = {
        "i1": ("image", "media/image1.png"),
        "gone": ("image", "media/deleted.jpg"),
        "hd": ("header", "header7.xml"),
        "st": ("styles", "styles.xml"),
        "nu": ("numbering", "numbering.xml"),
        "th": ("theme", "theme/theme1.xml"),
        "se": ("settings", "settings.xml"),
        "co": ("comments", "comments.xml"),
        "fo": ("fontTable", "fontTable.xml"),
        "c1": ("chart", "charts/chart1.xml"),
        "o1": ("oleObject", "embeddings/oleObject1.bin"),
        "a1": ("aFChunk", "other.docx"),
        "vb": ("vbaProject", "vbaProject.bin"),
    }
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
        f'<Override PartName="/docProps/core.xml" ContentType="{SECRET}"/></Types>',
        "_rels/.rels": relations({"r1": ("officeDocument", "word/document.xml"), "r2": (SECRET, "docProps/core.xml")}),
        "word/document.xml": DOCUMENT,
        "word/_rels/document.xml.rels": relations(
            related,
            f'<Relationship Id="h" Type="{REL}/hyperlink" Target="https://{SECRET}.example" TargetMode="External"/>',
        ),
        "word/header7.xml": f'<w:hdr {WORD_NS}><w:p w:rsidR="{SECRET}"><w:r><w:t>页眉的字</w:t></w:r></w:p></w:hdr>',
        "word/styles.xml": f'<w:styles {WORD_NS}><w:style w:styleId="a"><w:name w:val="Normal"/>'
        f'<w:aliases w:val="{SECRET}"/><w:rsid w:val="{SECRET}"/></w:style></w:styles>',
        "word/numbering.xml": f"<w:numbering {WORD_NS} {DRAWING_NS}><w:numPicBullet><w:pict><v:shape>"
        f'<v:imagedata r:id="x"/></v:shape></w:pict></w:numPicBullet>'
        f'<w:abstractNum w:abstractNumId="0"><w:nsid w:val="{SECRET}"/>'
        f'<w:tmpl w:val="{SECRET}"/>'
        f'<w:name w:val="{SECRET}"/><w:lvl w:tplc="{SECRET}"/></w:abstractNum><w:num w:numId="1">'
        '<w:abstractNumId w:val="0"/></w:num></w:numbering>',
        "word/theme/theme1.xml": f'<a:theme {DRAWING_NS} name="{SECRET}"><a:themeElements>'
        f'<a:clrScheme name="{SECRET}"/><a:fontScheme name="{SECRET}"><a:minorFont><a:latin typeface="{SECRET}"/>'
        f'<a:font script="Hans" typeface="{SECRET}"/></a:minorFont></a:fontScheme></a:themeElements></a:theme>',
        "word/media/image1.png": jpeg(),
        "word/media/deleted.jpg": jpeg(),
        "docProps/core.xml": f"<creator>{SECRET}</creator>",
        "docProps/custom.xml": SECRET,
        "docProps/thumbnail.jpeg": jpeg(),
        "word/comments.xml": f"<c author='{SECRET}'/>",
        "word/people.xml": SECRET,
        "word/settings.xml": f"<rsids>{SECRET}</rsids>",
        "word/fontTable.xml": SECRET,
        "word/fonts/font1.odttf": SECRET,
        "word/charts/chart1.xml": SECRET,
        "word/glossary/document.xml": SECRET,
        "word/vbaProject.bin": SECRET,
        "word/embeddings/oleObject1.bin": SECRET,
        "word/other.docx": SECRET,
        "customXml/item1.xml": SECRET,
        f"word/media/{SECRET}.jpg": jpeg(),
        **more,
    }
    return packed(parts)


def relations(links: dict[str, tuple[str, str]], more: str = "") -> str:
    rows = (f'<Relationship Id="{link}" Type="{REL}/{role}" Target="{part}"/>' for link, (role, part) in links.items())
    return f"<Relationships {RELS_NS}>{''.join(rows)}{more}</Relationships>"


def xlsx(**more: bytes | str) -> bytes:
    ns = f'{SHEET_NS} xmlns:r="{REL}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types" x="{SECRET}"/>',
        "_rels/.rels": relations({"r1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook {ns} mc:Ignorable="x15"><fileVersion codeName="{SECRET}"/><fileSharing userName='
        f'"{SECRET}"/><workbookPr date1904="1" codeName="{SECRET}"/><mc:AlternateContent><mc:Choice Requires="x15">'
        f'<x15ac:absPath xmlns:x15ac="urn:x15ac" url="C:/Users/{SECRET}/"/></mc:Choice></mc:AlternateContent>'
        f"<bookViews/>"
        '<sheets><sheet name="账" sheetId="1" r:id="s1"/>'
        f'<sheet name="{SECRET}" sheetId="2" state="hidden" r:id="s2"/>'
        f'<sheet name="{SECRET}" sheetId="3" state="veryHidden" r:id="s3"/></sheets>'
        f'<definedNames><definedName name="{SECRET}">x</definedName></definedNames></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            {
                "st": ("sharedStrings", "/xl/sharedStrings.xml"),
                "s1": ("worksheet", "worksheets/sheet1.xml"),
                "s2": ("worksheet", "worksheets/sheet2.xml"),
                "s3": ("worksheet", "worksheets/sheet3.xml"),
                "sy": ("styles", "styles.xml"),
                "pe": ("person", "persons/person.xml"),
                "co": ("connections", "connections.xml"),
                "ex": ("externalLink", "externalLinks/externalLink1.xml"),
            }
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet {ns}><sheetPr codeName="{SECRET}"/><cols>'
        f'<col min="3" max="4" hidden="1"/></cols><sheetData><row r="1"><c r="A1"><f>[{SECRET}]A1</f><v>42</v>'
        f'</c><c r="B1" t="s" cm="1"><v>0</v></c>'
        f'<c r="C1" t="s"><v>1</v></c><c r="D1" t="inlineStr"><is><t>{SECRET}</t></is></c></row>'
        f'<row r="2" hidden="1"><c r="A2" t="str"><v>{SECRET}</v></c></row></sheetData>'
        f'<autoFilter ref="A1"><filterColumn><filters><filter val="{SECRET}"/></filters></filterColumn></autoFilter>'
        f"<dataValidations><dataValidation><formula1>{SECRET}</formula1></dataValidation></dataValidations>"
        f'<pageSetup r:id="ps"/><headerFooter><oddHeader>{SECRET}</oddHeader></headerFooter><drawing r:id="d1"/>'
        f'<legacyDrawing r:id="{SECRET}"/><tableParts><tablePart r:id="t1"/></tableParts>'
        f"<extLst><ext>{SECRET}</ext></extLst></worksheet>",
        "xl/worksheets/_rels/sheet1.xml.rels": relations(
            {
                "d1": ("drawing", "../drawings/drawing1.xml"),
                "ps": ("printerSettings", "../printerSettings/printerSettings1.bin"),
                "t1": ("table", "../tables/table1.xml"),
                "cm": ("comments", "../comments1.xml"),
                "th": ("threadedComment", "../threadedComments/threadedComment1.xml"),
            }
        ),
        **dict.fromkeys(
            ("xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"),
            f"<worksheet {ns}><sheetData><row><c><v>{SECRET}</v></c></row></sheetData></worksheet>",
        ),
        "xl/sharedStrings.xml": f"<sst {ns}><si><t>看得见的格</t><rPh><t>{SECRET}</t></rPh></si>"
        f"<si><t>{SECRET}-hidden</t></si><si><r><t>{SECRET}-left over</t></r></si></sst>",
        "xl/styles.xml": f'<styleSheet {ns}><fonts><font><name val="宋体"/></font></fonts>'
        f'<cellStyles><cellStyle name="{SECRET}"/></cellStyles></styleSheet>',
        "xl/drawings/drawing1.xml": f'<xdr:wsDr {DRAWING_NS} xmlns:xdr="{SHEET_DRAWING}"><xdr:oneCellAnchor>'
        f'<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="1" name="{SECRET}.jpg" descr="{SECRET}"/></xdr:nvPicPr>'
        f'<xdr:blipFill><a:blip r:embed="i1"/>'
        "</xdr:blipFill></xdr:pic><xdr:clientData/></xdr:oneCellAnchor><xdr:oneCellAnchor><xdr:graphicFrame><c:chart "
        f'xmlns:c="urn:c" r:id="c1"/></xdr:graphicFrame><xdr:clientData/></xdr:oneCellAnchor></xdr:wsDr>',
        "xl/drawings/_rels/drawing1.xml.rels": relations({"i1": ("image", "../media/image1.jpeg")}),
        "xl/media/image1.jpeg": jpeg(),
        "xl/comments1.xml": f"<author>{SECRET}</author>",
        "xl/threadedComments/threadedComment1.xml": SECRET,
        "xl/persons/person.xml": SECRET,
        "xl/connections.xml": SECRET,
        "xl/tables/table1.xml": SECRET,
        "xl/printerSettings/printerSettings1.bin": SECRET,
        "xl/externalLinks/externalLink1.xml": SECRET,
        "docProps/app.xml": f"<Company>{SECRET}</Company>",
        **more,
    }
    return packed(parts)


def remake_office(data: bytes) -> bytes:
    return office.remake_office(FileKind.WORD, data).data


def strict(planted: bytes) -> bytes:
    """The same file in the strict form of the standard, which has other names for everything."""
    transitional, other = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    members = members_of(planted)
    for name, content in members.items():
        if name.endswith((".xml", ".rels")) and name != "[Content_Types].xml":
            drawn = rb"(wordprocessingml|spreadsheetml|drawingml)/2006/"
            members[name] = re.sub(transitional + drawn, other + rb"\1/", content).replace(
                transitional + b"officeDocument/2006/", other + b"officeDocument/"
            )
    return packed({**members})


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


OFFICE = {"docx": docx(), "xlsx": xlsx(), "strict docx": strict(docx()), "strict xlsx": strict(xlsx())}


@pytest.mark.parametrize("kind", OFFICE)
def test_no_secret_of_an_office_file_is_left(kind: str) -> None:
    planted = OFFICE[kind]
    assert SECRET.encode() in planted
    clean = remake_office(planted)
    assert SECRET.encode() not in clean
    for name, content in members_of(clean).items():
        assert SECRET.encode() not in content, name
    with zipfile.ZipFile(io.BytesIO(clean)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_part_that_is_not_what_it_is_called_is_left_behind() -> None:
    planted = docx(**{"word/theme/theme1.xml": f'<t:theme xmlns:t="urn:{SECRET}" name="{SECRET}"/>'})
    members = members_of(remake_office(planted))
    assert "word/theme/theme1.xml" not in members
    assert SECRET.encode() not in b"".join(members.values())


@pytest.mark.parametrize("kind", OFFICE)
def test_an_office_file_has_no_part_but_those_that_show(kind: str) -> None:
    shown = {
        "docx": "document styles numbering header1 theme/theme1 media/image1.jpg",
        "xlsx": "workbook styles sharedStrings worksheets/sheet1 drawings/drawing1 media/image1.jpg",
    }[kind.removeprefix("strict ")]
    parts = {name for name in members_of(remake_office(OFFICE[kind])) if not name.endswith(".rels")}
    folder = "word" if "docx" in kind else "xl"
    names = {f"{folder}/{name}" if "." in name else f"{folder}/{name}.xml" for name in shown.split()}
    assert parts == {"[Content_Types].xml", *names}


@pytest.mark.parametrize("kind", OFFICE)
def test_an_office_file_refers_to_nothing_that_was_left_behind(kind: str) -> None:
    """Word and Excel call a file damaged that names a part, a reference or a prefix that isn't there."""
    members = members_of(remake_office(OFFICE[kind]))
    types = members.pop("[Content_Types].xml").decode()
    assert "macroEnabled" not in types
    for name, content in members.items():
        if name.endswith(".jpg"):
            continue
        root = fromstring(content)
        folder, _, file = name.rpartition("/")
        if name.endswith(".rels"):
            assert all(link.get("Target", "").lstrip("/") in members for link in root)
            continue
        if name.endswith(".xml"):
            assert f'PartName="/{name}"' in types
        listed = members.get(f"{folder}/_rels/{file}.rels", b"<none/>")
        known = {link.get("Id") for link in fromstring(listed)}
        used = {value for one in root.iter() for key, value in one.attrib.items() if key.startswith(f"{{{REL}}}")}
        assert used <= known
        assert not any("markup-compatibility" in one.tag or "Ignorable" in str(one.attrib) for one in root.iter())


@pytest.mark.parametrize("kind", ["docx", "strict docx"])
def test_a_word_file_keeps_what_shows_and_its_pictures(kind: str) -> None:
    members = members_of(remake_office(OFFICE[kind]))
    text = members["word/document.xml"].decode()
    for shown in (
        *("看得见的字", "加上的字", "也看得见", "不藏的字"),
        *("域里的字", "链接的字", "框里的字", "后备的字"),
    ):
        assert shown in text
    assert "页眉的字" in members["word/header1.xml"].decode()
    assert text.count("blip ") == 1
    assert text.count("imagedata ") == 1
    assert Image.open(io.BytesIO(members["word/media/image1.jpg"])).size == (40, 30)
    assert 'Target="/word/media/image1.jpg"' in members["word/_rels/document.xml.rels"].decode()


@pytest.mark.parametrize("kind", ["xlsx", "strict xlsx"])
def test_an_excel_file_keeps_its_values(kind: str) -> None:
    members = members_of(remake_office(OFFICE[kind]))
    sheet = members["xl/worksheets/sheet1.xml"]
    assert b"<v>42</v>" in sheet
    assert b'<c r="B1" t="s"><v>0</v></c>' in sheet
    assert "看得见的格" in members["xl/sharedStrings.xml"].decode()
    assert 'name="账"' in members["xl/workbook.xml"].decode()
    assert b'date1904="1"' in members["xl/workbook.xml"], "or every date would be four years off"


def test_what_is_hidden_in_a_table_is_left_behind() -> None:
    members = members_of(remake_office(xlsx()))
    sheet = fromstring(members["xl/worksheets/sheet1.xml"])
    assert [cell.get("r") for cell in sheet.iter() if cell.tag.endswith("}c")] == ["A1", "B1"]
    assert members["xl/workbook.xml"].count(b"<sheet ") == 1


def test_a_picture_that_cannot_be_re_made_costs_only_itself() -> None:
    planted = docx(**{"word/media/image1.png": b"\x89PNG " + SECRET.encode()})
    members = members_of(remake_office(planted))
    assert not any("media" in name for name in members)
    assert "看得见的字" in members["word/document.xml"].decode()
    assert b"pic:pic" not in members["word/document.xml"]


def drawn_by(role: str, target: str) -> bytes:
    """A text that refers to one thing that shows, and to nothing else."""
    parts = members_of(docx())
    links = relations({"x": (role, target)})
    return packed({**parts, "word/_rels/document.xml.rels": links, "word/media/i.png": b"no picture"})


@pytest.mark.parametrize(
    ("role", "target", "is_whole"),
    [
        ("chart", "charts/chart1.xml", False),
        ("oleObject", "embeddings/oleObject1.bin", False),
        ("chartsheet", "chartsheets/sheet1.xml", False),
        ("video", "media/film.mp4", False),
        ("comments", "comments.xml", True),
        ("settings", "settings.xml", True),
    ],
)
def test_of_what_shows_and_cannot_be_kept_it_is_told(role: str, target: str, is_whole: bool) -> None:
    assert office.remake_office(FileKind.WORD, drawn_by(role, target)).is_whole is is_whole


def test_of_a_picture_that_cannot_be_re_made_it_is_told() -> None:
    for picture, is_whole in ((jpeg(), True), (b"\x01\0\0\0 EMF", False)):
        parts = members_of(docx())
        links = relations({"i1": ("image", "media/image1.png")})
        data = packed({**parts, "word/_rels/document.xml.rels": links, "word/media/image1.png": picture})
        assert office.remake_office(FileKind.WORD, data).is_whole is is_whole


def bomb() -> bytes:
    return docx(**{"word/document.xml": bytes(41 * 2**20)})


def nested(depth: int) -> str:
    return f"<w:document {WORD_NS}>{'<w:p>' * depth}{'</w:p>' * depth}</w:document>"


ENTITIES = (
    '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    f"<w:document {WORD_NS}>&c;</w:document>"
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04", FileProblem.DAMAGED),
        (bomb(), FileProblem.TOO_BIG),
        (docx(**{"word/document.xml": ENTITIES}), FileProblem.DAMAGED),
        (docx(**{f"word/media/i{number}.png": b"x" for number in range(101)}), FileProblem.TOO_BIG),
        (packed({f"{number}": b"" for number in range(2001)}), FileProblem.TOO_BIG),
        (docx(**{"word/document.xml": f"<w:document {WORD_NS}>" + "<w:p>" * 3000}), FileProblem.DAMAGED),
        (docx(**{"word/document.xml": nested(3000)}), FileProblem.DAMAGED),
        (docx(**{"_rels/.rels": relations({"r": ("officeDocument", "../../etc/passwd")})}), FileProblem.DAMAGED),
        (docx(**{"_rels/.rels": relations({"r": ("officeDocument", "word/none.xml")})}), FileProblem.DAMAGED),
        (xlsx(**{"xl/_rels/workbook.xml.rels": relations({})}), FileProblem.DAMAGED),
        (docx()[:-400], FileProblem.DAMAGED),
    ],
    ids=[
        *("no archive", "a bomb", "entities", "a hundred pictures", "two thousand parts", "cut xml", "deep xml"),
        *("outside", "no text", "no sheet", "cut short"),
    ],
)
def test_an_office_file_that_cannot_be_re_made_says_why(data: bytes, reason: FileProblem) -> None:
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
