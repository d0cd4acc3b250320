"""The first books: every table, and the guards that no constraint can express."""

from typing import Any

from alembic import op
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# A migration is a record of what was done: it imports nothing of the shop, which moves on.
ID = BigInteger().with_variant(Integer(), "sqlite")
INSTANT = BigInteger  # milliseconds since 1970

# What is written here stays as it was written.
KEPT = ("transfers", "postings", "order_events")
ENDED = "('completed', 'partial', 'canceled', 'refused', 'expired')"


def upgrade() -> None:
    """Make the tables, then their guards."""
    for make in (
        _facts,
        _panels,
        _services,
        _users,
        _drafts,
        _orders,
        _order_history,
        _wallets,
        _transfers,
        _mail,
    ):
        make()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_guards()
    else:
        _postgresql_guards()


def downgrade() -> None:
    """Never: what a newer shop wrote, an older one cannot read."""
    raise NotImplementedError("the books only move forward; restore a backup instead")


def _facts() -> None:
    op.create_table(
        "facts",
        Column("key", Text),
        Column("value", Text, nullable=False),
        PrimaryKeyConstraint("key", name=op.f("pk_facts")),
    )


def _panels() -> None:
    op.create_table(
        "panels",
        Column("name", Text),
        Column("host", Text, nullable=False),
        Column("currency", Text),
        Column("balance", Text),
        Column("balance_at", INSTANT),
        Column("answers", Boolean, nullable=False),
        Column("gate", Text),
        Column("gate_words", Text, nullable=False),
        Column("gate_at", INSTANT),
        Column("rest_until", INSTANT),
        Column("unknowns", Integer, nullable=False),
        Column("probe_at", INSTANT),
        Column("probe_gap", Integer, nullable=False),
        Column("synced_at", INSTANT),
        Column("doubtful", Text),
        PrimaryKeyConstraint("name", name=op.f("pk_panels")),
    )
    op.create_table(
        "alerts",
        Column("key", Text),
        Column("raised_at", INSTANT, nullable=False),
        PrimaryKeyConstraint("key", name=op.f("pk_alerts")),
    )


def _services() -> None:
    op.create_table(
        "categories",
        Column("id", ID),
        Column("name", Text, nullable=False),
        PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        UniqueConstraint("name", name=op.f("uq_categories_name")),
    )
    op.create_table(
        "services",
        Column("id", ID),
        Column("panel", Text, ForeignKey("panels.name", name=op.f("fk_services_panel")), nullable=False),
        Column("panel_service", Text, nullable=False),
        Column(
            "category_id",
            ID,
            ForeignKey("categories.id", name=op.f("fk_services_category_id")),
            nullable=False,
        ),
        Column("position", Integer, nullable=False),
        Column("name", Text, nullable=False),
        Column("type", Text),
        Column("type_word", Text, nullable=False),
        Column("rate", Text, nullable=False),
        Column("minimum", BigInteger, nullable=False),
        Column("maximum", BigInteger, nullable=False),
        Column("refill", Boolean),
        Column("cancel", Boolean),
        Column("dripfeed", Boolean),
        Column("description", Text, nullable=False),
        Column("retired_at", INSTANT),
        Column("held_rate", Text),
        PrimaryKeyConstraint("id", name=op.f("pk_services")),
        CheckConstraint("minimum >= 0 AND maximum >= minimum", name=op.f("ck_services_limits")),
        UniqueConstraint("panel", "panel_service", name=op.f("uq_services_panel_panel_service")),
    )


def _users() -> None:
    op.create_table(
        "users",
        Column("id", BigInteger, autoincrement=False),
        Column("name", Text, nullable=False),
        Column("username", Text),
        Column("language", Text),
        Column("locale", Text),
        Column("blocked", Boolean, nullable=False),
        Column("created_at", INSTANT, nullable=False),
        Column("seen_at", INSTANT, nullable=False),
        PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_table(
        "conversations",
        Column("chat_id", BigInteger, autoincrement=False),
        Column("state", Text),
        Column("data", JSON, nullable=False),
        Column("revision", Integer, nullable=False),
        Column("shown_revision", Integer, nullable=False),
        Column("screen_message", BigInteger),
        Column("last_message", BigInteger),
        PrimaryKeyConstraint("chat_id", name=op.f("pk_conversations")),
    )


def _drafts() -> None:
    op.create_table(
        "drafts",
        Column("id", ID),
        Column("user_id", BigInteger, ForeignKey("users.id", name=op.f("fk_drafts_user_id")), nullable=False),
        Column("service_id", ID, ForeignKey("services.id", name=op.f("fk_drafts_service_id")), nullable=False),
        Column("answers", JSON, nullable=False),
        Column("shown_price", BigInteger),
        Column("shown_minimum", BigInteger),
        Column("shown_maximum", BigInteger),
        Column("shown_at", INSTANT),
        Column("created_at", INSTANT, nullable=False),
        Column("updated_at", INSTANT, nullable=False),
        PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sqlite_autoincrement=True,
    )


def _orders() -> None:
    op.create_table(
        "orders",
        *_order_columns(),
        *_progress_columns(),
        PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        CheckConstraint("held >= 0 AND captured >= 0 AND refunded >= 0", name=op.f("ck_orders_parts")),
        CheckConstraint("price >= 0", name=op.f("ck_orders_price")),
        CheckConstraint("held + captured + refunded = price", name=op.f("ck_orders_whole")),
        UniqueConstraint("draft_id", name=op.f("uq_orders_draft_id")),
        UniqueConstraint("panel", "panel_order", name=op.f("uq_orders_panel_panel_order")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_orders_check"), "orders", ["panel", "check_at"])
    op.create_index(op.f("ix_orders_link"), "orders", ["user_id", "link_key"])
    op.create_index(op.f("ix_orders_question"), "orders", ["question"])
    op.create_index(op.f("ix_orders_user"), "orders", ["user_id", "id"])
    op.create_index(op.f("ix_orders_waiting"), "orders", ["panel", "state", "next_try_at"])


def _order_columns() -> list[Column[Any]]:
    return [
        Column("id", ID),
        Column("user_id", BigInteger, ForeignKey("users.id", name=op.f("fk_orders_user_id")), nullable=False),
        Column("draft_id", BigInteger, nullable=False),
        Column("panel", Text, ForeignKey("panels.name", name=op.f("fk_orders_panel")), nullable=False),
        Column("service_id", ID, ForeignKey("services.id", name=op.f("fk_orders_service_id")), nullable=False),
        Column("snapshot", JSON, nullable=False),
        Column("answers", JSON, nullable=False),
        Column("link_key", Text),
        Column("quantity", BigInteger, nullable=False),
        Column("price", BigInteger, nullable=False),
        Column("held", BigInteger, nullable=False),
        Column("captured", BigInteger, nullable=False),
        Column("refunded", BigInteger, nullable=False),
    ]


def _progress_columns() -> list[Column[Any]]:
    return [
        Column("state", Text, nullable=False),
        Column("reason", Text),
        Column("question", Text),
        Column("reminders", Integer, nullable=False),
        Column("asked_at", INSTANT),
        Column("panel_order", Text),
        Column("start_count", BigInteger),
        Column("remains", BigInteger),
        Column("created_at", INSTANT, nullable=False),
        Column("waits_since", INSTANT),
        Column("tries", Integer, nullable=False),
        Column("next_try_at", INSTANT),
        Column("lease_until", INSTANT),
        Column("placed_at", INSTANT),
        Column("check_at", INSTANT),
        Column("answered_at", INSTANT),
        Column("cancel_asked_at", INSTANT),
        Column("ended_at", INSTANT),
    ]


def _order_history() -> None:
    op.create_table(
        "order_events",
        Column("id", ID),
        Column("order_id", ID, ForeignKey("orders.id", name=op.f("fk_order_events_order_id")), nullable=False),
        Column("at", INSTANT, nullable=False),
        Column("kind", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("details", JSON, nullable=False),
        PrimaryKeyConstraint("id", name=op.f("pk_order_events")),
    )
    op.create_index(op.f("ix_order_events_order_id"), "order_events", ["order_id"])
    op.create_table(
        "attempts",
        Column("id", ID),
        Column("order_id", ID, ForeignKey("orders.id", name=op.f("fk_attempts_order_id")), nullable=False),
        Column("number", Integer, nullable=False),
        Column("started_at", INSTANT, nullable=False),
        Column("lease_until", INSTANT, nullable=False),
        Column("finished_at", INSTANT),
        Column("outcome", Text),
        Column("words", Text, nullable=False),
        PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        UniqueConstraint("order_id", "number", name=op.f("uq_attempts_order_id_number")),
    )


def _wallets() -> None:
    op.create_table(
        "wallets",
        Column(
            "user_id",
            BigInteger,
            ForeignKey("users.id", name=op.f("fk_wallets_user_id")),
            autoincrement=False,
        ),
        Column("balance", BigInteger, nullable=False),
        PrimaryKeyConstraint("user_id", name=op.f("pk_wallets")),
        CheckConstraint("balance >= 0", name=op.f("ck_wallets_covered")),
    )


def _transfers() -> None:
    op.create_table(
        "transfers",
        Column("id", ID),
        Column("key", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("user_id", BigInteger, ForeignKey("users.id", name=op.f("fk_transfers_user_id")), nullable=False),
        Column("order_id", ID, ForeignKey("orders.id", name=op.f("fk_transfers_order_id"))),
        Column("admin_id", BigInteger),
        Column("reason", Text, nullable=False),
        Column("at", INSTANT, nullable=False),
        PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
        UniqueConstraint("key", name=op.f("uq_transfers_key")),
    )
    op.create_index(op.f("ix_transfers_user"), "transfers", ["user_id", "id"])
    op.create_table(
        "postings",
        Column("id", ID),
        Column(
            "transfer_id",
            ID,
            ForeignKey("transfers.id", name=op.f("fk_postings_transfer_id")),
            nullable=False,
        ),
        Column("account", Text, nullable=False),
        Column("owner", BigInteger, nullable=False),
        Column("amount", BigInteger, nullable=False),
        PrimaryKeyConstraint("id", name=op.f("pk_postings")),
        CheckConstraint("account IN ('wallet', 'hold', 'sales', 'outside')", name=op.f("ck_postings_account")),
        CheckConstraint("amount <> 0", name=op.f("ck_postings_moves")),
        UniqueConstraint("transfer_id", "account", "owner", name=op.f("uq_postings_transfer_id_account_owner")),
    )
    op.create_index(op.f("ix_postings_account"), "postings", ["account", "owner"])
    op.create_index(op.f("ix_postings_transfer_id"), "postings", ["transfer_id"])


def _mail() -> None:
    op.create_table(
        "inbox",
        Column("update_id", BigInteger, autoincrement=False),
        Column("chat_id", BigInteger, nullable=False),
        Column("payload", Text, nullable=False),
        Column("received_at", INSTANT, nullable=False),
        Column("done_at", INSTANT),
        Column("failures", Integer, nullable=False),
        Column("set_aside", Boolean, nullable=False),
        PrimaryKeyConstraint("update_id", name=op.f("pk_inbox")),
    )
    op.create_index(op.f("ix_inbox_done"), "inbox", ["done_at"])
    op.create_table(
        "outbox",
        Column("id", ID),
        Column("chat_id", BigInteger, nullable=False),
        Column("kind", Text, nullable=False),
        Column("facts", JSON, nullable=False),
        Column("order_id", ID, ForeignKey("orders.id", name=op.f("fk_outbox_order_id"))),
        Column("key", Text),
        Column("created_at", INSTANT, nullable=False),
        Column("due_at", INSTANT, nullable=False),
        Column("tries", Integer, nullable=False),
        Column("sent_at", INSTANT),
        Column("failed", Text),
        Column("message_id", BigInteger),
        PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(op.f("ix_outbox_chat"), "outbox", ["chat_id", "id"])
    op.create_index(op.f("ix_outbox_pending"), "outbox", ["sent_at", "failed", "due_at"])


def _sqlite_guards() -> None:
    for table in KEPT:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_kept_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} are never changed'); END"
            )
    op.execute(
        "CREATE TRIGGER orders_ended BEFORE UPDATE OF state ON orders "
        f"WHEN OLD.state IN {ENDED} AND NEW.state <> OLD.state "
        "BEGIN SELECT RAISE(ABORT, 'an ended order does not move'); END"
    )


def _postgresql_guards() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation'; END $$"
    )
    for table in KEPT:
        refuse = f"EXECUTE FUNCTION refuse_change('{table} are never changed')"
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}")
        op.execute(f"CREATE TRIGGER {table}_kept_all BEFORE TRUNCATE ON {table} {refuse}")
    op.execute(
        "CREATE TRIGGER orders_ended BEFORE UPDATE OF state ON orders FOR EACH ROW "
        f"WHEN (OLD.state IN {ENDED} AND NEW.state <> OLD.state) "
        "EXECUTE FUNCTION refuse_change('an ended order does not move')"
    )
