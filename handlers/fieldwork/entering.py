"""/enter and its form: what came by a letter, a call, a visit or a talk is entered, and its receipt handed over."""

from html import escape
from typing import Any

from handlers import forms
from handlers.actions import button
from handlers.cases.sorting import choose_category
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.fieldwork.place_step import place_step
from handlers.fieldwork.receipts import show_receipt
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step, begin_by_command
from handlers.incoming import TOO_LARGE, UnfitFile
from handlers.press import Press, short_digest
from media.kinds import FileKind
from models.complaints import Door
from services.access.member import Member
from services.cases.actions import actions_open_to
from services.fieldwork.enter import (
    ENTRY_FORM,
    LONGEST_TEXTS,
    MOST_PHOTOS,
    MOST_TEXTS,
    PLACE,
    SAID,
    Entry,
    EntryPreview,
    NothingSaid,
    StoredPhoto,
    enter,
    keep_photo_to_enter,
    preview_entry,
)
from services.fieldwork.places import FieldPlace, place_to_enter_for, places_to_enter_for
from services.intake.submit import RoundOver
from texts.catalogue import Html
from texts.message import Button, Message, in_rows

_CATEGORIES = "categories"  # in place of a category: have them shown
_LATER = lambda _form: True  # noqa: E731 (of a step that is asked for at the preview alone)


@command("enter")
async def begin_entry(context: HandlerContext, who: Member) -> None:
    """Begin to enter something that came by another door."""
    await begin_by_command(context, who, ENTER_CASE)


async def _places(form: FormContext) -> list[FieldPlace]:
    return places_to_enter_for(await form.context.work.directory(), form.who)


async def _may_enter(form: FormContext) -> None:
    if not await _places(form):
        raise FormRefused(form.words("field.nowhere_to_enter"))
    if (key := form.subject_id or form.answers.get(PLACE)) is not None:
        place_to_enter_for(await form.context.work.directory(), form.who, key)


async def _ask_for_door(form: FormContext) -> Message:
    rows = in_rows([form.choice(form.words.plain(f"field.door_{door}"), door.value) for door in Door], 2)
    return Message(form.words("field.door_prompt"), (*rows, (form.cancel,)))


async def _choose_door(form: FormContext, value: str) -> str:
    if value not in list(Door):
        raise Rejected(form.words("field.press_too_late"))
    return value


async def _ask_what_was_said(form: FormContext) -> Message:
    return Message(form.words("field.said_prompt"), ((form.cancel,),))


async def _read_what_was_said(form: FormContext, entered: FormInput) -> dict[str, list[Any]]:
    """Put one more text or photo with the rest."""
    said: dict[str, list[Any]] = form.answers.get(SAID, {"texts": [], "photos": []})
    texts, photos, photo = said["texts"], said["photos"], entered.file
    if isinstance(photo, UnfitFile):
        raise Rejected(form.words("item.photo_too_large" if photo.reason == TOO_LARGE else "item.photo_cannot_clean"))
    if (photo is not None and photo.kind != FileKind.PHOTO) or (photo is None and not entered.text):
        raise Rejected(form.words("item.only_text_and_photos"))
    if sum(map(len, [*texts, entered.text])) > LONGEST_TEXTS or len(texts) >= MOST_TEXTS:
        raise Rejected(form.words("item.submission_too_long", most=LONGEST_TEXTS))
    if photo is not None and len(photos) >= MOST_PHOTOS:
        raise Rejected(form.words("item.too_many_photos", most=MOST_PHOTOS))
    added = []
    if photo is not None:
        known = await form.context.work.directory()
        place = place_to_enter_for(known, form.who, form.subject_id or form.answers[PLACE])
        stored = await keep_photo_to_enter(form.context.work, place, photo)
        added.append([stored.file_id, stored.key])
    return {"texts": [*texts, *([entered.text] if entered.text else [])], "photos": [*photos, *added]}


async def _ask_for_category(form: FormContext) -> Message:
    found = await _preview(form)
    known = await form.context.work.categories()
    now = found.draft.chosen_or_likely_category
    rows = [
        (form.choice(one.name_in(form.words.language), short_digest(one.code, 16), of_step="category"),)
        for one in known
        if one.code != now
    ]
    return Message(form.words("field.category_prompt"), (*rows, (form.cancel,)))


async def _choose_category(form: FormContext, value: str) -> str | Message:
    return await _ask_for_category(form) if value == _CATEGORIES else await choose_category(form, value)


async def _choose_traces(form: FormContext, _value: str) -> bool:
    """Keep what leads to a person, or take it out again."""
    return not form.answers.get("traces", False)


def _entry(form: FormContext) -> Entry:
    said = form.answers[SAID]
    return Entry(
        form.subject_id or form.answers[PLACE],
        Door(form.answers["door"]),
        said["texts"],
        [StoredPhoto(file_id, key) for file_id, key in said["photos"]],
        category=form.answers.get("category"),
        keeps_traces=form.answers.get("traces", False),
    )


async def _preview(form: FormContext) -> EntryPreview:
    try:
        return await preview_entry(form.context.work, form.who, _entry(form))
    except NothingSaid:
        raise FormRefused(form.words("field.nothing_said"), keeps_open=True) from None


async def _show(form: FormContext) -> Message:
    """Show what would be kept, word by word, and who would read it."""
    words, found = form.words, await _preview(form)
    known = await form.context.work.directory()
    category = known.category(found.draft.chosen_or_likely_category).name_in(words.language)
    lines = [
        words("field.preview_heading", door=words(f"field.door_{form.answers['door']}"), place=found.place.name),
        words("field.preview_category", category=category),
    ]
    if found.draft.files:
        lines.append(words("field.preview_photos", count=found.draft.files))
    if found.draft.texts:
        said = escape("\n".join(found.draft.texts), quote=False)
        lines.append(Html(f"<blockquote expandable>{said}</blockquote>"))
    buttons: list[Button] = []
    if found.mentions:
        keeps = form.answers.get("traces", False)
        lines.append(words("field.traces_kept" if keeps else "field.traces_taken_out"))
        label = words.plain("field.button_take_traces_out" if keeps else "field.button_keep_traces")
        buttons.append(form.choice(label, of_step="traces"))
    lines.append(words(f"field.read_by_{found.promise.read_by}", team=found.draft.place.team_name or ""))
    lines.append(words("field.preview_more"))
    buttons.append(form.choice(words.plain("field.button_category"), _CATEGORIES, of_step="category"))
    return Message(Html("\n".join(lines)), in_rows(buttons, 1))


async def _enter(form: FormContext) -> FormOutcome:
    try:
        submission, case = await enter(form.context.work, form.who, _entry(form))
    except NothingSaid:
        raise FormRefused(form.words("field.nothing_said"), keeps_open=True) from None
    except RoundOver:
        raise FormRefused(form.words("field.round_over")) from None
    await show_receipt(form.context, submission.receipt)
    if case.door is Door.VISIT and "plan_visit" in actions_open_to(form.who, case):
        again = button(form.words, "task.action_plan_visit", Press("case", "plan_visit", case.id).pack())
        await form.context.say(Message(form.words("task.plan_after_visit", number=case.id), ((again,),)))
    return FormOutcome(
        form.words("field.entered" if form.who.knows_of(case) else "field.entered_elsewhere", number=case.id)
    )


async def _discard(form: FormContext) -> None:
    form.context.work.delete_files(file_id for file_id, _ in form.answers.get(SAID, {}).get("photos", []))


ENTER_CASE = Form(
    ENTRY_FORM,
    (
        place_step(_places, "field.place_prompt"),
        Step("door", _ask_for_door, choose=_choose_door),
        Step(SAID, _ask_what_was_said, _read_what_was_said),
        Step("category", _ask_for_category, choose=_choose_category, skip=_LATER),
        Step("traces", _show, choose=_choose_traces, skip=_LATER),
    ),
    check=_may_enter,
    preview=_show,
    send_label="field.button_enter",
    send=_enter,
    revise=lambda _form, _entered: SAID,
    too_late="field.press_too_late",
    discard=_discard,
    ends_first=lambda open_form: "field.entry_first" if SAID in open_form.answers else None,  # it may be long
)
forms.register(ENTER_CASE)
