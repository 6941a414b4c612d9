"""Items in chat: on the phones of a head, a liaison, reviewers, the office and a county leader."""

from datetime import timedelta

from sqlalchemy import select

from models.rectification import Evidence, RectificationItem, WarningCard
from models.staff import Staff
from simulator.chat_reader import SeenMessage
from tests.deployment import Deployment
from tests.story import PhoneUser, data_of

DAY = timedelta(days=1).total_seconds()


async def phones(deployment: Deployment, *staff_ids: str) -> list[PhoneUser]:
    accounts = await deployment.enrol(*staff_ids)
    return [PhoneUser(deployment.simulator, account) for account in accounts]


def labels(message: SeenMessage) -> list[str]:
    return [one.data.split(".")[2] for row in message.buttons for one in row if one.data]


async def item(deployment: Deployment, item_id: str) -> RectificationItem:
    async with deployment.database.reading() as session:
        return await session.get_one(RectificationItem, item_id)


async def test_a_head_and_a_liaison_find_their_items_with_the_actions_that_are_theirs(deployment: Deployment) -> None:
    head, liaison, other = await phones(deployment, "P14", "P20", "P15")
    head.say("/items")
    listed = await head.can_press("1.item.open.RI02")
    assert "RI02" in listed.text
    assert "RI01" not in listed.text
    await head.press("1.item.open.RI02")
    card = await head.can_press("1.item.report_progress.RI02")
    assert labels(card) == ["submit", "report_progress", "write_extension", "tell_system", "call_department"]
    assert "桥头岭石拱桥" in card.text

    liaison.say("/items")
    await liaison.press("1.item.open.RI02")
    own = labels(await liaison.can_press("1.item.report_progress.RI02"))
    assert own == ["report_progress", "write_submission", "write_extension", "tell_system", "call_department"]

    other.say("/items")
    await other.reads("没有未销号的整改问题")


async def test_a_press_that_is_not_theirs_or_too_old_is_explained(deployment: Deployment) -> None:
    head, other = await phones(deployment, "P14", "P15")
    head.say("/items")
    await head.press("1.item.open.RI02")
    card = await head.can_press("1.item.submit.RI02")
    resident = deployment.simulator.add_person("过路人")
    for person, words in ((other.person, "不由您"), (resident, "工作人员")):
        deployment.simulator.open_bot(person)
        stage = PhoneUser(deployment.simulator, person)
        message = await stage.sees(lambda one: True)
        query = deployment.simulator.press_data(person, message.message_id, "1.item.submit.RI02")
        assert words in (await deployment.simulator.wait_for_answer(query)).text
    query = deployment.simulator.press_data(head.person, card.message_id, "1.item.acknowledge.RI02")
    assert "情况已经变了" in (await deployment.simulator.wait_for_answer(query)).text
    query = deployment.simulator.press_data(head.person, card.message_id, "1.form.send.submit_item")
    assert "情况已经变了" in (await deployment.simulator.wait_for_answer(query)).text


async def test_what_cannot_be_handed_in_is_answered_and_the_rest_stays(deployment: Deployment) -> None:
    head, reviewer = await phones(deployment, "P14", "P05")
    head.say("/items")
    await head.press("1.item.open.RI02")
    await head.press("1.item.submit.RI02")
    head.say("护栏已装。")
    await head.reads("护栏已装")
    deployment.simulator.send_sticker(head.person)
    await head.reads("收文字、照片和文件")
    deployment.simulator.send_document(head.person, b"no picture", "photo.jpg", mime_type="image/jpeg")
    await head.reads("打不开")
    before = head.last_id
    deployment.simulator.send_photo(head.person, "1-bridge", caption="桥面照片")
    collected = await head.can_press("1.form.send.submit_item", after=before)
    assert "整改后照片1份" in collected.text
    await head.press("1.form.send.submit_item")

    review = await reviewer.can_press("1.item.pass.RI02")
    assert review.protected
    assert "护栏已装。\n桥面照片" in review.text
    shown = await reviewer.sees(lambda one: one.kind == "photo")
    assert shown.protected
    assert shown.message_id < review.message_id  # the buttons come last, within reach


async def test_a_submission_that_is_called_off_leaves_nothing(deployment: Deployment) -> None:
    (head,) = await phones(deployment, "P14")
    head.say("/items")
    await head.press("1.item.open.RI02")
    await head.press("1.item.submit.RI02")
    deployment.simulator.send_photo(head.person, "1-bridge")
    await head.can_press("1.form.send.submit_item")
    await head.press(
        "1.form.cancel.submit_item", after=(await head.can_press("1.form.send.submit_item")).message_id - 1
    )
    await head.reads("已取消")
    async with deployment.database.reading() as session:
        assert await session.scalar(select(Evidence)) is None
    assert (await item(deployment, "RI02")).state == "in_progress"


async def test_a_reviewer_returns_with_words_and_the_head_reads_them(deployment: Deployment) -> None:
    head, reviewer, second = await phones(deployment, "P14", "P05", "P06")
    head.say("/items")
    await head.press("1.item.open.RI02")
    await head.press("1.item.submit.RI02")
    head.say("已整改。")
    await head.press("1.form.send.submit_item")
    await reviewer.press("1.item.return.RI02")
    menu = await reviewer.can_press("1.form.choose.return_item")
    [other] = [one.data for row in menu.buttons for one in row if one.data.endswith(".other")]
    await reviewer.press(other)
    before = reviewer.last_id
    reviewer.say("护栏只装了一半，请全部装好。")
    await reviewer.can_press("1.item.open.RI02", after=0)
    told = await head.reads("护栏只装了一半")
    assert "1.item.submit.RI02" in str(told.buttons)
    decided = await second.sees(lambda one: "退回" in one.text)
    assert "pass" not in labels(decided)
    assert reviewer.last_id > before


async def test_a_reason_written_before_its_button_is_pressed_is_taken(deployment: Deployment) -> None:
    head, reviewer = await phones(deployment, "P14", "P05")
    for where in ("under the menu", "before the menu"):
        head.say("/items")
        await head.press("1.item.open.RI02")
        await head.press("1.item.submit.RI02")
        head.say("已整改。")
        await head.press("1.form.send.submit_item")
        reason = f"护栏只装了一半，{where}"
        review = await reviewer.can_press("1.item.return.RI02")
        if where == "under the menu":
            await reviewer.press("1.item.return.RI02")
            await reviewer.can_press("1.form.choose.return_item", after=review.message_id)
            reviewer.say(reason)
        else:
            reviewer.say(reason)
            await reviewer.reads("10 分钟")
            await reviewer.press("1.item.return.RI02")
            shown = await reviewer.can_press("1.form.send.return_item")
            assert reason in shown.text
            await reviewer.press("1.form.send.return_item")
        await head.reads(reason)
        assert (await item(deployment, "RI02")).state == "returned"


async def test_a_result_with_a_link_is_refused_and_may_be_written_anew(deployment: Deployment) -> None:
    head, reviewer = await phones(deployment, "P14", "P05")
    head.say("/items")
    await head.press("1.item.open.RI02")
    await head.press("1.item.submit.RI02")
    head.say("已整改。")
    await head.press("1.form.send.submit_item")
    await reviewer.press("1.item.pass.RI02")
    await reviewer.ticks_what_was_done()
    reviewer.say("照片见 example.cn/i/7f3a91.jpg")
    await reviewer.reads("不能有网址")
    assert (await item(deployment, "RI02")).state == "submitted"
    before = reviewer.last_id
    reviewer.say("护栏已全部装好。")
    await reviewer.reads("要求：当日封桥", after=before)
    assert (await item(deployment, "RI02")).public_result == "护栏已全部装好。"


async def a_draft(office: PhoneUser, problem: str) -> SeenMessage:
    """Enter an item as far as its draft, and return the card of it."""
    office.say("/newitem")
    await office.can_press("1.form.choose.new_item-unit")
    office.say("石蒲")
    await office.press("1.form.choose.new_item-category-e3b0.three_assets")
    await office.reads("石蒲镇党委：查到什么问题")
    office.say(problem)
    return await office.reads(f"问题：{problem}")


async def fill_in(office: PhoneUser, part: str, *, said: str = "", chosen: str = "") -> None:
    await office.press(f"1.draft.{part}")
    await office.can_press("1.form.c")
    if said:
        office.say(said)
    else:
        await office.press(f"1.form.choose.draft_{part}-changes{chosen}")


async def test_the_office_enters_an_item_and_can_issue_it_once_nothing_is_missing(deployment: Deployment) -> None:
    office, head, leader = await phones(deployment, "P04", "P15", "P24")
    office.say("/newitem")
    await office.can_press("1.form.choose.new_item-unit")
    office.say("没有这个乡")
    await office.reads("没有找到")
    office.say("石蒲")
    await office.press("1.form.choose.new_item-category-e3b0.three_assets")
    known = await office.can_press("1.form.choose.new_item-problem")
    assert "集体资产、资源发包没有民主议事" in str(known.buttons)
    office.say("村账三个月没有公示。")
    draft = await office.can_press("1.draft.issue")
    assert "还缺：整改要求、方面、工作专班" in draft.text
    query = deployment.simulator.press_data(office.person, draft.message_id, data_of(draft, "1.draft.issue") or "")
    assert "还不能下达，还缺" in (await deployment.simulator.wait_for_answer(query)).text

    await fill_in(office, "requirement", said="十天内公示，并报送照片。")
    await office.reads("还缺：方面、工作专班")
    await fill_in(office, "aspect")
    await fill_in(office, "task_force", said="镇财政所")
    whole = await office.reads("已经填齐")
    assert "镇财政所" in whole.text
    await fill_in(office, "due", said="12月31日")
    await office.reads("2026年12月31日")
    query = deployment.simulator.press_data(office.person, whole.message_id, data_of(whole, "1.draft.issue") or "")
    assert "您后来改过" in (await deployment.simulator.wait_for_answer(query)).text  # not what is shown now
    await office.press("1.draft.issue")
    await office.reads("已下达")

    read = await head.reads("村账三个月没有公示")
    assert "12月31日" in read.text
    assert "镇财政所" in read.text
    assert "1.item.acknowledge" in str(read.buttons)
    copy = await leader.reads("抄送")
    assert "acknowledge" not in str(copy.buttons)
    await head.press("1.item.acknowledge")
    await head.reads("已签收")


async def test_a_head_reports_a_problem_of_their_own_unit(deployment: Deployment) -> None:
    head, reviewer = await phones(deployment, "P15", "P08")
    head.say("/selfreport")
    await head.press("1.form.choose.self_report-unit")
    await head.press("1.form.choose.self_report-category-e3b0.three_assets")
    await head.press("1.form.choose.self_report-aspect")
    await head.reads("发现了什么问题")
    head.say("党费收缴不及时。")
    await head.reads("打算怎么改")
    head.say("本月补缴并公示。")
    await head.reads("由哪个专班")
    head.say("党建办")
    await head.reads("什么时候完成")
    head.say("12月31日")
    await head.press("1.form.send.self_report")
    await head.reads("按主动报告单独统计")
    told = await reviewer.reads("主动报告了石蒲镇党委的问题")
    assert "党费收缴不及时" in told.text


async def test_a_member_who_may_not_issue_is_told_who_does(deployment: Deployment) -> None:
    (member,) = await phones(deployment, "P06")
    member.say("/newitem")
    await member.reads("由巡察办或组长来做")


async def test_monday_brings_one_digest_and_the_director_decides_on_cards(deployment: Deployment) -> None:
    head, director, leader = await phones(deployment, "P17", "P03", "P24")
    deployment.simulator.advance(DAY)
    digest = await head.reads("今天的整改提醒")
    assert "已逾期54天" in digest.text
    assert "1.item.submit.RI01" in str(digest.buttons)

    office = await director.reads("今天的整改提醒")
    assert "还没有开通" in office.text
    assert office.text.count("RI07") == 1
    await director.can_press("1.item.give.RI07.red")
    proposal = await director.can_press("1.item.give.RI04.yellow")
    await director.press("1.item.give.RI04.yellow")
    await director.press("1.item.confirm_card.RI04.yellow")
    assert (await item(deployment, "RI04")).card == WarningCard.YELLOW
    await leader.reads("黄牌")
    query = deployment.simulator.press_data(director.person, proposal.message_id, "1.item.give.RI04.yellow")
    assert "情况已经变了" in (await deployment.simulator.wait_for_answer(query)).text
    await director.press("1.item.decline.RI07.red")
    await director.reads("这次不给牌")
    assert (await item(deployment, "RI07")).card == WarningCard.YELLOW


async def test_giving_a_card_asks_once_more_and_says_what_for_and_whom_it_tells(deployment: Deployment) -> None:
    director, leader = await phones(deployment, "P03", "P24")
    deployment.simulator.advance(DAY)
    await director.press("1.item.give.RI04.yellow")
    asked = await director.can_press("1.item.confirm_card.RI04.yellow")
    assert "真的要给" in asked.text
    assert "麦湾乡党委" in asked.text
    assert "9份集体资产承包合同" in asked.text
    assert "已逾期5天" in asked.text
    async with deployment.database.reading() as session:
        in_charge = await session.get_one(Staff, "P24")
    assert f"分管县领导：{in_charge.name}" in asked.text
    assert "一天之内可以撤销" in asked.text
    assert (await item(deployment, "RI04")).card is None
    await director.press("1.item.card.RI04")  # thought better of it
    await director.press("1.item.give.RI04.yellow")
    await director.press("1.item.confirm_card.RI04.yellow")
    await leader.reads("被给予黄牌")
    assert (await item(deployment, "RI04")).card == WarningCard.YELLOW


async def test_a_card_given_by_mistake_is_taken_back_by_one_press(deployment: Deployment) -> None:
    director, leader = await phones(deployment, "P03", "P24")
    deployment.simulator.advance(DAY)
    await director.press("1.item.give.RI04.yellow")
    await director.press("1.item.confirm_card.RI04.yellow")
    await leader.reads("被给予黄牌")
    await director.press("1.item.take_back_card.RI04.yellow")
    await leader.reads("黄牌撤销了")
    assert (await item(deployment, "RI04")).card is None
    offered = await director.can_press("1.item.give.RI04.yellow")
    assert "take_back_card" not in labels(offered)


async def test_what_a_leader_types_as_a_date_is_understood_and_shown_before_it_counts(deployment: Deployment) -> None:
    (office,) = await phones(deployment, "P04")
    await a_draft(office, "村账三个月没有公示。")
    await office.press("1.draft.due")
    await office.reads("什么时候完成")
    for typed, answer in (
        ("1231", "看不出是日期还是天数"),
        ("2027", "看不出是日期还是天数"),
        ("2月29日", "下一个2月29日要到2028年"),
        ("11月31日", "日历上没有这一天"),
        ("春节前", "可以指好几天"),
        ("9999天后", "太远了"),
        ("2026年11月1日", "已经过了"),
    ):
        before = office.last_id
        office.say(typed)
        await office.reads(answer, after=before)
    office.say("下周五前完成")
    await office.reads("2026年11月27日星期五")
