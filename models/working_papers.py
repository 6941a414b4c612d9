"""What a team has of its own for what it found: 问题底稿."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.annotations import Kept, Key, Until, touches
from models.base import Base, UtcDateTime


class WorkingPaper(Base):
    """A file, or a record of what was found, where and on which day. The unit of the finding never sees it.

    It belongs to a draft, and to the item once that is issued. The bytes of a file lie in the attachment store under
    this id, sealed to the round; while it has no title yet it is thrown away at `keep_until`.
    """

    __tablename__ = "working_papers"
    __nobody__ = "id round_id draft_id item_id by_id added_at keep_until file_kind digest"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    # to which it is sealed: that of the draft, though the item may come to be another's
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), index=True)
    draft_id: Mapped[str | None] = mapped_column(ForeignKey("item_drafts.id"), index=True)
    item_id: Mapped[str | None] = mapped_column(ForeignKey("rectification_items.id"), index=True)
    by_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    keep_until: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    file_kind: Mapped[str | None] = mapped_column(String(10))  # photo, pdf, word, excel; none: a record in words
    digest: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of the file's bytes
    # its title, and of a record what was found, where and when, as JSON; none while it is being collected
    sealed: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=touches(Kept.WORDS, Key.ROUND, Until.ROUND_KEY, "what a team's own paper on a finding says")
    )
