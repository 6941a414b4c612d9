"""What evidence is, what came of items in figures, and who supervises them

Revision ID: 0050
Revises: 0048
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0048"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("rectification_items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("systems_built", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("system_not_needed", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("households_total", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("households_done", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("money_recovered", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("people_dealt_with", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("long_term_since", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("supervisor", sa.String(length=100), nullable=True))
        batch_op.create_index("ix_items_supervisor", ["is_open", "supervisor", "round_id", "id"])
    with op.batch_alter_table("rectification_items", schema=None) as batch_op:
        batch_op.alter_column("systems_built", existing_type=sa.Integer(), server_default=None)
    op.execute("UPDATE rectification_items SET systems_built = 1 WHERE system_built IS NOT NULL")
    op.execute("UPDATE rectification_items SET long_term_since = state_since WHERE state = 'long_term'")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        # What there is are photos, and nobody said of what: of how it is now, as was asked for.
        batch_op.add_column(sa.Column("kind", sa.String(length=10), nullable=False, server_default="after"))
        batch_op.add_column(sa.Column("file_kind", sa.String(length=10), nullable=False, server_default="photo"))
        batch_op.add_column(sa.Column("digest", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("look", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("used_before", sa.String(length=32), nullable=True))
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.alter_column("kind", existing_type=sa.String(length=10), server_default=None)
        batch_op.alter_column("file_kind", existing_type=sa.String(length=10), server_default=None)
    op.create_table(
        "supervising_bodies",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("hears_next_on", sa.Date(), nullable=False),
        sa.Column("heard_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervising_bodies")),
    )
    op.create_index(op.f("ix_supervising_bodies_hears_next_on"), "supervising_bodies", ["hears_next_on"])
