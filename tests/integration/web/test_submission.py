"""What a resident does on the pages before something is sent: say it, look at it, change it; nothing said is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.complaints import Complaint, ComplaintMessage, Conversation
from tests.browsing import Browser, Page
from tests.deployment import Deployment
from tests.integration.web.conftest import OpenBrowser, begin
from tests.pages import page_of_code
from tests.statements import statements
from tests.waiting import eventually

SAID = "路灯坏了三个月没人修"
PHOTO = (Path(__file__).parents[3] / "simulator" / "static" / "samples" / "1-bridge.jpg").read_bytes()
OTHER_PHOTO = (Path(__file__).parents[3] / "simulator" / "static" / "samples" / "2-streetlamp.jpg").read_bytes()


async def count(deployment: Deployment, table: type[Complaint | ComplaintMessage | Conversation]) -> int:
    async with deployment.database.reading() as session:
        return (await session.execute(select(func.count()).select_from(table))).scalar_one()


async def files(deployment: Deployment) -> int:
    """Return how many files lie in the store."""
    return len(list(deployment.config.files.path.rglob("*.age")))


async def test_the_printed_code_leads_to_who_listens_and_what_is_taken(
    deployment: Deployment, browser: Browser
) -> None:
    page = await browser.open(await page_of_code(deployment))
    assert page.status == 200
    assert page.title == "便民服务"
    assert page.headings == ["有话对巡察组说"]
    for part in ("县委第一巡察组", "桥头岭村", "怎样做到不留名", "2026年12月4日", "信箱", "我有回执码", "English"):
        assert part in page.text
    assert not list(browser.session.cookie_jar)


async def test_where_a_visitor_is_is_written_once_for_each_form(deployment: Deployment, browser: Browser) -> None:
    assert deployment.product is not None
    await begin(deployment, browser)
    with statements(deployment.product) as made:
        await browser.send("add", text=SAID)
    written = [one for one in made if one.startswith(("INSERT INTO conversations", "UPDATE conversations"))]
    assert len(written) == 1


async def test_what_is_written_is_shown_before_it_is_sent_and_sent_by_a_press(
    deployment: Deployment, browser: Browser
) -> None:
    await begin(deployment, browser)
    page = await browser.send("add", text=SAID)
    assert page.headings == ["请您看看，对不对？"]
    assert SAID in page.text
    assert "谁来看：县委第一巡察组" in page.text
    assert await count(deployment, Complaint) == 0
    page = await browser.send("1.r.send")
    assert page.url.endswith("/page")
    assert page.headings == ["收到了，谢谢您说出来。"]
    assert len(page.code.replace(" ", "")) == 8
    assert await count(deployment, Complaint) == 1
    assert (await browser.open("/page")).code == page.code  # who looks away finds it again


async def test_what_leads_to_the_writer_is_marked_and_goes_by_a_press(deployment: Deployment, browser: Browser) -> None:
    await begin(deployment, browser)
    page = await browser.send("add", text="鱼塘的账不公开，我电话13812345678")
    assert "<u><b>13812345678</b></u>[手机号]" in page.body.decode()
    assert not page.has_button("1.r.send")
    page = await browser.send("1.r.traces_out")
    assert "13812345678" not in page.text
    assert page.has_button("1.r.send")


async def test_a_photo_is_made_anew_and_shown_small_to_its_writer_alone(
    deployment: Deployment, browser: Browser, open_browser: OpenBrowser
) -> None:
    await begin(deployment, browser)
    page = await browser.send("add", files=[PHOTO], text=SAID)
    [address] = page.pictures
    shown = await browser.open(address)
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.body.startswith(b"\xff\xd8")
    assert len(shown.body) < 10_000
    assert (await (await open_browser()).open(address)).status == 404
    assert (await browser.open("/page/picture/1")).status == 404  # the text
    assert (await browser.open("/page/picture/3")).status == 404


async def test_each_piece_can_be_changed_and_taken_out(deployment: Deployment, browser: Browser) -> None:
    await begin(deployment, browser)
    await browser.send("add", text=SAID, files=[PHOTO])
    page = await browser.send("change")
    assert page.url.endswith("/page?change=1")
    assert page.form.fields["changed"] == SAID
    page = await browser.send(changed="路灯坏了四个月\n没人修")
    assert "改好了，以新的为准。" in page.text
    assert "路灯坏了四个月 没人修" in page.text
    assert SAID not in page.text
    page = await browser.send("去掉第 2 条")
    assert "真的去掉这一份吗？" in page.text
    page = await browser.send("1.r.drop_yes")
    assert page.pictures == []
    assert await files(deployment) == 0
    page = await browser.send("去掉第 1 条")
    assert "去掉了。" in page.text
    page = await browser.send("放回去")
    assert "路灯坏了四个月 没人修" in page.text
    await browser.send("1.r.send")
    assert await count(deployment, ComplaintMessage) == 1


async def test_there_is_no_piece_to_change_that_is_not_there(deployment: Deployment, browser: Browser) -> None:
    await begin(deployment, browser)
    await browser.send("add", text=SAID)
    for number in ("2", "0", "99", "x", "-1"):
        assert "changed" not in (await browser.open(f"/page?change={number}")).form.fields


@pytest.mark.parametrize("press", ["1.r.category", "1.r.discard"])
async def test_there_is_always_a_way_back_to_what_was_written(
    deployment: Deployment, browser: Browser, press: str
) -> None:
    await begin(deployment, browser)
    await browser.send("add", text=SAID)
    page = await browser.send(press)
    back = next(one for one in page.form.buttons if one.value.startswith("1.r.card."))
    assert SAID in (await browser.send(back.value)).text


async def test_how_one_is_protected_leads_back_to_what_was_written(deployment: Deployment, browser: Browser) -> None:
    await begin(deployment, browser)
    greeting = browser.page
    await browser.send("add", text=SAID)
    page = await browser.send("1.r.protection", page=greeting)
    assert "您怎么受保护" in page.text
    assert SAID in (await browser.send("看我写的")).text


Press = Callable[[Browser, Page], Awaitable[Page]]


@pytest.mark.parametrize("label", ["1.r.send", "1.r.traces_stay"])
async def test_a_press_that_settles_does_not_when_new_words_come_with_it(
    deployment: Deployment, browser: Browser, label: str
) -> None:
    await begin(deployment, browser)
    first = SAID if label == "1.r.send" else "鱼塘的账不公开，我电话13812345678"
    await browser.send("add", text=first)
    page = await browser.send(label, text="打我电话13987654321")
    assert await count(deployment, Complaint) == 0
    assert "<u><b>13987654321</b></u>" in page.body.decode()
    assert page.has_button("1.r.traces_stay")
    assert not page.has_button("1.r.send")


async def test_the_same_form_is_taken_once_however_often_it_is_sent(deployment: Deployment, browser: Browser) -> None:
    await begin(deployment, browser)
    form = browser.page
    for _ in range(3):
        page = await browser.send("add", page=form, text=SAID, files=[PHOTO])
    assert "文字 1 条，照片、录音等 1 份" in page.text
    await asyncio.gather(*(browser.send("1.r.send", page=page) for _ in range(3)))
    assert await count(deployment, Complaint) == 1
    assert (await browser.open("/page")).code


async def test_another_text_in_the_same_form_is_taken_too(deployment: Deployment, browser: Browser) -> None:
    await begin(deployment, browser)
    form = browser.page
    await browser.send("add", page=form, text=SAID)
    page = await browser.send("add", page=form, text=f"{SAID}，娃儿上学看不见路")
    assert "文字 2 条" in page.text


async def test_a_draft_is_taken_up_again_where_it_was_left(deployment: Deployment, browser: Browser) -> None:
    await begin(deployment, browser)
    await browser.send("add", text=SAID, files=[PHOTO])
    await begin(deployment, browser)
    assert "您上次说到一半的还在，接着说就行。" in browser.page.text
    assert SAID in browser.page.text
    assert len(browser.page.pictures) == 1


async def test_an_old_button_says_so_and_shows_what_there_is(deployment: Deployment, browser: Browser) -> None:
    await begin(deployment, browser)
    before = await browser.send("add", text=SAID)
    await browser.send("1.r.discard")
    await browser.send("1.r.discard_yes")
    page = await browser.send("1.r.send", page=before)
    assert "这一份不用再点了" in page.text
    assert await count(deployment, Complaint) == 0


async def test_whoever_forgets_everything_leaves_nothing_behind(deployment: Deployment, browser: Browser) -> None:
    await begin(deployment, browser)
    greeting = browser.page
    page = await browser.send("add", text=SAID, files=[PHOTO])
    assert not page.has_button("forget")  # the preview has a button of its own for it
    page = await browser.send("forget", page=greeting)
    assert "删掉了：您没发送的内容，这里一点不留。" in page.text
    assert await files(deployment) == 0
    assert SAID not in (await browser.open("/page")).text


async def test_a_long_text_is_taken_whole(deployment: Deployment, browser: Browser) -> None:
    await begin(deployment, browser)
    long = "".join(f"第{number}次去镇上问，还是没人管。" for number in range(600))
    page = await browser.send("add", text=long)
    assert page.text.count("还是没人管") == 600
    await browser.send("change")
    page = await browser.send(changed=long[:9000])
    assert "第599次" in page.text  # the pieces that came after the first are as they were


async def test_the_words_follow_the_language_that_was_chosen(deployment: Deployment, browser: Browser) -> None:
    page = await browser.open(f"{await page_of_code(deployment)}?l=en")
    assert page.headings == ["Tell the inspection team"]
    page = await browser.send("Write here")
    assert "Say it here" in page.text or "Write" in page.text
    page = await browser.send("add", text="The street lamp has been out for three months")
    assert page.has_button("Send")
    page = await browser.send("简体")
    assert page.headings == ["请您看看，对不对？"]


async def cut_off(browser: Browser, page: Page, *, whole: bytes, cut: bytes) -> None:
    """Send a form with a text and two photos over a line that breaks in the second."""
    cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in browser.session.cookie_jar)
    mark = "----mark"

    def part(name: str, content: bytes, more: str = "") -> bytes:
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
        return head.encode() + content

    parts = [
        part("form", page.form.fields["form"].encode()),
        part("text", SAID.encode()),
        part("file", whole, '; filename="a.jpg"'),
        part("file", cut[: len(cut) // 2], '; filename="b.jpg"'),
    ]
    body = b"\r\n".join(parts)
    host, _, port = browser.base_url.removeprefix("http://").partition(":")
    _, writer = await asyncio.open_connection(host, int(port))
    head = (
        f"POST /page HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookies}\r\n"
        f"Content-Type: multipart/form-data; boundary={mark}\r\nContent-Length: {len(body) + len(cut)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()

    async def has_taken_the_first() -> bool:
        return bool((await browser.open("/page")).pictures)

    try:
        await eventually(has_taken_the_first)
    finally:
        writer.transport.abort()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def test_an_upload_that_breaks_off_loses_nothing_that_arrived_and_the_rest_comes_at_the_second_try(
    deployment: Deployment, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    await begin(deployment, browser)
    form = browser.page
    large = OTHER_PHOTO + bytes(2**18)  # whatever follows a photo is dropped
    await cut_off(browser, form, whole=PHOTO, cut=large)
    page = await browser.open("/page")
    assert "文字 1 条，照片、录音等 1 份" in page.text
    page = await browser.send("add", page=form, text=SAID, files=[PHOTO, large])
    assert "文字 1 条，照片、录音等 2 份" in page.text
    assert "127.0.0.1" not in caplog.text  # nobody's address is logged


async def test_a_file_that_comes_by_itself_is_answered_without_a_page_and_shown_with_the_next(
    deployment: Deployment, browser: Browser
) -> None:
    await begin(deployment, browser)
    form = browser.page
    browser.session.headers["X-Piece"] = "1"
    assert (await browser.send("add", page=form, files=[b"no file that anybody knows"])).status == 204
    assert (await browser.send("add", page=form, files=[PHOTO], goes_on="1")).status == 204
    del browser.session.headers["X-Piece"]
    page = await browser.send("add", page=form, text=SAID, goes_on="1")
    assert "这种文件打不开，没有保存。" in page.text
    assert page.headings.count("请您看看，对不对？") == 1
    assert "文字 1 条，照片、录音等 1 份" in page.text


@pytest.mark.parametrize(
    ("token", "said"),
    [
        pytest.param("abc", "这个二维码不是我们发的", id="forged"),
        pytest.param("x" * 64, "这个二维码不是我们发的", id="forged and long"),
    ],
)
async def test_a_code_that_is_not_ours_is_refused_with_other_ways(browser: Browser, token: str, said: str) -> None:
    page = await browser.open(f"/r/{token}")
    assert page.status == 404
    assert said in page.text
    assert "12345" in page.text
    assert page.link("我有回执码") == "/"


async def test_whoever_leaves_quickly_is_led_elsewhere_and_the_browser_keeps_nothing(
    deployment: Deployment, browser: Browser
) -> None:
    await begin(deployment, browser)
    await browser.send("add", text=SAID)
    assert list(browser.session.cookie_jar)
    async with browser.session.get(f"{browser.base_url}/leave", allow_redirects=False) as answer:
        assert answer.status == 303
        assert answer.headers["Location"] == f"{deployment.simulator.base_url}/elsewhere"
        assert "cookies" in answer.headers["Clear-Site-Data"]
    assert not list(browser.session.cookie_jar)
    assert (await browser.open("/page")).headings == ["看答复、补充、撤回"]
