"""Working papers on pages: a draft has a page, files are sent there, and who reviews finds them beside what came in."""

from sqlalchemy import select

from models.audit import Audited, AuditEntry
from models.rectification import RectificationItem
from models.working_papers import WorkingPaper
from services.rectification.item_drafts import issue_draft, read_draft
from services.rectification.unit_actions import Numbers, acknowledge, submit
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.cases.conftest import picture
from tests.integration.rectification.conftest import who
from tests.integration.rectification.test_working_papers import FOUND, PLACE, TITLE, a_draft_of
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import presses, signed_in


@ONLY_SQLITE
async def test_papers_are_added_on_pages_and_stand_beside_what_is_handed_in(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    async with deployment.database.transaction() as session:
        draft_id = (await a_draft_of(deployment.work(session))).id
    office = await signed_in(deployment, open_browser, "P04")
    await office.open(f"/desk/draft/{draft_id}")
    assert "还没有问题底稿" in office.page.text
    await office.open(f"/desk/finding/{draft_id}")
    await office.send("1.finding.add_file")
    await office.send("add", text=TITLE, files=[picture()])
    assert f"1. {TITLE}（照片）" in office.page.text
    await office.send("1.finding.add_record")
    for answer in ("村委会现场检查", FOUND, PLACE, "11月20日"):
        await office.send("add", text=answer)
    assert "村委会现场检查（检查记录）" in office.page.text
    await office.send("1.finding.read")
    assert FOUND in office.page.text
    async with deployment.database.reading() as session:
        photo = (await session.scalars(select(WorkingPaper).where(WorkingPaper.file_kind.is_not(None)))).one()
    address = f"/desk/working-paper/{photo.id}"
    assert (await office.open(address)).headers["Content-Type"] == "image/jpeg"

    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        clerk, head = await who(work, "P04"), await who(work, "P14")
        item = await issue_draft(work, clerk, draft_id, (await read_draft(work, clerk, draft_id)).row.version)
        await acknowledge(work, head, item.id)
        await submit(work, head, item.id, ["已公示。"], [], Numbers(households_done=1))
        item_id = item.id
    reviewer = await signed_in(deployment, open_browser, "P06")
    await reviewer.open(f"/desk/item/{item_id}")
    assert address in reviewer.page.body.decode()
    assert f"{TITLE}（照片）" in reviewer.page.text
    assert (await reviewer.open(address)).status == 200
    for staff_id in ("P14", "P20", "P25", "P08"):
        other = await signed_in(deployment, open_browser, staff_id)
        await other.open(f"/desk/item/{item_id}")
        assert "底稿" not in other.page.text
        assert not any("finding" in one for one in presses(other.page))
        assert (await other.open(address)).status == 404
        await other.open(f"/desk/finding/{item_id}")
        assert TITLE not in other.page.text
        await other.open("/desk/items")
        assert "底稿" not in other.page.text
    async with deployment.database.reading() as session:
        read = select(AuditEntry.by_id).where(AuditEntry.action == Audited.WORKING_PAPER_READ)
        assert set(await session.scalars(read)) == {"P04", "P06"}
        assert await session.get(RectificationItem, item_id) is not None
