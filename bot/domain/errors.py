"""Errors of the shop: one root that keeps what a person is told apart from what the log reads.

A person never reads the exception's own text. The telegram layer makes a sentence in their language from
``code`` and ``params``; the log gets ``log``.
"""

from collections.abc import Mapping
from types import MappingProxyType


class ShopError(Exception):
    """The root of everything the shop itself can refuse or fail at.

    ``code`` is a stable id with dots, ``params`` the facts that the person's sentence needs, ``log`` the
    text for the log (the code and params, unless something better is given).
    """

    code: str
    params: Mapping[str, object]
    log: str

    def __init__(self, code: str, log: str = "", /, **params: object) -> None:
        self.code = code
        self.params = MappingProxyType(params)
        facts = " ".join(f"{name}={value!r}" for name, value in params.items())
        self.log = log or f"{code} {facts}".strip()
        super().__init__(self.log)


class BadInput(ShopError):
    """What a person typed or pressed cannot be taken; its codes are those of ``BAD_INPUT``."""


# Every code of BadInput with the names of its params. Numbers are int; the bounds of an amount of money are
# in ten-thousandths of the shop's currency; a date is text, d/m/Y.
BAD_INPUT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "amount.bad": (),
        "amount.ambiguous": (),  # 1,000 or 1.000: a thousand, or one with three decimals
        "amount.digits": ("limit",),  # more decimals than the books hold
        "amount.too_small": ("lowest",),
        "amount.too_large": ("highest",),
        "link.bad": (),
        "link.too_long": ("limit",),
        "number.not_a_number": (),
        "number.below": ("lowest",),
        "number.above": ("highest",),
        "runs.no_room": ("quantity", "highest"),  # twice the quantity is already more than the service takes
        "text.empty": (),
        "text.too_long": ("limit",),
        "text.wanted": (),  # a sticker, a photo or the like came instead
        "file.not_text": (),
        "file.too_large": ("limit",),  # in KiB
        "file.unreadable": (),
        "username.bad": (),
        "hashtag.bad": (),
        "country.bad": (),
        "lines.too_few": ("count", "lowest"),
        "lines.too_many": ("count", "highest"),
        "lines.too_large": ("limit",),  # characters of the whole list
        "line.too_long": ("line", "limit"),  # line: which one, from 1
        "line.bad": ("line",),
        "mass.parts": (),  # of a line of a mass order
        "mass.service": ("service",),  # as typed
        "mass.more": (),  # the form asks for more than a line holds
        "mass.no_quantity": (),
        "mass.package": (),  # which has no quantity
        "choice.unknown": (),
        "favourites.too_many": ("limit",),
        "receipt.bad": (),  # neither a photo nor a PDF
        "receipt.too_many": ("limit",),  # files for one payment
        "receipt.too_many_payments": ("limit",),  # whose receipts wait
        "ticket.too_many": ("limit",),  # messages to the shop within an hour
        "date.bad": (),
        "date.past": (),
        "date.too_far": ("latest",),
    }
)
