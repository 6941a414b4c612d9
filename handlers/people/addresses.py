"""Where somebody on the staff is reached, as they choose it themselves: the order, one more by mail, one less."""

from typing import Any
from unicodedata import normalize

from handlers.actions import Action, NothingDone, Replaced, Result, Subject, button, register
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step, begin
from handlers.forms import register as register_form
from handlers.notices import DESK, renders
from handlers.press import Press, short_digest
from models.address import Address
from models.mail_address import CHANNEL as MAIL
from models.mail_address import UnfitMailAddress, read_mail_address
from services.access.member import Member
from services.delivery.reader import Reader
from services.directory import AddressRecord
from services.people.addresses import (
    CODE_LIFETIME,
    CODES_A_DAY,
    AddressTaken,
    CodeProblem,
    TooManyCodes,
    confirm_address,
    drop_address,
    put_first,
    send_code,
)
from services.people.notices import AddressAdded, AddressCode
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Button, Message

AREA = "address"
_DIGITS = 8  # of an address's digest


def addresses_button(words: Words) -> Button:
    """Return the button that shows where somebody is reached."""
    return button(words, "staff.button_addresses", Press(AREA, "show").pack())


def add_button(words: Words) -> Button:
    """Return the button that asks for one more address."""
    return button(words, "staff.button_address_add", Press(AREA, "add").pack())


async def _list(context: HandlerContext, who: Member) -> Message:
    own = (await context.work.directory()).addresses.get(who.id, ())
    lines = [context.words("staff.addresses")]
    rows = []
    for place, one in enumerate(own, start=1):
        name = _name(context, one)
        key = "staff.address_line" if one.reachable else "staff.address_line_gone"
        lines.append(context.words(key, n=place, name=name))
        buttons = []
        if place > 1:
            buttons.append(_button(context, "staff.button_address_first", "first", one, place))
        if len(own) > 1 and one.address != context.update.sender:
            buttons.append(_button(context, "staff.button_address_drop", "drop", one, place))
        if buttons:
            rows.append(tuple(buttons))
    if context.work.has_mail:
        rows.append((add_button(context.words),))
    if len(own) > 1:
        lines.append(context.words("staff.addresses_how"))
    return Message(Html("\n".join(lines)), tuple(rows))


def _name(context: HandlerContext, one: AddressRecord) -> Html:
    if one.address == context.update.sender:
        return context.words("staff.address_here")
    return _elsewhere(context.words, one.address)


def _elsewhere(words: Words, address: Address) -> Html:
    if address.channel == MAIL:
        return words("staff.address_mail", address=address.id)
    return words("staff.address_other", channel=address.channel.capitalize())


def _button(context: HandlerContext, key: str, action: str, one: AddressRecord, place: int) -> Button:
    return Button(context.words.plain(key, n=place), _press_on(one.address, action))


def _press_on(address: Address, action: str) -> str:
    return Press(AREA, action, short_digest(str(address), _DIGITS)).pack()


async def _own(context: HandlerContext, who: Member, press: Press) -> AddressRecord | None:
    """Return the address that a button names, if it is still one of theirs."""
    own = (await context.work.directory()).addresses.get(who.id, ())
    return next((one for one in own if short_digest(str(one.address), _DIGITS) == press.subject), None)


async def _show(context: HandlerContext, who: Member, _press: Press) -> Result:
    return Replaced(await _list(context, who))


async def _first(context: HandlerContext, who: Member, press: Press) -> Result:
    one = await _own(context, who, press)
    if one is not None:
        await put_first(context.work, who, one.address)
    return Replaced(await _list(context, who))


async def _drop(context: HandlerContext, who: Member, press: Press) -> Result:
    """Give up an address; neither the last one nor that at which it is pressed, or they would be locked out."""
    one, own = await _own(context, who, press), (await context.work.directory()).addresses.get(who.id, ())
    if one is not None and one.address == context.update.sender:
        return NothingDone(context.words("staff.address_here_stays"))
    if one is not None and len(own) == 1:
        return NothingDone(context.words("staff.address_last_stays"))
    if one is not None:
        await drop_address(context.work, who.id, one.address, by=who.id)
    return Replaced(await _list(context, who))


async def _add(context: HandlerContext, who: Member, _press: Press) -> Result:
    return await begin(context, who, MAIL_ADDRESS)


# ---- one more, by mail


async def _check(form: FormContext) -> None:
    if not form.context.work.has_mail:
        raise FormRefused(form.words("staff.no_mail"))


async def _ask_address(form: FormContext) -> Message:
    return Message(form.words("staff.which_mail"), ((form.cancel,),))


async def _read_address(form: FormContext, entered: FormInput) -> Any:
    try:
        address = read_mail_address(normalize("NFKC", entered.text))
        await send_code(form.context.work, form.who, address)
    except UnfitMailAddress:
        raise Rejected(form.words("staff.mail_unfit")) from None
    except AddressTaken:
        raise Rejected(form.words("staff.mail_taken")) from None
    except TooManyCodes:
        raise Rejected(form.words("staff.mail_too_many", most=CODES_A_DAY)) from None
    return address.id


async def _ask_code(form: FormContext) -> Message:
    minutes = CODE_LIFETIME.seconds // 60
    text = form.words("staff.which_code", address=form.answers["address"], minutes=minutes)
    return Message(text, ((form.cancel,),))


async def _read_code(form: FormContext, entered: FormInput) -> Any:
    typed = "".join(normalize("NFKC", entered.text).split())
    try:
        confirmed = await confirm_address(form.context.work, form.who, typed, asked_at=form.context.update.address)
    except AddressTaken:
        raise FormRefused(form.words("staff.mail_taken")) from None
    if confirmed is CodeProblem.OVER:
        raise FormRefused(form.words("staff.code_over"))
    if isinstance(confirmed, CodeProblem):
        raise Rejected(form.words("staff.code_wrong"))
    return True


async def _done(form: FormContext) -> FormOutcome:
    return FormOutcome(form.words("staff.mail_added", address=form.answers["address"]))


MAIL_ADDRESS = Form(
    "mail",
    steps=(Step("address", _ask_address, _read_address), Step("code", _ask_code, _read_code)),
    check=_check,
    send=_done,
    too_late="staff.code_over",
)
register_form(MAIL_ADDRESS)


@renders(AddressCode)
async def address_code(_work: UnitOfWork, _reader: Reader, notice: AddressCode) -> Message | None:
    """Say the code where it was sent, in the language of who asked for it."""
    words = Words(notice.language)
    return Message(words("staff.mail_code", code=notice.code, minutes=CODE_LIFETIME.seconds // 60))


@renders(AddressAdded)
async def address_added(work: UnitOfWork, reader: Reader, notice: AddressAdded) -> Message | None:
    """Say which address was added: with a button that drops it, or with a link where nothing can be pressed."""
    words, added = Words(notice.language, reader.capabilities.lacking), Address.parse(notice.address)
    text = words("staff.address_added", name=_elsewhere(words, added))
    if reader.capabilities.content:
        return Message(text, ((Button(words.plain("staff.button_not_me"), _press_on(added, "drop")),),))
    if work.public_url is None:
        return Message(text)
    return Message(text, ((Button(words.plain("brief.open"), url=work.public_url + DESK),),))


async def _refused(context: HandlerContext, _who: Member, _press: Press, _refusal: Exception) -> None:
    context.alert("staff.press_unknown")


SUBJECT = register(
    Subject(
        AREA,
        (Action("show", _show), Action("first", _first), Action("drop", _drop), Action("add", _add)),
        _refused,
        stranger_key="staff.press_unknown",
        unknown_key="staff.press_unknown",
    )
)
