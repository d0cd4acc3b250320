"""Every table of the shop, with the constraints that hold whatever the program does.

Amounts are integers in ten-thousandths of the shop's currency. Times are ``Instant``. Rows are never deleted, save
old updates, delivered news and drafts.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.storage.types import Exact, Id, Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

facts = Table(
    "facts",
    metadata,
    Column("key", Text, primary_key=True),  # currency: what the books were begun with; said:<panel>: see facts.py
    Column("value", Text, nullable=False),
)

panels = Table(
    "panels",
    metadata,
    Column("name", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("currency", Text),  # as its balance says
    Column("balance", Exact),
    Column("balance_at", Instant),
    Column("answers", Boolean, nullable=False, default=True),
    # Why it takes no `add` now: funds, key, account, unknowns, admin; null: it takes them.
    Column("gate", Text),
    Column("gate_words", Text, nullable=False, default=""),
    Column("gate_at", Instant),
    Column("rest_until", Instant),  # after a 429
    Column("unknowns", Integer, nullable=False, default=0),  # Unknown in a row without a Placed
    Column("probe_at", Instant),  # while gated by unknowns: when one order may be tried
    Column("probe_gap", Integer, nullable=False, default=0),  # seconds until the next such try
    Column("synced_at", Instant),
    Column("doubtful", Text),  # a sync that needs a second like it to be believed
)

categories = Table(
    "categories",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False, unique=True),  # two panels may share one
)

services = Table(
    "services",
    metadata,
    Column("id", Id, primary_key=True),  # the shop's own short number
    Column("panel", ForeignKey("panels.name"), nullable=False),
    Column("panel_service", Text, nullable=False),
    Column("category_id", ForeignKey("categories.id"), nullable=False),
    Column("position", Integer, nullable=False),  # the panel's own order
    Column("name", Text, nullable=False),
    Column("type", Text),  # null: a type nobody knows; hidden
    Column("type_word", Text, nullable=False),
    Column("rate", Exact, nullable=False),
    Column("minimum", BigInteger, nullable=False),
    Column("maximum", BigInteger, nullable=False),
    Column("refill", Boolean),
    Column("cancel", Boolean),
    Column("dripfeed", Boolean),
    Column("description", Text, nullable=False, default=""),
    Column("retired_at", Instant),
    Column("held_rate", Exact),  # what the panel lists, suspiciously more than ``rate``: not sold until an admin agrees
    UniqueConstraint("panel", "panel_service"),
    CheckConstraint("minimum >= 0 AND maximum >= minimum", name="limits"),
)

users = Table(
    "users",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # Telegram's
    Column("name", Text, nullable=False),
    Column("username", Text),
    Column("language", Text),  # what the client says
    Column("locale", Text),  # what the person chose
    Column("blocked", Boolean, nullable=False, default=False),  # the person blocked the bot
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

conversations = Table(
    "conversations",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("state", Text),
    Column("data", JSON, nullable=False),
    # A question counts as asked once its screen went out: text typed before that is no answer to it.
    Column("revision", Integer, nullable=False, default=0),
    Column("shown_revision", Integer, nullable=False, default=0),
    Column("screen_message", BigInteger),  # the message with the live keyboard
    Column("last_message", BigInteger),  # the newest message of the chat that the shop knows of
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("service_id", ForeignKey("services.id"), nullable=False),
    Column("answers", JSON, nullable=False),
    # What the summary showed: a confirm charges exactly this or shows the summary again.
    Column("shown_price", BigInteger),
    Column("shown_minimum", BigInteger),
    Column("shown_maximum", BigInteger),
    Column("shown_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    sqlite_autoincrement=True,  # an id is never used again: old buttons name drafts
)

orders = Table(
    "orders",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    # No foreign key: drafts are purged. Unique: a draft becomes one order at most.
    Column("draft_id", BigInteger, nullable=False, unique=True),
    Column("panel", ForeignKey("panels.name"), nullable=False),
    Column("service_id", ForeignKey("services.id"), nullable=False),
    Column("snapshot", JSON, nullable=False),  # the service as it was sold
    Column("answers", JSON, nullable=False),
    Column("link_key", Text),  # to find other orders for the same link
    Column("quantity", BigInteger, nullable=False),  # priced quantity
    Column("price", BigInteger, nullable=False),
    Column("held", BigInteger, nullable=False),
    Column("captured", BigInteger, nullable=False, default=0),
    Column("refunded", BigInteger, nullable=False, default=0),
    Column("state", Text, nullable=False),
    Column("reason", Text),  # of waiting, of a refusal, of a cancellation
    Column("question", Text),  # what an admin has to decide
    Column("reminders", Integer, nullable=False, default=0),
    Column("asked_at", Instant),  # since when the question is open
    Column("panel_order", Text),
    Column("start_count", BigInteger),
    Column("remains", BigInteger),
    Column("created_at", Instant, nullable=False),
    Column("waits_since", Instant),  # of the present waiting: WAIT_HOURS, RETRY_MINUTES count from here
    Column("tries", Integer, nullable=False, default=0),  # NotSent in a row
    Column("next_try_at", Instant),
    Column("lease_until", Instant),
    Column("placed_at", Instant),
    Column("check_at", Instant),  # when status is due
    Column("answered_at", Instant),  # when status last said something about it
    Column("cancel_asked_at", Instant),
    Column("ended_at", Instant),
    Column("batch_id", BigInteger),  # of a mass order
    Column("parts_done", BigInteger),  # runs of a drip-feed or posts of a subscription, as status says
    UniqueConstraint("panel", "panel_order"),
    CheckConstraint("price >= 0", name="price"),
    CheckConstraint("held >= 0 AND captured >= 0 AND refunded >= 0", name="parts"),
    CheckConstraint("held + captured + refunded = price", name="whole"),
    Index("ix_orders_user", "user_id", "id"),
    Index("ix_orders_waiting", "panel", "state", "next_try_at"),
    Index("ix_orders_check", "panel", "check_at"),
    Index("ix_orders_question", "question"),
    Index("ix_orders_link", "user_id", "link_key"),
    Index("ix_orders_batch", "batch_id"),
    sqlite_autoincrement=True,
)

order_events = Table(
    "order_events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("order_id", ForeignKey("orders.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("details", JSON, nullable=False),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("order_id", ForeignKey("orders.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("lease_until", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("outcome", Text),  # placed, refused, throttled, not_sent, unknown; null: in flight or lost
    Column("words", Text, nullable=False, default=""),
    UniqueConstraint("order_id", "number"),
)

# What the shop asks a panel for beside the status: once each; what becomes of it shows there.
requests = Table(
    "requests",
    metadata,
    Column("id", Id, primary_key=True),
    Column("order_id", ForeignKey("orders.id"), nullable=False),
    Column("kind", Text, nullable=False),  # refill, cancel
    Column("state", Text, nullable=False),  # wanted, asking, asked, running, refused, lost, done, rejected, silent
    Column("panel_refill", Text),  # the refill's own id at the panel
    Column("words", Text, nullable=False, default=""),  # the panel's, for admins
    Column("tries", Integer, nullable=False, default=0),  # calls that proved to have asked for nothing
    Column("wanted_at", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("check_at", Instant),  # when it is to be asked for, then when a refill's status is due
    Column("ended_at", Instant),
    Index("ix_requests_order", "order_id", "kind"),
    # An order has one open request of a kind.
    Index(
        "uq_requests_open",
        "order_id",
        "kind",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index("ix_requests_state", "state", "check_at"),
    sqlite_autoincrement=True,
)

# Mass orders: lines as they were checked; each becomes an order of its own.
batches = Table(
    "batches",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("lines", JSON, nullable=False),
    Column("shown_total", BigInteger),
    Column("shown_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Column("reported_at", Instant),
    Index("ix_batches_user", "user_id", "id"),
    Index("ix_batches_open", "reported_at", "confirmed_at"),
    sqlite_autoincrement=True,
)

favourites = Table(
    "favourites",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("service_id", ForeignKey("services.id"), primary_key=True, autoincrement=False),
    Column("created_at", Instant, nullable=False),
)

# What customers and the shop write to each other, about an order or about none.
tickets = Table(
    "tickets",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("order_id", ForeignKey("orders.id")),
    Column("state", Text, nullable=False),  # open, answered, closed
    Column("opened_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("ix_tickets_user", "user_id", "id"),
    Index("ix_tickets_state", "state", "changed_at"),
    sqlite_autoincrement=True,
)

ticket_lines = Table(
    "ticket_lines",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False),
    Column("admin_id", BigInteger),  # null: the customer wrote it
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("enclosure", JSON),  # a photo or a file: kind, Telegram's id, name
    Index("ix_ticket_lines_ticket", "ticket_id", "id"),
)

wallets = Table(
    "wallets",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("balance", BigInteger, nullable=False, default=0),
    # How far payments taken back from outside went beyond the balance; paid off before anything can be spent.
    Column("owed", BigInteger, CheckConstraint("owed >= 0", name="owed"), server_default="0", nullable=False),
    CheckConstraint("balance >= 0", name="covered"),
)

transfers = Table(
    "transfers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", Text, nullable=False, unique=True),  # makes a repetition visible: "hold:17", "topup:5"
    Column("kind", Text, nullable=False),  # credit, debit, hold, settle, topup, payback, reversal
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("order_id", ForeignKey("orders.id")),
    Column("admin_id", BigInteger),
    Column("reason", Text, nullable=False, default=""),
    Column("at", Instant, nullable=False),
    Index("ix_transfers_user", "user_id", "id"),
)

postings = Table(
    "postings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("transfer_id", ForeignKey("transfers.id"), nullable=False, index=True),
    Column("account", Text, nullable=False),  # wallet, hold, sales, outside
    Column("owner", BigInteger, nullable=False),  # the wallet's user, the hold's order, else 0
    Column("amount", BigInteger, nullable=False),
    UniqueConstraint("transfer_id", "account", "owner"),
    CheckConstraint("amount <> 0", name="moves"),
    CheckConstraint("account IN ('wallet', 'hold', 'sales', 'outside')", name="account"),
    Index("ix_postings_account", "account", "owner"),
)

payments = Table(
    "payments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("way", Text, nullable=False),  # stars, cryptopay, transfer, …
    Column("state", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),  # into the wallet
    Column("asked_units", BigInteger, nullable=False),  # what the payer pays, in …
    Column("asked_currency", Text, nullable=False),
    Column("code", Text, nullable=False, unique=True),
    Column("charge", Text),  # the provider's own id: a payment is credited once by it
    Column("url", Text),  # of the page on which it is paid; null, too, once the provider closed that
    Column("draft_id", BigInteger),  # no foreign key: drafts are purged
    Column("receipt", Text),  # Telegram's id of a photo or a file
    Column("receipt_kind", Text),  # photo, document
    Column("reason", Text, nullable=False, default=""),  # an admin's, for the customer
    Column("admin_id", BigInteger),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("paid_at", Instant),
    Column("ended_at", Instant),
    Column("next_try_at", Instant),  # of a refund
    Column("tries", Integer, nullable=False, default=0),
    UniqueConstraint("way", "charge"),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("asked_units > 0", name="asked"),
    Index("ix_payments_user", "user_id", "id"),
    Index("ix_payments_state", "state", "expires_at"),
    sqlite_autoincrement=True,
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("payload", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("failures", Integer, nullable=False, default=0),
    Column("set_aside", Boolean, nullable=False, default=False),
    Index("ix_inbox_done", "done_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),  # 0: the channel, wherever CHANNEL_ID points when it is sent
    Column("kind", Text, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("order_id", ForeignKey("orders.id")),
    Column("key", Text, unique=True),  # news that must not be said twice carry one
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("sent_at", Instant),
    Column("failed", Text),  # why it will never be sent
    Column("message_id", BigInteger),
    Index("ix_outbox_pending", "sent_at", "failed", "due_at"),
    Index("ix_outbox_chat", "chat_id", "id"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("key", Text, primary_key=True),
    Column("raised_at", Instant, nullable=False),
)
