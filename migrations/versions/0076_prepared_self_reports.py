"""What liaisons prepare for the head of their unit to report, self-checks by who asked, and campaigns that are closed

Revision ID: 0076
Revises: 0075
"""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "self_reports",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.String(length=40), nullable=False),
        sa.Column("prepared_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_late_told", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("item_id", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_self_reports_unit_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_self_reports_by_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_self_reports_decided_by")),
        sa.ForeignKeyConstraint(["item_id"], ["rectification_items.id"], name=op.f("fk_self_reports_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_reports")),
    )
    op.create_index("ix_self_reports_unit", "self_reports", ["unit_id", "prepared_on", "id"])
    op.create_index("ix_self_reports_due", "self_reports", ["state", "is_late_told", "due_on", "id"])
    op.create_index("ix_self_reports_newest", "self_reports", ["prepared_on", "id"])
    op.create_index("ix_self_checks_by", "self_checks", ["by_id", "sent_on", "id"])
    with op.batch_alter_table("campaigns", schema=None) as table:
        table.add_column(sa.Column("closed_on", sa.Date(), nullable=True))
    op.create_index("ix_campaigns_newest", "campaigns", ["begins_on", "id"])
    with op.batch_alter_table("hand_downs", schema=None) as table:
        table.add_column(sa.Column("number", sa.String(length=100), nullable=False, server_default=""))
    with op.batch_alter_table("hand_downs", schema=None) as table:
        table.alter_column("number", existing_type=sa.String(length=100), server_default=None)
    op.create_index("ix_hand_downs_newest", "hand_downs", ["came_on", "id"])
