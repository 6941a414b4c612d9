"""Addresses of the staff that are to be confirmed

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "address_confirmations",
        sa.Column("staff_id", sa.String(40), sa.ForeignKey("staff.id"), primary_key=True),
        sa.Column("address", sa.String(120), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("codes", sa.Integer(), nullable=False),
    )
    op.create_index("ix_address_confirmations_day", "address_confirmations", ["day"])
