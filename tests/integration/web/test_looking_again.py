"""Looking again in chat and on pages: from the drawing of lots to what the unit is told."""

from sqlalchemy import select

from handlers.press import short_digest
from models.letters import Pattern, PatternKind
from models.revisits import Revisit, RevisitItem, RevisitVisit, Verdict
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.rectification.test_conversations import phones
from tests.integration.rectification.test_letters import TEXT, fixes_at
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import signed_in

FOUND = "现场看，公示栏是空的，名单没有公开。"


async def test_a_look_back_goes_from_the_office_by_a_group_to_the_unit(deployment: Deployment) -> None:
    director, member, head = await phones(deployment, "P03", "P34", "P17")
    director.say("/revisits")
    await director.press("1.revisit.begin")
    await director.press("1.form.choose.begin_revisit-round")
    await director.press("1.form.choose.begin_revisit-kind-e3b0.look_back")
    await director.press("1.form.choose.begin_revisit-evaluator-e3b0.office")
    await director.press("1.form.send.begin_revisit")
    await director.reads("抽好了")
    async with deployment.database.reading() as session:
        revisit = (await session.scalars(select(Revisit))).one()
        drawn = select(RevisitVisit).join(RevisitItem, RevisitItem.unit_id == RevisitVisit.unit_id)
        visit = (await session.scalars(drawn.where(RevisitItem.item_id == "RI01"))).one()
    director.say("/revisits")
    await director.press(f"1.revisit.open.{revisit.id}")
    await director.press(f"1.revisit.join.{revisit.id}")
    await director.can_press("1.form.choose.join_revisit-who")
    director.say("景慎之")
    await director.press(f"1.form.choose.join_revisit-body-{short_digest(revisit.id, 4)}.discipline")
    await member.reads("您进了督查组")
    await member.press(f"1.revisit.open.{revisit.id}")
    await member.press(f"1.visit.open.{visit.id}")
    heard = head.last_id
    await member.press(f"1.visit.plan.{visit.id}")
    await member.reads("哪天去")
    member.say("明天")
    await member.press(f"1.form.choose.plan_revisit-unannounced-{short_digest(visit.id, 4)}.unannounced")
    await member.reads("单位不知道")
    await member.press(f"1.visit.judge.{visit.id}")
    await member.press(f"1.form.choose.judge_item-item-{short_digest(visit.id, 4)}.RI01")
    await member.press(f"1.form.choose.judge_item-verdict-{short_digest(visit.id, 4)}.{Verdict.RECURRED}")
    await member.reads("看到了什么")
    member.say(FOUND)
    await member.press("1.form.send.judge_item")
    await member.reads("未记入")
    assert head.last_id == heard
    await member.press(f"1.visit.record.{visit.id}")
    told = await head.reads("反弹", after=heard)
    assert FOUND in told.text


@ONLY_SQLITE
async def test_a_letter_is_written_approved_and_signed_for_on_pages(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    await deployment.enrol("P03", "P04", "P32", "P39", "P17")
    async with deployment.database.transaction() as session:
        await fixes_at(deployment.work(session), "U1", "U2", "U3")
        pattern = (await session.scalars(select(Pattern).where(Pattern.kind == PatternKind.COMMON))).one()
    clerk = await signed_in(deployment, open_browser, "P04")
    for name in ("revisits", "checks", "letters", "patterns"):
        assert (await clerk.open(f"/desk/{name}")).status == 200
    await clerk.open(f"/desk/pattern/{pattern.id}")
    await clerk.send("1.pattern.confirm")
    await clerk.send("1.pattern.write")
    await clerk.send("★ 县交通运输局")
    await clerk.send("add", text=TEXT)
    await clerk.send("📨 请主任签发")
    director = await signed_in(deployment, open_browser, "P03")
    await director.open("/desk/letters")
    await director.open(next(address for _, address in director.page.links if "/desk/letter/" in address))
    await director.send("1.letter.approve")
    assert "〔2026〕1号" in director.page.text
    letter = next(address for _, address in director.page.links if "/desk/letter-file/" in address)
    file = await director.open(letter)
    assert file.body.startswith(b"PK")
    contact = await signed_in(deployment, open_browser, "P32")
    await contact.open(letter.replace("letter-file", "letter"))
    assert TEXT in contact.page.text
    await contact.send("1.letter.sign")
    assert "等答复" in contact.page.text
    stranger = await signed_in(deployment, open_browser, "P17")
    for address in (letter, letter.replace("letter-file", "letter"), f"/desk/pattern/{pattern.id}"):
        await stranger.open(address)
        assert TEXT not in stranger.page.text
