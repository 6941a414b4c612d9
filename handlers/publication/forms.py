"""The forms in which the office prepares a publication: a result, the villages, a grade."""

from dataclasses import asdict

from handlers import forms
from handlers.choice_pages import choice_page, start_of_page
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step, written
from handlers.items.labels import one_line
from handlers.named_step import unit_step
from handlers.publication.card import AREA
from handlers.shares import grade_name
from models.publication import Grade, Publication
from models.rectification import RectificationItem
from services.directory import UnitRecord
from services.outbox import OutgoingMessage, Priority
from services.publication.choose_items import (
    LONGEST_WORDS,
    ChosenPhotos,
    WordsNotReleased,
    choose_item,
    enter_grade,
    item_to_choose,
    items_to_choose,
    released,
)
from services.publication.numbers import units_of, villages_of
from services.publication.photos import photos_to_choose
from services.publication.publications import ItemNotDone, enter_villages, publication_to_prepare
from services.publication.released_words import Obstacle, is_certain
from services.rectification.notices import ItemEvidence
from storage.folder import AttachmentGone
from texts.catalogue import Html
from texts.message import Button, Message, in_rows

_AS_IS, _KEEP, _DONE = "as-is", "keep", "d"
_NOT_CHOSEN, _BEFORE, _AFTER = "0", "1", "2"  # what a photo is


async def _may_prepare(form: FormContext) -> Publication:
    return await publication_to_prepare(form.context.work, form.who, form.subject_id)


async def _item(form: FormContext) -> RectificationItem:
    publication = await _may_prepare(form)
    try:
        return await item_to_choose(form.context.work, form.who, publication, form.answers["item"])
    except ItemNotDone:
        raise FormRefused(form.words("publication.not_cleared", number=form.answers["item"])) from None


# ---- which result


async def _ask_which(form: FormContext) -> Message:
    return await _which(form, 0)


async def _which(form: FormContext, start: int) -> Message:
    items = await items_to_choose(form.context.work, form.who, await _may_prepare(form))
    if not items:
        raise FormRefused(form.words("publication.nothing_cleared"))
    choices = [(f"{item.id} {one_line(item.problem, 16)}", item.id) for item in items]
    return Message(form.words("publication.which_item"), choice_page(form, choices, start))


async def _read_which(form: FormContext, entered: FormInput) -> str:
    return await _chosen(form, "".join(entered.text.split()).upper())


async def _choose_which(form: FormContext, value: str) -> str | Message:
    if (start := start_of_page(value)) is not None:
        return await _which(form, start)
    return await _chosen(form, value)


async def _chosen(form: FormContext, number: str) -> str:
    items = await items_to_choose(form.context.work, form.who, await _may_prepare(form))
    if number not in {item.id for item in items}:
        raise Rejected(form.words("publication.not_cleared", number=number))
    return number


# ---- the words that are to be public


def _words_step(name: str) -> Step:
    """Return the step for words that are to be public; those of the item can be taken as they are."""

    def own_words(item: RectificationItem) -> str:
        return (item.problem if name == "problem" else item.public_result or "")[:LONGEST_WORDS]

    async def ask(form: FormContext) -> Message:
        own = own_words(await _item(form))
        text = form.words(f"publication.{name}_prompt", most=LONGEST_WORDS, own=own)
        as_is = ((form.choice(form.words.plain("publication.button_as_is"), _AS_IS),),) if own else ()
        return Message(text, (*as_is, (form.cancel,)))

    async def read(form: FormContext, entered: FormInput) -> str:
        text = written(form, entered, LONGEST_WORDS, "item.text_please")
        form.answers["unsure"] = text  # kept with the form, until it is said that it is nobody's name
        return await _released(form, text, looked_at=False)

    async def choose(form: FormContext, value: str) -> str:
        if value == _KEEP:
            return await _released(form, str(form.answers.get("unsure", "")), looked_at=True)
        own = own_words(await _item(form))
        if value != _AS_IS or not own:
            raise Rejected(form.words("item.press_unknown"))
        form.answers["unsure"] = own
        return await _released(form, own, looked_at=False)

    return Step(name, ask, read, choose)


async def _released(form: FormContext, text: str, *, looked_at: bool) -> str:
    try:
        await released(form.context.work, text, looked_at=looked_at)
    except WordsNotReleased as refused:
        words = form.words
        said = [
            words(f"publication.found_{one.obstacle}", words=one.words)
            for one in refused.found
            if not looked_at or one.obstacle is not Obstacle.PERHAPS
        ]
        if is_certain(refused.found):
            raise Rejected(Html("\n".join([*said, words("publication.rewrite")])), ((form.cancel,),)) from None
        keep = form.choice(words.plain("publication.button_keep_words"), _KEEP)
        raise Rejected(
            Html("\n".join([*said, words("publication.rewrite_or_keep")])), ((keep,), (form.cancel,))
        ) from None
    return text


# ---- the photos that are to be public


async def _ask_for_photos(form: FormContext) -> Message:
    work, found = form.context.work, await _photos(form)
    if not work.outbox.is_gathering:  # on a page they are beside the question
        for photo in found:
            outgoing = OutgoingMessage(ItemEvidence(photo))
            await work.outbox.to_staff(form.who.id, outgoing, priority=Priority.ANSWER)
    return _photo_choices(form, _NOT_CHOSEN * len(found))


def _photo_choices(form: FormContext, chosen: str) -> Message:
    """Return the question with a button for each photo, which makes it the next of not chosen, before and after."""
    buttons: list[Button] = []
    for place, what in enumerate(chosen):
        following = _NOT_CHOSEN if what == _AFTER else str(int(what) + 1)
        label = form.words.plain(f"publication.photo_{what}", n=place + 1)
        buttons.append(form.choice(label, chosen[:place] + following + chosen[place + 1 :]))
    done = form.choice(form.words.plain("publication.button_photos_done"), _DONE + chosen)
    return Message(form.words("publication.photos_prompt"), (*in_rows(buttons, 3), (done,), (form.cancel,)))


async def _choose_photos(form: FormContext, value: str) -> dict[str, list[str]] | Message:
    found, chosen = await _photos(form), value.removeprefix(_DONE)
    if len(chosen) != len(found) or not set(chosen) <= {_NOT_CHOSEN, _BEFORE, _AFTER}:
        raise Rejected(form.words("item.press_unknown"))
    if not value.startswith(_DONE):
        return _photo_choices(form, chosen)
    pairs = list(zip(found, chosen, strict=True))
    before, after = ([photo for photo, what in pairs if what == wanted] for wanted in (_BEFORE, _AFTER))
    return asdict(ChosenPhotos(before, after))


async def _photos(form: FormContext) -> list[str]:
    return await photos_to_choose(form.context.work, await _item(form))


# ---- a look, and choosing it


async def _show_choice(form: FormContext) -> Message:
    photos = _chosen_photos(form)
    return Message(
        form.words(
            "publication.choice",
            number=form.answers["item"],
            problem=form.answers["problem"],
            result=form.answers["result"],
            before=len(photos.before),
            after=len(photos.after),
        )
    )


async def _choose_item(form: FormContext) -> FormOutcome:
    answers = form.answers
    try:
        await choose_item(
            form.context.work, form.who, form.subject_id, answers["item"], answers["problem"], answers["result"],
            _chosen_photos(form),
        )  # fmt: skip
    except ItemNotDone:
        raise FormRefused(form.words("publication.not_cleared", number=answers["item"])) from None
    except WordsNotReleased:
        raise FormRefused(form.words("publication.rewrite"), keeps_open=True) from None
    except AttachmentGone:
        raise FormRefused(form.words("publication.photo_gone")) from None
    return FormOutcome(form.words("publication.done_choose_item"), card=True)


def _chosen_photos(form: FormContext) -> ChosenPhotos:
    return ChosenPhotos(**form.answers.get("photos", {}))


CHOOSE_ITEM = Form(
    "publish_item",
    (
        Step("item", _ask_which, _read_which, _choose_which),
        _words_step("problem"),
        _words_step("result"),
        Step("photos", _ask_for_photos, choose=_choose_photos),
    ),
    check=_may_prepare,
    preview=_show_choice,
    send_label="publication.button_choose",
    send=_choose_item,
    too_late="publication.too_late",
    area=AREA,
)


# ---- how many villages the teams went to


async def _villages(form: FormContext) -> int:
    publication = await _may_prepare(form)
    return await villages_of(form.context.work, publication.round_id)


async def _may_count_villages(form: FormContext) -> None:
    if not await _villages(form):
        raise FormRefused(form.words("publication.no_villages"))


async def _ask_how_many(form: FormContext) -> Message:
    return Message(form.words("publication.villages_prompt", most=await _villages(form)), ((form.cancel,),))


async def _read_how_many(form: FormContext, entered: FormInput) -> int:
    there_are = await _villages(form)
    typed = entered.text.strip()
    if not typed.isdecimal() or len(typed) > 5 or int(typed) > there_are:
        raise Rejected(form.words("publication.villages_please", most=there_are))
    return int(typed)


async def _enter_villages(form: FormContext) -> FormOutcome:
    await enter_villages(form.context.work, form.who, form.subject_id, form.answers["visited"])
    return FormOutcome(form.words("publication.done_villages"), card=True)


ENTER_VILLAGES = Form(
    "publish_villages",
    (Step("visited", _ask_how_many, _read_how_many),),
    check=_may_count_villages,
    send=_enter_villages,
    too_late="publication.too_late",
    area=AREA,
)


# ---- the grade of a unit


async def _units_named(form: FormContext, named: str) -> list[UnitRecord]:
    publication, known = await _may_prepare(form), await form.context.work.directory()
    units = await units_of(form.context.work, publication.round_id)
    return [known.units[unit_id] for unit_id, name in units.items() if named in name]


async def _which_unit(form: FormContext) -> Html:
    return form.words("publication.grade_unit_prompt")


async def _ask_for_grade(form: FormContext) -> Message:
    known = await form.context.work.directory()
    grades = tuple(form.choice(str(grade_name(form.words, grade)), grade.value) for grade in Grade)
    none = form.choice(form.words.plain("publication.button_no_grade"), "none")
    text = form.words("publication.grade_prompt", unit=known.units[form.answers["unit"]].name)
    return Message(text, (grades, (none,), (form.cancel,)))


async def _choose_grade(form: FormContext, value: str) -> str:
    if value not in [*Grade, "none"]:
        raise Rejected(form.words("item.press_unknown"))
    return value


async def _enter_grade(form: FormContext) -> FormOutcome:
    given = form.answers["grade"]
    grade = None if given == "none" else Grade(given)
    await enter_grade(form.context.work, form.who, form.subject_id, form.answers["unit"], grade)
    return FormOutcome(form.words("publication.done_grade"), card=True)


ENTER_GRADE = Form(
    "publish_grade",
    (
        unit_step(_units_named, _which_unit, "office.unit_not_found"),
        Step("grade", _ask_for_grade, choose=_choose_grade),
    ),
    check=_may_prepare,
    send=_enter_grade,
    too_late="publication.too_late",
    area=AREA,
)

forms.register(CHOOSE_ITEM, ENTER_VILLAGES, ENTER_GRADE)
