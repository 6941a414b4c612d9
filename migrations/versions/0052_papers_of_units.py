"""What units write about their items, and the ladder of items by round

Revision ID: 0052
Revises: 0050
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0050"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables. Rounds that have begun keep the ladder of the county's file as it was entered last."""
    op.create_table(
        "item_papers",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.String(length=40), nullable=True),
        sa.Column("decided_by_id", sa.String(length=40), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["rectification_items.id"], name=op.f("fk_item_papers_item_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_item_papers_by_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["staff.id"], name=op.f("fk_item_papers_confirmed_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["staff.id"], name=op.f("fk_item_papers_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_papers")),
    )
    op.create_index("ix_item_papers_item", "item_papers", ["item_id", "kind", "state"])
    with op.batch_alter_table("rectification_items", schema=None) as batch_op:
        for name in ("midterm_answered_on", "plan_due_on", "plan_since", "extension_since", "prepared_since"):
            batch_op.add_column(sa.Column(name, sa.Date(), nullable=True))
        for name in ("plan_state", "extension_state"):
            batch_op.add_column(sa.Column(name, sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("extension_days", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("rectification_items", schema=None) as batch_op:
        batch_op.alter_column("extension_days", existing_type=sa.Integer(), server_default=None)
    with op.batch_alter_table("complaint_settings_versions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rectification", sa.JSON(), nullable=True))
    versions = sa.table("complaint_settings_versions", sa.column("rectification", sa.JSON()))
    settings = op.get_bind().scalar(sa.select(sa.column("settings", sa.JSON())).select_from(sa.table("county")))
    ladder = settings.get("rectification", {}) if isinstance(settings, dict) else {}
    op.execute(versions.update().values(rectification=ladder))
    with op.batch_alter_table("complaint_settings_versions", schema=None) as batch_op:
        batch_op.alter_column("rectification", existing_type=sa.JSON(), nullable=False)
