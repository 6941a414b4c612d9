"""No code of a poll is in any byte that is left behind, nor what a browser sends along that answers one."""

import io
from pathlib import Path

from services.polls.codes import as_printed
from services.polls.questions import Choice
from tests.deployment import Deployment
from tests.integration.canary.left import left_behind
from tests.integration.canary.needles import found_in, words
from tests.integration.canary.test_pages import opened, sent_along
from tests.integration.polls.story import LEADER, all_of, fields_of
from tests.integration.polls.test_conversations import codes_in
from tests.integration.web.conftest import deployment  # noqa: F401 (a fixture)
from tests.integration.web.desk import sign_in
from tests.pages import base_url


async def test_no_code_of_a_poll_and_nothing_of_who_answers_it_is_found_afterwards(
    deployment: Deployment,  # noqa: F811
    tmp_path: Path,
    logs: io.StringIO,
) -> None:
    leader, voter = await opened(base_url(deployment)), await opened(base_url(deployment))
    await sign_in(deployment, leader, LEADER)
    await leader.open("/desk/polls")
    await leader.send("1.poll.begin")
    await leader.send("add", text="竹坞")
    await leader.send("1.form.choose.open_poll-until")
    await leader.send("1.form.send")
    await leader.open("/desk/polls")
    await leader.open(leader.page.link("竹坞镇党委"))
    at = leader.page.url
    codes = codes_in((await leader.send("下载", count="8")).body)
    needles = [*sent_along(), *words(*codes, *map(as_printed, codes))]

    async def nothing_lies_about() -> None:
        assert found_in(await left_behind(deployment, tmp_path), needles) == []
        assert found_in({"the log": logs.getvalue().encode()}, needles) == []

    await nothing_lies_about()
    for code in codes[:7]:
        await voter.open(f"/poll/{code}")
        needles += words(voter.page.form.fields["form"])
        await voter.send("交票", **fields_of(all_of(Choice.GOOD)))
        assert voter.page.headings == ["收到了，谢谢您！"]
    await voter.open(f"/poll/{codes[0]}")
    assert voter.page.status == 404
    await nothing_lies_about()
    await leader.open(at)
    await leader.send("1.poll.close")
    await leader.send("1.poll.close_yes")
    assert "好 7" in (await leader.open(at)).text
    await leader.session.close()
    await voter.session.close()
    await deployment.stop()
    await nothing_lies_about()
