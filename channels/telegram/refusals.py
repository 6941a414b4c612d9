"""What the Bot API's refusals mean: one table, read top-down. The first words that are found in a refusal count."""

from enum import Enum, auto


class Means(Enum):
    """What a refusal says of the chat, of the message that stands there, or of the message that was to be sent."""

    UNCHANGED = auto()  # the message says so already
    GONE = auto()  # nobody is there, or they do not want to hear from us
    MAY_NOT_WRITE = auto()  # the chat is there, and the bot must not write in it
    NO_SUCH_MESSAGE = auto()  # what was to be changed or deleted is not there any more
    FIXED = auto()  # what was to be changed or deleted is there, and stays as it is
    FILE_REFUSED = auto()  # the file is not taken, or not as what it was sent
    FAULTY = auto()  # the message itself is wrong, wherever it is said
    UNKNOWN = auto()


# The words are Telegram's, in lower case; those in capitals there are passed on from its own servers as they are.
# No word of a message is among them: a refusal can repeat the message, and that may be a resident's words.
REFUSALS: tuple[tuple[str, Means], ...] = (
    ("message is not modified", Means.UNCHANGED),
    ("message_not_modified", Means.UNCHANGED),
    ("can't parse entities", Means.FAULTY),  # first of those that may repeat what was said
    ("chat not found", Means.GONE),
    ("bot was blocked", Means.GONE),
    ("user_is_blocked", Means.GONE),
    ("user is deactivated", Means.GONE),
    ("user_deactivated", Means.GONE),
    ("user not found", Means.GONE),
    ("bot was kicked", Means.GONE),
    ("bot is not a member", Means.GONE),
    ("bot can't initiate", Means.GONE),
    ("bots can't send messages to bots", Means.GONE),
    ("group chat was deleted", Means.GONE),
    ("group chat was deactivated", Means.GONE),
    ("group is deactivated", Means.GONE),
    ("peer_id_invalid", Means.GONE),
    ("channel_private", Means.GONE),
    ("chat_invalid", Means.GONE),
    ("chat_id_invalid", Means.GONE),
    ("privacy_premium_required", Means.GONE),
    ("allow_payment_required", Means.GONE),
    ("not enough rights to send text messages", Means.MAY_NOT_WRITE),
    ("not enough rights to send", Means.FILE_REFUSED),  # photos, videos, voice notes, documents
    ("not enough rights", Means.MAY_NOT_WRITE),
    ("have no rights", Means.MAY_NOT_WRITE),
    ("need administrator rights", Means.MAY_NOT_WRITE),
    ("chat_write_forbidden", Means.MAY_NOT_WRITE),
    ("chat_restricted", Means.MAY_NOT_WRITE),
    ("chat_admin_required", Means.MAY_NOT_WRITE),
    ("chat_guest_send_forbidden", Means.MAY_NOT_WRITE),
    ("chat_send_plain_forbidden", Means.MAY_NOT_WRITE),
    ("user_banned_in_channel", Means.MAY_NOT_WRITE),
    ("right_forbidden", Means.MAY_NOT_WRITE),
    ("topic_closed", Means.MAY_NOT_WRITE),
    ("topic_deleted", Means.MAY_NOT_WRITE),
    ("message thread not found", Means.MAY_NOT_WRITE),
    ("voice_messages_forbidden", Means.FILE_REFUSED),
    ("chat_send_", Means.FILE_REFUSED),  # …_photos_forbidden, …_voices_forbidden, …_media_forbidden
    ("image_process_failed", Means.FILE_REFUSED),
    ("photo_", Means.FILE_REFUSED),  # …invalid_dimensions, …ext_invalid, …save_file_invalid
    ("too big for a photo", Means.FILE_REFUSED),
    ("file is too big", Means.FILE_REFUSED),
    ("request entity too large", Means.FILE_REFUSED),
    ("wrong file identifier", Means.FILE_REFUSED),
    ("file must be non-empty", Means.FILE_REFUSED),
    ("can't use file of type", Means.FILE_REFUSED),
    ("wrong type of the web page content", Means.FILE_REFUSED),
    ("webpage_", Means.FILE_REFUSED),  # …media_empty, …curl_failed
    ("media_caption_too_long", Means.FAULTY),
    ("media_", Means.FILE_REFUSED),  # …empty, …invalid
    ("video_", Means.FILE_REFUSED),  # …content_type_invalid, …file_invalid
    ("file_", Means.FILE_REFUSED),  # …parts_invalid, …reference_expired
    ("message to edit not found", Means.NO_SUCH_MESSAGE),
    ("message to delete not found", Means.NO_SUCH_MESSAGE),
    ("message_id_invalid", Means.NO_SUCH_MESSAGE),
    ("message not found", Means.NO_SUCH_MESSAGE),
    ("message can't be edited", Means.FIXED),
    ("message can't be deleted", Means.FIXED),
    ("message_edit_time_expired", Means.FIXED),
    ("message_author_required", Means.FIXED),
    ("message_delete_forbidden", Means.FIXED),
    ("there is no text in the message to edit", Means.FIXED),
    ("message is too long", Means.FAULTY),
    ("message_too_long", Means.FAULTY),
    ("caption is too long", Means.FAULTY),
    ("message text is empty", Means.FAULTY),
    ("message must be non-empty", Means.FAULTY),
    ("entities too long", Means.FAULTY),
    ("entities_too_long", Means.FAULTY),
    ("entity_bounds_invalid", Means.FAULTY),
    ("strings must be encoded in utf-8", Means.FAULTY),
    ("button_data_invalid", Means.FAULTY),
    ("button_url_invalid", Means.FAULTY),
    ("button_type_invalid", Means.FAULTY),
    ("reply markup is too long", Means.FAULTY),
    ("reply_markup_", Means.FAULTY),  # …invalid, …too_long
    ("can't parse reply keyboard markup", Means.FAULTY),
    ("inline keyboard expected", Means.FAULTY),
    ("wrong http url", Means.FAULTY),
)  # fmt: skip


def found_in(description: str) -> tuple[str, Means]:
    """Return which known words a refusal holds, and what they mean; nothing known: no words."""
    text = description.lower()
    return next(((words, means) for words, means in REFUSALS if words in text), ("", Means.UNKNOWN))
