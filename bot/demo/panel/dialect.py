"""How one panel spells what all panels say: ids, numbers, shapes, words and errors."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from bot.demo.panel.service_types import DemoOffer

Json = dict[str, object]


def plain(value: Decimal) -> str:
    """The number in digits, without an exponent and without zeros at the end."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class Dialect:
    """The switches in which panels differ; the defaults are what both panels' documents print.

    ``numbers`` is how rates, limits, charges and counts come. ``status_shape`` and ``cancel_shape`` are how
    the answers of a batch come, ``services_shape`` how the list is wrapped. ``error_shape`` is
    ``{"error": words}`` or ``{"status": "error", "msg": words}``, with HTTP 400 where ``errors_as_400``.
    ``words`` replaces statuses. ``blank_lines`` counts empty lines of a list, ``limits_per_run`` holds min
    and max to one run and not to the total as well, ``over_100`` says what becomes of a batch of more ids.
    With ``strict_batches`` one id that is not known makes an error of the whole ``status`` answer.
    """

    ids: Literal["int", "hex"] = "int"
    numbers: Literal["string", "number"] = "string"
    status_shape: Literal["dict", "list", "wrapped"] = "dict"
    services_shape: Literal["list", "services", "data", "by_id"] = "list"
    cancel_shape: Literal["list", "by_id"] = "list"
    errors_as_400: bool = False
    error_shape: Literal["error", "msg"] = "error"
    type_spelling: Literal["usual", "snake"] = "usual"
    extras: Literal["short", "long", "none"] = "short"
    words: Mapping[str, str] = field(default_factory=dict)
    blank_lines: bool = False
    limits_per_run: bool = True
    over_100: Literal["refuse", "cut"] = "refuse"
    strict_batches: bool = False

    def new_id(self, serial: int, seed: int) -> str:
        """The id of the ``serial``-th order, refill or child of a panel: unique in that panel."""
        if self.ids == "int":
            return str(23_500 + serial)
        return f"{0x64F1A2B3C4D5 + seed:012x}{serial:012x}"  # 24 digits, as document stores count

    def id(self, text: str) -> int | str:
        """An id as it stands in JSON: digits as a number, the rest as text."""
        return int(text) if self.ids == "int" and text.isascii() and text.isdigit() else text

    def number(self, value: Decimal | int | None) -> object:
        """A rate, limit, charge or count as it stands in JSON."""
        if value is None:
            return None
        if self.numbers == "string":
            return plain(value) if isinstance(value, Decimal) else str(value)
        return float(value) if isinstance(value, Decimal) else value

    def error(self, words: str) -> Json:
        """The object that says no."""
        return {"error": words} if self.error_shape == "error" else {"status": "error", "msg": words}

    def offer(self, offer: DemoOffer) -> Json:
        """One entry of the ``services`` answer."""
        entry: Json = {
            "service": int(offer.service) if offer.service.isdigit() else offer.service,
            "name": offer.name,
            "type": offer.type if self.type_spelling == "usual" else offer.type.lower().replace(" ", "_"),
            "category": offer.category,
            "rate": self.number(offer.rate),
            "min": self.number(offer.min),
            "max": self.number(offer.max),
            "refill": offer.refill,
            "cancel": offer.cancel,
        }
        if self.extras != "none":
            entry["dripfeed" if self.extras == "short" else "drip_feed"] = offer.dripfeed
            entry["desc" if self.extras == "short" else "description"] = offer.description
        return entry

    def services(self, offers: Iterable[DemoOffer]) -> object:
        """The whole ``services`` answer."""
        entries = [self.offer(offer) for offer in offers]
        if self.services_shape == "list":
            return entries
        if self.services_shape == "services":
            return {"services": entries}
        if self.services_shape == "data":
            # The family of panels that wraps its list so says "Empty Data" in words when there is none.
            return {"status": "success", "data": entries or "Empty Data"}
        return {str(entry["service"]): entry for entry in entries}

    def many_statuses(self, answers: Mapping[str, Json]) -> object:
        """The ``status`` answer for several ids."""
        if self.status_shape == "dict":
            return dict(answers)
        if self.status_shape == "wrapped":
            return {"orders": dict(answers)}
        return [{"order": self.id(order), **answer} for order, answer in answers.items()]


ALPHA = Dialect()
BETA = Dialect(
    ids="hex",
    numbers="number",
    status_shape="list",
    services_shape="data",
    cancel_shape="by_id",
    errors_as_400=True,
    error_shape="msg",
    type_spelling="snake",
    extras="long",
    words={
        "Pending": "Awaiting",
        "In progress": "Processing",
        "Completed": "Complete",
        "Canceled": "Cancelled",
    },
    blank_lines=True,
    limits_per_run=False,
    over_100="cut",
)
DIALECTS = {"alpha": ALPHA, "beta": BETA}
