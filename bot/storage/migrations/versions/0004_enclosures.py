"""Photos and files in what customers and the shop write to each other."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what goes with a line of a ticket: nothing, with those that were written so far."""
    op.execute("ALTER TABLE ticket_lines ADD COLUMN enclosure JSON")


def downgrade() -> None:
    """Never: what a newer shop wrote, an older one cannot read."""
    raise NotImplementedError("the books only move forward; restore a backup instead")
