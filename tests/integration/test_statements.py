"""What one submission asks of the database: few statements, counted at the engines."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest

from bot.bootstrap import whole_product
from bot.product import Product
from channels.telegram.address import address_of
from services.intake.conversation_store import load_conversation
from services.intake.preparation import prepare
from tests.deployment import Deployment
from tests.statements import statements
from tests.telegram import telegram_of

ME = 700_000_001
# Of which purpose a statement is, by the table that it changes, or reads first.
PURPOSES = {
    "processed_updates": "begin",
    "conversations": "conversation",
    "trail_messages": "trail",
    "rounds": "complaint",
    "complaints": "complaint",
    "complaint_messages": "complaint",
    "cases": "complaint",
    "case_clocks": "complaint",
    "case_complaints": "complaint",
    "case_events": "complaint",
    "queue_counts": "complaint",
    "outbox": "outbox",
}
# A scan, a message and Send, in which nothing is read that the process knows; the chat's lock is PostgreSQL's alone.
STATEMENTS = {"begin": 3, "conversation": 6, "trail": 2, "complaint": 8, "outbox": 4}


@pytest.fixture
async def product(unstarted: Deployment) -> AsyncIterator[tuple[Deployment, Product]]:
    """The product with the sample county; what it queues is not sent."""
    product = whole_product(unstarted.config, unstarted.simulator.now)
    await product.start_channels()
    prepare()  # else the first update waits for the lexicons, and is done anew
    yield unstarted, product
    await product.stop()


def by_purpose(made: Iterable[str]) -> Counter[str]:
    """Count statements by their purpose, or by themselves when they have none that is known."""
    found: Counter[str] = Counter()
    for statement in made:
        words = statement.split()
        after = {"INSERT": "INTO", "DELETE": "FROM", "SELECT": "FROM"}.get(words[0])
        table = words[words.index(after) + 1] if after else words[1]
        found[PURPOSES.get(table, statement)] += 1
    return found


class Resident:
    """Somebody who scans, says something and sends it, an update each."""

    def __init__(self, deployment: Deployment, product: Product, chat: int) -> None:
        self._deployment, self._product, self._chat = deployment, product, chat
        self._numbers = iter(range(chat, chat + 100))

    async def submit(self, place_id: str, text: str) -> None:
        token = (await self._deployment.link(place_id)).partition("start=")[2]
        command = [{"type": "bot_command", "offset": 0, "length": 6}]
        await self._update(message=self._message(f"/start {token}") | {"entities": command})
        await self._update(message=self._message(text))
        async with self._deployment.database.transaction() as session:
            state = await load_conversation(self._deployment.work(session), address_of(self._chat))
        assert state.draft is not None
        shown = self._message("the card")
        press = {"id": "1", "from": shown["from"], "chat_instance": "1", "data": f"1.r.send.{state.draft.draft_id}"}
        await self._update(callback_query=press | {"message": shown})

    async def _update(self, **content: Any) -> None:
        await telegram_of(self._product).process({"update_id": next(self._numbers), **content})

    def _message(self, text: str) -> dict[str, Any]:
        chat = {"id": self._chat, "type": "private"}
        person = {"id": self._chat, "is_bot": False, "first_name": "村民", "language_code": "zh-hans"}
        return {"message_id": next(self._numbers), "date": 1, "chat": chat, "from": person, "text": text}


async def test_a_submission_makes_few_statements(product: tuple[Deployment, Product]) -> None:
    deployment, running = product
    await Resident(deployment, running, ME).submit("V06", "这一件让名册先读一次")
    with statements(running) as made:
        await Resident(deployment, running, ME + 1000).submit("V06", "鱼塘的账不公开")
    assert by_purpose(made) == STATEMENTS
