"""Rates that jumped and currencies that changed, as admins see them: what is not sold until one of them agrees."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.domain.marks import mark_of
from bot.i18n import Html, Translator, join
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Screen


def held(t: Translator, facts: Mapping[str, Any], *, notice: str = "") -> Screen:
    """What is held of a panel's services, with the button that sells it at the new rates."""
    panel, count = str(facts["panel"]), int(facts["count"])
    if not count:
        text = t.html("No service of panel {panel} waits for you to agree to its rate.", panel=panel)
        return Screen(text, notice=notice)
    title = t.nhtml(
        "⚠️ Panel {panel} lists {n} service at more than double its rate. It is not sold until you agree.",
        "⚠️ Panel {panel} lists {n} services at more than double their rate. They are not sold until you agree.",
        count,
        panel=panel,
    )
    currency = str(facts["currency"])
    lines = [_line(t, name, old, new, currency) for name, old, new in facts["examples"]]
    if count > len(lines):
        lines.append(t.nhtml("and {n} more", "and {n} more", count - len(lines)))
    agree = k.button(t.plain("Sell at the new rates"), cb.Rates(name=panel, mark=str(facts["mark"])), style="success")
    return Screen(join("\n\n", [title, join("\n", lines)]), [[agree]], notice=notice)


def _line(t: Translator, name: str, old: str, new: str, currency: str) -> Html:
    return t.html(
        "{service}: {old} → <b>{new}</b> {currency}",
        service=name,
        old=Decimal(old),
        new=Decimal(new),
        currency=currency,
    )


def agreed(t: Translator, count: int) -> str:
    """What agreeing did; nothing, where the panel lists other rates by now."""
    if not count:
        return t.plain("The panel lists other rates by now. Look again.")
    return t.nplain("{n} service is sold at its new rate.", "{n} services are sold at their new rates.", count)


# The currency.


def agree_row(t: Translator, panel: str, named: str) -> k.Row:
    """The button that sells a panel's services in the currency that it says now."""
    wish = cb.Currency(name=panel, mark=mark_of(named))
    return [k.button(t.plain("It reckons in {named} now", named=named), wish, style="success")]


def currency(t: Translator, panel: str, agreed: str | None) -> Screen:
    """What agreeing to a currency did; nothing, where the panel says another by now."""
    text = t.html("The panel says another currency by now. Look again.")
    if agreed is not None:
        text = t.html("Panel {panel} reckons in {named} from now on.", panel=panel, named=agreed)
    return Screen(text, [[k.button(t.plain("Panels"), cb.Panel(name="", do="refresh"))]])
