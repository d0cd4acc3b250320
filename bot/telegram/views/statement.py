"""The statement: every movement of a wallet, on pages and as a file."""

import csv
import io
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.domain.ledger import StatementLine
from bot.domain.sheets import money_cell, text_cell
from bot.i18n import Html, Money, Translator, join
from bot.services.statements import MOST_LINES, StatementPage
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Attachment, Screen
from bot.telegram.views import aside
from bot.telegram.views.wallet import kind, line, number, why

FILE_NAME = "statement.csv"


def statement(t: Translator, found: StatementPage, *, draft: int | None) -> Screen:
    """A page of it, newest first."""
    head = [
        t.html("<b>Statement</b>"),
        t.html("Available: <b>{available}</b>", available=Money(found.available)),
    ]
    if found.pages > 1:
        head.append(t.html("Page {page} of {pages}", page=found.page + 1, pages=found.pages))
    shown = [_line(t, each) for each in found.lines] or [t.html("Nothing has moved in your wallet yet.")]
    rows = k.paging(t, found.page, found.pages, lambda to: cb.Statement(page=to))
    if found.lines:
        rows.append([k.button(t.plain("As a file (CSV)"), cb.Statement(csv=True))])
    rows += [*aside.way_back(t, draft), [k.button(t.plain("Wallet"), cb.Go(to="wallet")), *k.home(t)]]
    return Screen(join("\n\n", [join("\n", head), *shown]), rows)


def _line(t: Translator, each: StatementLine) -> Html:
    after = t.html("{at} · balance after it: {balance}", at=each.movement.at, balance=Money(each.balance))
    return join("\n", [line(t, each.movement), after])


class Sheet:
    """The statement as a table: lines are added as they are read. Times are of ``timezone``."""

    def __init__(self, t: Translator, *, currency: str, timezone: ZoneInfo) -> None:
        self._t = t
        self._currency = currency
        self._timezone = timezone
        self._text = io.StringIO(newline="")
        self._writer = csv.writer(self._text)
        head = [
            t.plain("Date ({zone})", zone=timezone.key),
            t.plain("What"),
            t.plain("Order number"),
            t.plain("Reason"),
            t.plain("Amount"),
            t.plain("Balance after it"),
            t.plain("Currency"),
        ]
        self._writer.writerow(map(text_cell, head))

    def add(self, lines: Sequence[StatementLine]) -> None:
        """Write these below the others."""
        self._writer.writerows(self._cells(each) for each in lines)

    def _cells(self, each: StatementLine) -> list[str | int]:
        moved = each.movement
        return [
            moved.at.astimezone(self._timezone).replace(tzinfo=None).isoformat(" ", "seconds"),
            text_cell(self._t.plain(kind(moved), order=number(moved))),
            "" if moved.order_id is None else moved.order_id,
            text_cell(why(self._t, moved)),
            money_cell(moved.amount),
            money_cell(each.balance),
            self._currency,
        ]

    @property
    def data(self) -> bytes:
        """The file. It begins with a byte order mark: without one some programs take UTF-8 for something else."""
        return self._text.getvalue().encode("utf-8-sig")


def file(t: Translator, data: bytes, *, count: int) -> Screen:
    """The file of so many lines."""
    parts = [t.nhtml("<b>Statement</b>: {n} movement.", "<b>Statement</b>: {n} movements.", count)]
    if count == MOST_LINES:
        parts.append(t.html("These are the newest; ask the shop for older ones."))
    attachment = Attachment("document", name=FILE_NAME, data=data)
    return Screen(join("\n", parts), [k.back(t, cb.Statement())], attachment=attachment)
