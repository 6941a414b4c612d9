"""What an item must say: aspect, kind, head, task force, copies, other units, and where it comes from

Revision ID: 0046
Revises: 0045
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

# What an item of before says of each column that cannot be empty, until it is altered.
_BEFORE: dict[str, Any] = {
    "aspect": "",
    "kind": "individual",
    "head": "",
    "is_for_head": sa.true(),
    "task_force": "",
}


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "hand_downs",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("origin", sa.String(length=100), nullable=False),
        sa.Column("receiving_body", sa.String(length=100), nullable=False),
        sa.Column("came_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("aspects", sa.JSON(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_downs")),
    )
    op.create_table(
        "campaigns",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["category"], ["categories.code"], name=op.f("fk_campaigns_category")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
    )
    with op.batch_alter_table("rectification_items", schema=None) as batch_op:
        for name, column_type in (
            ("aspect", sa.String(length=100)),
            ("kind", sa.String(length=20)),
            ("head", sa.String(length=100)),
            ("is_for_head", sa.Boolean()),
            ("task_force", sa.String(length=200)),
        ):
            batch_op.add_column(sa.Column(name, column_type, nullable=False, server_default=_BEFORE[name]))
        batch_op.add_column(sa.Column("known_problem", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("list_number", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("hand_down_id", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("campaign_id", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("owner_id", sa.String(length=40), nullable=True))
        batch_op.create_foreign_key(op.f("fk_rectification_items_hand_down_id"), "hand_downs", ["hand_down_id"], ["id"])
        batch_op.create_foreign_key(op.f("fk_rectification_items_campaign_id"), "campaigns", ["campaign_id"], ["id"])
        batch_op.create_foreign_key(op.f("fk_rectification_items_owner_id"), "staff", ["owner_id"], ["id"])
        batch_op.create_unique_constraint(
            op.f("uq_rectification_items_round_id_unit_id_list_number"), ["round_id", "unit_id", "list_number"]
        )
    with op.batch_alter_table("rectification_items", schema=None) as batch_op:
        for name in _BEFORE:
            batch_op.alter_column(name, server_default=None)
    for name in ("hand_down_id", "campaign_id", "owner_id"):
        op.create_index(op.f(f"ix_rectification_items_{name}"), "rectification_items", [name])
    op.create_table(
        "item_units",
        sa.Column("item_id", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.String(length=100), nullable=False),
        sa.Column("acknowledged_on", sa.Date(), nullable=True),
        sa.Column("acknowledged_by_id", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["rectification_items.id"], name=op.f("fk_item_units_item_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_item_units_unit_id")),
        sa.ForeignKeyConstraint(["acknowledged_by_id"], ["staff.id"], name=op.f("fk_item_units_acknowledged_by_id")),
        sa.PrimaryKeyConstraint("item_id", "unit_id", name=op.f("pk_item_units")),
    )
    op.create_index(op.f("ix_item_units_unit_id"), "item_units", ["unit_id"])
    op.create_table(
        "item_copies",
        sa.Column("item_id", sa.String(length=20), nullable=False),
        sa.Column("copy_to", sa.String(length=20), nullable=False),
        sa.Column("recipient_id", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["rectification_items.id"], name=op.f("fk_item_copies_item_id")),
        sa.PrimaryKeyConstraint("item_id", "copy_to", "recipient_id", name=op.f("pk_item_copies")),
    )
    op.create_index("ix_item_copies_recipient", "item_copies", ["copy_to", "recipient_id", "item_id"])
