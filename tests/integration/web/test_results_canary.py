"""Nothing of a resident, of the staff or of an item's inner life is in anything that is public of a round."""

from sqlalchemy import select

from models.complaints import Case, Complaint
from models.rectification import Evidence, ItemEvent
from models.staff import Staff
from models.states import CaseState, ItemState
from privacy.receipt import Receipt, read_receipt
from services.publication.choose_items import ChosenPhotos, choose_item
from services.publication.publications import ask_for_approval, begin
from services.rectification.issue_item import order_fix
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.canary.needles import found_in, words
from tests.integration.canary.planted import receipt_needles
from tests.integration.publication.story import CLERK, DIRECTOR, LEADING_GROUP, ROUND, approved_by
from tests.integration.publication.test_photos import TAG, handed_in
from tests.integration.rectification.conftest import who
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.conftest import begin as begin_to_write
from tests.pages import page_of_code

SAID = "桥头岭的桥栏杆断了，我家门口路灯也不亮，我叫牛大壮，电话13812345678"
ORDERED, HANDED_IN = "桥头岭石拱桥栏杆断裂，限期修复，责任人写检讨。", "已请施工队连夜抢修，发票附后。"
PUBLIC_PROBLEM, PUBLIC_RESULT = "一座石拱桥栏杆断裂。", "栏杆已经换新。"


@ONLY_SQLITE
async def test_what_is_public_holds_nothing_but_what_was_released(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    resident = await open_browser()
    await begin_to_write(deployment, resident)
    await resident.send("add", text=SAID)
    await resident.send("1.r.traces_stay")
    await resident.send("1.r.send")
    receipt = read_receipt(resident.page.code)
    assert isinstance(receipt, Receipt)
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        chosen = (await handed_in(work))[:1]
        case = (await session.scalars(select(Case))).one()
        case.state = CaseState.VERIFYING
        item = await order_fix(work, await who(work, "P05"), case.id, ORDERED, work.today)
        item.state, item.is_open, item.public_result = ItemState.CLEARED, False, HANDED_IN
        session.add(
            ItemEvent(
                item_id=item.id, version=99, at=work.now, by_id="P14", event="submit", from_state=item.state,
                to_state=item.state, note=HANDED_IN, detail={},
            )
        )  # fmt: skip
        await session.flush()
        clerk = await who(work, CLERK)
        publication = await begin(work, clerk, ROUND)
        await choose_item(work, clerk, publication.id, item.id, PUBLIC_PROBLEM, PUBLIC_RESULT, ChosenPhotos())
        await choose_item(work, clerk, publication.id, "RI08", "拖欠工资。", "已发。", ChosenPhotos(after=chosen))
        await ask_for_approval(work, clerk, publication.id)
        await approved_by(work, publication, DIRECTOR, LEADING_GROUP)
        ids = [*await session.scalars(select(Complaint.id)), case.id, item.id, "RI08", publication.id]
        ids += list(await session.scalars(select(Evidence.id)))
        names = list(await session.scalars(select(Staff.name)))
    needles = words("牛大壮", "13812345678", "路灯也不亮", ORDERED, HANDED_IN, TAG.decode(), *ids, *names)
    needles += receipt_needles(receipt)
    stranger, seen = await open_browser(), {}
    page = await stranger.open(f"/results/{ROUND}")
    assert PUBLIC_PROBLEM in page.text
    addresses = [f"/results/{ROUND}{rest}" for rest in ("", "/all.json", "/results.csv", "/units.csv", "/1", "/2")]
    for address in [*addresses, *page.pictures, await page_of_code(deployment)]:
        answer = await stranger.open(address)
        assert answer.status == 200, address
        seen[address] = str(answer.headers).encode() + answer.body
    assert found_in(seen, needles) == []
