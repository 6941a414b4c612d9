"""A village goes to another team on the director's phone, and back on a page."""

from sqlalchemy import select

from models.complaints import Case
from models.desk import Desk
from models.rounds import LevelledUpVillage
from tests.deployment import Deployment
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import presses, signed_in
from tests.journey import SAID, Journey
from tests.story import PhoneUser

ROUND, VILLAGE = "R6", "桥头岭村"
LATER = "井里的水有怪味，喝了拉肚子"


async def test_a_village_is_given_away_in_chat_and_put_back_on_a_page(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    journey = await Journey.begin(deployment)
    await deployment.enrol("P08", "P10")
    other = PhoneUser(journey.simulator, deployment.staff["P10"])
    other_leader = PhoneUser(journey.simulator, deployment.staff["P08"])
    await journey.resident_submits_with_a_photo()
    await journey.member_claims_and_reads()
    late = PhoneUser(journey.simulator, journey.simulator.add_person("晚来的"))
    journey.simulator.scan(late.person, await deployment.link("V02"))
    await late.sees(lambda one: bool(one.buttons))
    late.say(LATER)
    await late.previews("第一巡察组")
    stale = await signed_in(deployment, open_browser, "P06")
    assert VILLAGE in (await stale.open(f"/desk/case/{journey.case_id}")).text

    director = journey.office
    director.say("/rounds")
    await director.press(f"1.round.card.{ROUND}")
    await director.press(f"1.round.level_up.{ROUND}")
    await director.can_press("1.form.choose.village_level_up-village")
    director.say("没有这个村")
    await director.reads("没找到这个地方")
    director.say("桥头岭")
    offered = await director.can_press("1.form.choose.village_level_up-team")
    assert [row[0].text for row in offered.buttons][:-1] == ["县委第二巡察组", "县委第三巡察组"]
    await director.press("1.form.choose.village_level_up-team")
    preview = await director.can_press("1.form.send.village_level_up")
    assert "县委第二巡察组" in preview.text
    await director.press("1.form.send.village_level_up")
    await director.reads(f"{VILLAGE}已提级，由县委第二巡察组办")

    # The locals lose the card in their group, the text on the phone, the page and the buttons.
    await journey.board.reads("已转交别处")
    gone = await journey.member.reads(f"{VILLAGE}从现在起由别的组办")
    assert journey.case_id in gone.text
    assert "第二" not in gone.text
    left = await stale.open(f"/desk/case/{journey.case_id}")
    assert VILLAGE not in left.text
    assert not [one for one in presses(left) if one.startswith("1.case.")]
    await journey.member.sees(lambda one: "已转交别处" in one.text)
    assert not [one for one in journey.simulator.messages(journey.member.chat) if SAID in one.text]

    # Whoever wrote before it and sends after it is read by the team that has it now.
    await late.press("1.r.send")
    await late.reads("县委第二巡察组")
    await journey.resident.reads("改由别的组来办了")
    await other.reads(f"{VILLAGE}（")
    async with deployment.database.reading() as session:
        cases = list(await session.scalars(select(Case).where(Case.village_id == "V02")))
    assert {case.desk for case in cases} == {Desk.team("T2")}
    other.say("/queue")
    await other.press(f"1.queue.case.{journey.case_id}")
    await other.press(f"1.case.open.{journey.case_id}")
    await other.reads(SAID)

    page = await signed_in(deployment, open_browser, "P03")
    await page.open(f"/desk/round/{ROUND}")
    await page.send(f"1.round.put_back.{ROUND}")
    await page.send(next(one for one in presses(page.page) if one.startswith("1.form.choose.village_put_back-village")))
    await page.send(next(one for one in presses(page.page) if one.startswith("1.form.send.village_put_back")))
    assert "已提级" not in page.page.text
    assert f"1.round.put_back.{ROUND}" not in presses(page.page)
    async with deployment.database.reading() as session:
        assert (await session.scalars(select(LevelledUpVillage))).all() == []
        back = await session.get_one(Case, journey.case_id)
        assert (back.desk, back.owner_id) == (Desk.team("T1"), None)
    await other_leader.reads(f"{VILLAGE}从现在起由别的组办")
    await journey.leader.reads(f"{VILLAGE}（")
    assert VILLAGE in (await stale.open(f"/desk/case/{journey.case_id}")).text
