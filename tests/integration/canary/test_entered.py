"""What a member enters for somebody leaves neither its receipt nor its words behind, however it is searched for."""

import io
from pathlib import Path

from sqlalchemy import select

from models.delivery import OutboxRow
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.canary.left import left_behind
from tests.integration.canary.needles import found_in, number, words
from tests.integration.canary.planted import receipt_needles
from tests.integration.fieldwork.field import MEMBER, SAID, entered_on
from tests.story import PhoneUser, receipt_in

PHONE = "17300917364"


@ONLY_SQLITE
async def test_a_receipt_that_was_shown_to_a_member_lies_in_no_log_and_no_file(
    deployment: Deployment, tmp_path: Path, logs: io.StringIO
) -> None:
    [account] = await deployment.enrol(MEMBER)
    phone = PhoneUser(deployment.simulator, account)
    await entered_on(phone, text=f"{SAID}，电话{PHONE}")
    await phone.press("1.form.send.enter_case")
    shown = receipt_in(await phone.sees(lambda one: receipt_in(one) is not None))
    assert shown is not None
    receipt = shown[0]
    needles = [*receipt_needles(receipt), *words(PHONE, SAID, SAID[:8]), number(int(PHONE))]
    await deployment.settled()
    assert found_in(await left_behind(deployment, tmp_path), needles) == []
    async with deployment.database.reading() as session:
        sent = list(await session.scalars(select(OutboxRow).where(OutboxRow.args.is_not(None))))
        assert [row.kind for row in sent if row.kind == "entry_receipt"] == []
    await deployment.stop()
    assert found_in(await left_behind(deployment, tmp_path), needles) == []
    assert found_in({"the log": logs.getvalue().encode()}, needles) == []
