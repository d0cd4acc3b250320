"""Ways to pay are found by their files: one more is one file and its settings."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.paying
from bot.paying import known
from bot.paying.seam import ReceiptWay
from tests.services.stage import settings

ENVELOPE = """
from datetime import timedelta

from bot.domain.payments import Manner, Quote
from bot.paying.seam import NotOffered, Provider


class Envelope:
    name, title, manner, lifetime = "envelope", "Money in an envelope", Manner.RECEIPT, timedelta(days=1)
    instructions = {"": "Under the door of number 5."}

    def quote(self, amount):
        return Quote(amount, "USD")


def _make(settings):
    if settings.currency != "USD":
        raise NotOffered("The envelope is for dollars.")
    return Envelope()


PROVIDER = Provider(Envelope.name, Envelope.title, Envelope.manner, rank=15, make=_make)
"""


@pytest.fixture
def one_file_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The package of ways to pay as if this file lay in it."""
    (tmp_path / "envelope.py").write_text(ENVELOPE)
    monkeypatch.setattr(bot.paying, "__path__", [*bot.paying.__path__, str(tmp_path)])
    monkeypatch.setattr(known, "KNOWN", known.find())
    yield
    del sys.modules["bot.paying.envelope"], bot.paying.__dict__["envelope"]


def test_the_shop_s_own_ways_in_the_order_of_the_screens() -> None:
    every = settings(crypto_pay_token="1:AAA", transfer_instructions={"": "IBAN"})
    ways, troubles = known.make(every)
    assert (list(ways), troubles) == (["stars", "cryptopay", "transfer"], ())
    assert known.make(settings(stars_rate="0")) == ({}, ())


@pytest.mark.usefixtures("one_file_more")
def test_a_way_is_one_file() -> None:
    ways, troubles = known.make(settings(transfer_instructions={"": "IBAN"}))
    assert (list(ways), troubles) == (["stars", "envelope", "transfer"], ())
    assert isinstance(ways["envelope"], ReceiptWay)
    assert known.KNOWN["envelope"].title == "Money in an envelope"


@pytest.mark.usefixtures("one_file_more")
def test_what_is_asked_for_in_vain_keeps_nothing_else_from_being_offered() -> None:
    ways, troubles = known.make(settings(currency="LBP", stars_rate="1", crypto_pay_token="1:AAA"))
    assert list(ways) == ["stars"]
    assert troubles == (
        "CRYPTO_PAY_TOKEN is set, but Crypto Pay knows no LBP, so it is not offered.",
        "The envelope is for dollars.",
    )


def test_a_way_that_takes_nothing_within_the_shop_s_bounds_is_not_offered() -> None:
    """Stars end at 10,000 in an invoice, Crypto Pay begins at a cent."""
    ways, troubles = known.make(settings(stars_rate="0.013", top_up_minimum="200"))
    assert (list(ways), troubles) == (
        [],
        ("TOP_UP_MINIMUM is 200, but Telegram Stars takes at most 130 USD at once, so it is not offered.",),
    )
    little = {"currency": "UZS", "stars_rate": "0", "top_up_minimum": "1", "top_up_maximum": "100"}
    ways, troubles = known.make(settings(crypto_pay_token="1:AAA", **little))
    assert (list(ways), troubles) == (
        [],
        ("TOP_UP_MAXIMUM is 100, but Crypto (CryptoBot) takes at least 125 UZS at once, so it is not offered.",),
    )
