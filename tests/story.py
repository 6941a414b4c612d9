"""Steps that stories on the simulator are made of: press by what a button does, wait for what is said next."""

from collections.abc import Callable

from handlers.actions import Action
from handlers.cases.actions import ACTIONS as CASE_ACTIONS
from handlers.items.actions import ACTIONS as ITEM_ACTIONS
from privacy.receipt import MistypedCode, Receipt, Script, read_receipt, word_list
from simulator.chat_reader import SeenMessage
from simulator.server import Simulator


def _begins(area: str, action: Action) -> str:
    """Return how the data of the button of an action on a card begins."""
    begins = action.begins or action.name
    return f"1.{begins}." if "." in begins else f"1.{area}.{begins}."


# Where a button stands on a card only when that is unfolded: of each, the area of the card.
FOLDED_AWAY = {
    _begins(area, action): area
    for area, actions in (("case", CASE_ACTIONS), ("item", ITEM_ACTIONS))
    for action in actions
    if action.seldom
}


def more_of(message: SeenMessage, prefix: str) -> str | None:
    """Return what unfolds a card on which a button may stand that does this; None where there is none to unfold."""
    areas = {area for begins, area in FOLDED_AWAY.items() if begins.startswith(prefix) or prefix.startswith(begins)}
    found = (data_of(message, f"1.{area}.more.") for area in sorted(areas))
    return next((data for data in found if data is not None), None)


def data_of(message: SeenMessage, prefix: str) -> str | None:
    """Return the callback data of a message's first button that does this."""
    return next((one.data for row in message.buttons for one in row if one.data.startswith(prefix)), None)


def code_parts(message: SeenMessage) -> list[str]:
    """Return what stands in <code> in a message."""
    parts = []
    for entity in message.entities:
        if entity["type"] == "code":
            start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
            parts.append(message.text.encode("utf-16-le")[start:end].decode("utf-16-le"))
    return parts


def receipt_in(message: SeenMessage) -> tuple[Receipt, str] | None:
    """Return the receipt code a message shows, and how it is written there."""
    for text in code_parts(message):
        found = read_receipt(text)
        if isinstance(found, Receipt):
            return found, text
    return None


def slip_of(receipt: Receipt) -> str:
    """Return a code with its last word gone wrong."""
    code = receipt.text(Script.SIMPLIFIED)
    wrong = (code[:-1] + word for word in word_list(Script.SIMPLIFIED))
    return next(slip for slip in wrong if isinstance(read_receipt(slip), MistypedCode))


class PhoneUser:
    """One person who uses the bot on a phone, in a private chat or in a group."""

    def __init__(self, simulator: Simulator, person: int, chat: int | None = None) -> None:
        self.simulator = simulator
        self.person = person
        self.chat = chat if chat is not None else person
        self._group = chat

    def say(self, text: str) -> int:
        return self.simulator.send_text(self.person, text, chat_id=self._group)

    async def sees(self, fits: Callable[[SeenMessage], bool], after: int = 0) -> SeenMessage:
        """Wait for the newest message of the bot that fits."""

        def look(messages: list[SeenMessage]) -> SeenMessage | None:
            found = [one for one in messages if one.from_bot and one.message_id > after and fits(one)]
            return found[-1] if found else None

        return await self.simulator.wait_for(self.chat, look)

    async def reads(self, part: str, after: int = 0) -> SeenMessage:
        """Wait for a message of the bot that holds this text."""
        return await self.sees(lambda one: part in one.text, after)

    async def can_press(self, prefix: str, after: int = 0) -> SeenMessage:
        """Wait for a message with a button that does this; where it is folded away, unfold the card first."""
        message = await self.sees(lambda one: (data_of(one, prefix) or more_of(one, prefix)) is not None, after)
        if data_of(message, prefix) is None:
            await self._press(message, more_of(message, prefix))
        return await self.sees(lambda one: data_of(one, prefix) is not None, after)

    async def previews(self, part: str) -> SeenMessage:
        """Wait until the preview of the draft shows this text; it is changed where it stands."""
        return await self.sees(lambda one: part in one.text and data_of(one, "1.r.discard") is not None)

    async def press(self, prefix: str, after: int = 0) -> str:
        """Press the newest button that does this, and return the text of the toast."""
        message = await self.can_press(prefix, after)
        return await self._press(message, data_of(message, prefix))

    async def _press(self, message: SeenMessage, data: str | None) -> str:
        assert data is not None
        query = self.simulator.press(self.person, data, message_id=message.message_id, chat_id=self._group)
        return (await self.simulator.wait_for_answer(query)).text

    async def press_ending(self, end: str) -> None:
        """Press the newest button whose action ends so."""
        message = await self.sees(lambda one: end_of(one, end) is not None)
        data = end_of(message, end)
        assert data is not None
        query = self.simulator.press(self.person, data, message_id=message.message_id, chat_id=self._group)
        await self.simulator.wait_for_answer(query)

    async def ticks_what_was_done(self) -> None:
        """Tick on the sheet of a review that the place itself was seen, and go on to the sentence for reporters."""
        await self.press_ending(".00100")
        await self.press_ending(".done-00100")
        await self.can_press("1.form.choose.pass_item-result")

    async def sets_up(self, system: str) -> None:
        """Say of the item whose card is open what was set up."""
        await self.press("1.item.tell_system")
        await self.can_press("1.form.choose.tell_system")
        self.say(system)
        await self.reads(system)

    @property
    def last_id(self) -> int:
        """The number of the newest message here."""
        return max((one.message_id for one in self.simulator.messages(self.chat, deleted=True)), default=0)


def end_of(message: SeenMessage, end: str) -> str | None:
    """Return what a button under a message carries that ends so."""
    return next((one.data for row in message.buttons for one in row if one.data.endswith(end)), None)
