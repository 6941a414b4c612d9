"""Checks of text that goes to a reporter."""

from handlers.forms import FormContext, FormInput, Rejected
from services.cases.dialogue import ContainsContact, refuse_contact_details


async def text_for_reporters(form: FormContext, entered: FormInput, max_length: int) -> str:
    """Return a text that can go to a reporter. Raises Rejected when it is empty, longer than `max_length` characters,
    or holds contact details.
    """
    if not entered.text or len(entered.text) > max_length:
        raise Rejected(form.words("team.text_please", most=max_length))
    try:
        await refuse_contact_details(form.context.work, entered.text)
    except ContainsContact:
        raise Rejected(form.words("team.contains_contact")) from None
    return entered.text
