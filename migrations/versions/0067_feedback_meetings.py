"""When units were told the findings of a round, and who signed for it

Revision ID: 0067
Revises: 0066
"""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "feedback_meetings",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("attended", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(length=40), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_late_told", sa.Boolean(), nullable=False),
        sa.Column("signed_by", sa.String(length=40), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_feedback_meetings_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_feedback_meetings_unit_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_feedback_meetings_by_id")),
        sa.ForeignKeyConstraint(["signed_by"], ["staff.id"], name=op.f("fk_feedback_meetings_signed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_meetings")),
    )
    op.create_index("ix_feedback_meetings_due", "feedback_meetings", ["state", "is_late_told", "due_on", "id"])
    op.create_index("ix_feedback_meetings_unit", "feedback_meetings", ["unit_id", "round_id", "id"])
    op.create_index("ix_feedback_meetings_newest", "feedback_meetings", ["held_on", "id"])
