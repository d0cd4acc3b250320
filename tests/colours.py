"""What the colour of a button says: green confirms, red destroys, and neither is on any other button.

Destroying is whatever throws something away or takes it back: a form, a list, a payment that was begun, an order, money
that was earned. A *Cancel* that only leads back to a card destroys nothing.
"""

from collections.abc import Iterable, Mapping

from aiogram.filters.callback_data import CallbackData

from bot.telegram import callbacks as cb

# By the kind of a button and what it does.
COLOURS: Mapping[type[CallbackData], Mapping[str, str]] = {
    cb.FormDo: {"confirm": "success", "cancel": "danger"},
    cb.Mass: {"confirm": "success", "cancel": "danger"},
    cb.Pay: {"forget": "danger"},
    cb.OrderDo: dict.fromkeys(("stop", "stop_sure", "cancel", "cancel_sure"), "danger"),
    cb.Decide: dict.fromkeys(("refund", "part", "close"), "danger"),
    cb.Settle: {"approve": "success"} | dict.fromkeys(("reject", "no_reason", "refund", "refund_anyway"), "danger"),
    cb.Panel: {"resume": "success"},
}


# Buttons that do one thing.
ALWAYS: Mapping[str, str] = {
    cb.MassConfirm.__prefix__: "success",
    cb.Currency.__prefix__: "success",
    cb.GiveBack.__prefix__: "danger",
}


def colour_of(data: str) -> str | None:
    """What colour a button with this data has to have: success, danger, or neither of them."""
    prefix = data.partition(":")[0]
    for kind, by_deed in COLOURS.items():
        if prefix != kind.__prefix__:
            continue
        button = kind.unpack(data)
        if isinstance(button, cb.Decide | cb.Settle) and button.sure:
            return "danger"  # nothing of it can be undone
        return by_deed.get(getattr(button, "do", ""))
    if prefix in ALWAYS:
        return ALWAYS[prefix]
    return "success" if prefix == cb.Rates.__prefix__ and not data.endswith(":") else None


def wrong_colours(buttons: Iterable[tuple[str, str | None, str | None]]) -> list[str]:
    """The labels of buttons whose colour says something else than they do; each with its data and its colour."""
    told = {"success", "danger"}
    return [
        label
        for label, data, style in buttons
        if (style if style in told else None) != (None if data is None else colour_of(data))
    ]
