"""Telegram Stars: what a sum costs in them. Telegram itself shows the invoice and takes the money."""

from datetime import timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from bot.domain.errors import BadInput
from bot.domain.money import SCALE
from bot.domain.payments import STARS, Manner, Quote
from bot.i18n import mark
from bot.paying.seam import Provider
from bot.settings import Settings

# What Telegram takes in one invoice.
MOST = 10_000


class Stars:
    """Stars at a fixed rate: ``rate`` is what one is worth, in the shop's currency."""

    name = "stars"
    title = mark("Telegram Stars")
    manner = Manner.INVOICE
    # The rate is the owner's and may change, so an old invoice is not good for ever.
    lifetime = timedelta(hours=1)

    def __init__(self, rate: Decimal) -> None:
        self.rate = rate

    def quote(self, amount: int) -> Quote:
        """Whole Stars, rounded up. Raises ``BadInput`` for more than one invoice can take."""
        stars = int((Decimal(amount) / (self.rate * SCALE)).to_integral_value(ROUND_CEILING))
        if stars > MOST:
            raise BadInput("amount.too_large", highest=self.worth(MOST))
        return Quote(max(stars, 1), STARS)

    def worth(self, stars: int) -> int:
        """What so many Stars are worth in the wallet, in ten-thousandths, rounded down."""
        return int((self.rate * SCALE * stars).to_integral_value(ROUND_FLOOR))


def _make(settings: Settings) -> Stars | None:
    return None if settings.star is None else Stars(settings.star)


# Before the others: they are what Telegram's rules ask for.
PROVIDER = Provider(Stars.name, Stars.title, Stars.manner, rank=0, make=_make)
