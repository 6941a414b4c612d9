"""What is swept away by itself, and what is left."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from models.complaints import Conversation
from models.delivery import FailedUpdate, ProcessedUpdate
from models.staff import OpenFormRow, Staff
from services.people.forms import FORM_LIFETIME, OpenForm, save_form
from services.retention import housekeeping
from services.retention.housekeeping import (
    KEPT_SET_ASIDE_FOR,
    REDELIVERED_FOR,
    FileSweeper,
    forget_open_forms,
    forget_updates,
)
from services.unit_of_work import UnitOfWork
from storage.folder import FolderStore
from tests.conftest import NOW, OpenWork

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


async def test_marks_of_updates_stay_as_long_as_they_can_come_again(open_work: OpenWork) -> None:
    async with open_work() as work:
        for number, age in ((1, REDELIVERED_FOR + HOUR), (2, REDELIVERED_FOR - HOUR)):
            work.session.add(ProcessedUpdate(channel="telegram", update_id=str(number), done_on=NOW - age))
        await work.session.flush()
        await forget_updates(work)
        assert list(await work.session.scalars(select(ProcessedUpdate.update_id))) == ["2"]


async def test_an_update_that_was_set_aside_is_forgotten_after_a_month(open_work: OpenWork) -> None:
    async with open_work() as work:
        for number, since in ((1, NOW - KEPT_SET_ASIDE_FOR - HOUR), (2, NOW - KEPT_SET_ASIDE_FOR + HOUR), (3, None)):
            work.session.add(
                FailedUpdate(
                    channel="telegram",
                    update_id=str(number),
                    attempts=3,
                    reason="KeyError",
                    sealed=b"",
                    set_aside_at=since,
                )
            )
        await work.session.flush()
        await forget_updates(work)
        assert sorted(await work.session.scalars(select(FailedUpdate.update_id))) == ["2", "3"]


async def test_an_update_that_failed_and_never_came_again_is_forgotten_after_two_days(open_work: OpenWork) -> None:
    async with open_work() as work:
        for number, since in ((1, NOW - REDELIVERED_FOR - HOUR), (2, NOW - REDELIVERED_FOR + HOUR)):
            work.session.add(
                FailedUpdate(
                    channel="telegram",
                    update_id=str(number),
                    attempts=1,
                    reason="KeyError",
                    sealed=b"",
                    first_failed_at=since,
                )
            )
        await work.session.flush()
        await forget_updates(work)
        assert list(await work.session.scalars(select(FailedUpdate.update_id))) == ["2"]


async def test_a_question_nobody_answered_is_forgotten(open_work: OpenWork) -> None:
    async with open_work() as work:
        work.session.add(Staff(id="P06", name="阮知秋", language="zh_Hans"))
        await work.session.flush()
        await save_form(work, "P06", OpenForm("ask_reporter", "12345678", "question"))
        await forget_open_forms(work)
        assert await work.session.get(OpenFormRow, "P06") is not None
    async with open_work(now=NOW + FORM_LIFETIME) as work:
        await forget_open_forms(work)
        assert await work.session.get(OpenFormRow, "P06") is None


async def test_a_file_no_row_knows_goes_at_the_second_look(open_work: OpenWork, attachment_store: FolderStore) -> None:
    sweeper = FileSweeper()
    attachment_store.put("ab" * 16, b"sealed")
    for moment in (NOW, NOW + MINUTE, NOW + 2 * MINUTE, NOW + HOUR):  # a look, and what follows from it, at the next
        assert list(attachment_store.ids()) == ["ab" * 16]
        async with open_work(now=moment) as work:
            await sweeper.sweep(work)
    async with open_work(now=NOW + HOUR + MINUTE) as work:
        await sweeper.sweep(work)
    assert list(attachment_store.ids()) == []


async def test_a_file_whose_row_came_after_the_first_look_stays(
    open_work: OpenWork, attachment_store: FolderStore
) -> None:
    sweeper = FileSweeper()
    attachment_store.put("ab" * 16, b"sealed")
    for moment in (NOW, NOW + MINUTE):
        async with open_work(now=moment) as work:
            await sweeper.sweep(work)
    async with open_work() as work:
        await known(work, "ab" * 16)
    for moment in (NOW + HOUR, NOW + HOUR + MINUTE):
        async with open_work(now=moment) as work:
            await sweeper.sweep(work)
    assert list(attachment_store.ids()) == ["ab" * 16]


async def test_in_which_order_files_came_is_not_to_be_seen_in_the_folder_once_the_hour_is_over(
    open_work: OpenWork, attachment_store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def inodes() -> dict[str, int]:
        return {path.stem: path.stat().st_ino for path in tmp_path.rglob("*.age")}

    put_again: list[str] = []
    put = FolderStore.put

    def watched(store: FolderStore, attachment_id: str, sealed: bytes) -> None:
        put_again.append(attachment_id)
        put(store, attachment_id, sealed)

    monkeypatch.setattr(housekeeping, "_shuffle", lambda ids: ids.reverse())
    monkeypatch.setattr(FolderStore, "put", watched)
    came = [f"{number:032x}" for number in (3, 1, 2)]
    sweeper = FileSweeper()
    for moment in (NOW - HOUR, NOW - HOUR + MINUTE):
        async with open_work(now=moment) as work:
            await sweeper.sweep(work)
    for one in came:
        put(attachment_store, one, one.encode())
    before = inodes()
    async with open_work(now=NOW) as work:
        await sweeper.sweep(work)
    assert put_again == sorted(came, reverse=True)
    assert all(inodes()[one] != before[one] for one in came)
    assert [attachment_store.get(one) for one in came] == [one.encode() for one in came]
    for moment in (NOW + MINUTE, NOW + HOUR):
        async with open_work(now=moment) as work:
            await sweeper.sweep(work)
    assert len(put_again) == 3  # once is enough


async def test_what_came_just_before_a_restart_is_written_anew_as_well(
    open_work: OpenWork, attachment_store: FolderStore, tmp_path: Path
) -> None:
    attachment_store.put("ab" * 16, b"sealed")
    [path] = tmp_path.rglob("*.age")
    before = path.stat().st_ino
    async with open_work() as work:
        await FileSweeper().sweep(work)
    assert path.stat().st_ino != before


async def known(work: UnitOfWork, file_id: str) -> None:
    """Let a draft hold a file."""
    sealing = work.keyring.day(NOW.date()).sealing
    sealed = sealing.seal_json("t", {"draft": {"pieces": [{"file": file_id, "file_key": None}]}})
    work.session.add(Conversation(tag="t", day=NOW.date(), sealed=sealed, expires_at=NOW + timedelta(days=1)))
