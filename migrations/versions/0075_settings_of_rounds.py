"""What a round sets for itself, and the score sheet of rounds that have begun

Revision ID: 0075
Revises: 0074
"""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables. Rounds that have begun keep the score sheet of the county's file as it was entered last."""
    with op.batch_alter_table("rounds", schema=None) as table:
        table.add_column(sa.Column("settings", sa.JSON(), nullable=True))
    rounds = sa.table(
        "rounds",
        sa.column("state", sa.String()),
        sa.column("settings", sa.JSON()),
        sa.column("score_sheet", sa.JSON(none_as_null=True)),
    )
    op.execute(rounds.update().values(settings={}))
    with op.batch_alter_table("rounds", schema=None) as table:
        table.alter_column("settings", existing_type=sa.JSON(), nullable=False)
    settings = op.get_bind().scalar(sa.select(sa.column("settings", sa.JSON())).select_from(sa.table("county")))
    sheet = settings.get("evaluation", {}) if isinstance(settings, dict) else {}
    has_begun = sa.and_(rounds.c.state != "preparing", rounds.c.score_sheet.is_(None))
    op.execute(rounds.update().where(has_begun).values(score_sheet=sheet))
