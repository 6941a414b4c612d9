"""A resident cadre is asked in chat and on a page, and answers in chat and on a page."""

from models.docket import Task, TaskKind
from models.states import TaskState
from services.access.member import member
from services.docket.tasks import open_tasks
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.rectification.test_resident_cadres import ASKED, LEADER, RESULT, cadre_at
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import signed_in
from tests.story import PhoneUser

ASKED_NEXT = "请看低保公示栏贴到哪一月。"


async def open_to(deployment: Deployment, staff_id: str) -> list[Task]:
    async with deployment.database.reading() as session:
        return list((await open_tasks(deployment.work(session), await member(session, staff_id))).rows)


@ONLY_SQLITE
async def test_a_cadre_is_asked_and_answers_in_chat_and_on_a_page(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    async with deployment.database.transaction() as session:
        for village_id, cadre_id in (("V01", "G1"), ("V02", "G2")):
            await cadre_at(deployment.work(session), village_id, cadre_id)
    numbers = await deployment.enrol(LEADER, "G1", "G2")
    leader, cadre, neighbour = [PhoneUser(deployment.simulator, number) for number in numbers]
    leader.say("/tasks")
    await leader.press("1.task.ask_cadre")
    await leader.can_press("1.form.choose.task_village-village")
    leader.say("没有这个村")
    await leader.reads("没找到这个地方")
    leader.say("上竹坞")
    await leader.reads("要他跟踪什么")
    leader.say(ASKED)
    await leader.can_press("1.form.choose.task_village-due")
    leader.say("2026年12月1日")
    preview = await leader.can_press("1.form.send")
    assert "驻村人" in preview.text
    assert ASKED in preview.text
    await leader.press("1.form.send")
    await leader.reads("已交给驻村人")
    [task] = await open_to(deployment, LEADER)
    assert (task.kind, task.owner_id, task.village_id) == (TaskKind.VILLAGE, "G1", "V01")

    # In chat: whoever is resident there writes what came of it, and a neighbour finds nothing.
    assert ASKED in (await cadre.can_press(f"1.task.finish.{task.id}")).text
    neighbour.say("/tasks")
    await neighbour.reads("现在没有要办的交办事项")
    cadre.say("/tasks")
    await cadre.press(f"1.task.open.{task.id}")
    await cadre.press(f"1.task.finish.{task.id}")
    await cadre.reads("办的结果是什么")
    cadre.say("请打13900001111问我。")
    await cadre.reads("不能这样发出去")
    cadre.say(RESULT)
    assert RESULT in (await leader.reads("交办的事有结果了")).text

    # And on pages, from asking to answering.
    desk = await signed_in(deployment, open_browser, LEADER)
    await desk.open("/desk/tasks")
    await desk.send("1.task.ask_cadre")
    await desk.send("add", text="上竹坞")
    await desk.send("add", text=ASKED_NEXT)
    await desk.send("add", text="2026年12月1日")
    assert ASKED_NEXT in desk.page.text
    await desk.send("1.form.send")
    assert "已交给驻村人" in desk.page.text
    [second] = await open_to(deployment, "G1")
    own = await signed_in(deployment, open_browser, "G1")
    await own.open("/desk/tasks")
    assert "上竹坞" in own.page.text
    await own.open(f"/desk/task/{second.id}")
    await own.send("1.task.finish")
    await own.send("add", text=RESULT)
    async with deployment.database.reading() as session:
        assert (await session.get_one(Task, second.id)).state is TaskState.DONE
    other = await signed_in(deployment, open_browser, "G2")
    assert ASKED_NEXT not in (await other.open(f"/desk/task/{second.id}")).text
