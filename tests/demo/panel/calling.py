"""A panel under test, a clock moved by hand, and fields that suit each service type."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx

from bot.demo.panel import DemoOffer, DemoPanel, demo_offers, offer_of_type

EVERY_OFFER = (*demo_offers("alpha"), *demo_offers("beta"))


class HandClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2030, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        """Let so much time pass."""
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Caller:
    """A client that knows the panel's key."""

    panel: DemoPanel
    client: httpx.AsyncClient

    async def raw(self, action: str, **fields: object) -> httpx.Response:
        """One call, whatever comes back."""
        form = {
            "key": self.panel.key,
            "action": action,
            **{name: str(value) for name, value in fields.items()},
        }
        return await self.client.post(self.panel.url, data=form)

    async def __call__(self, action: str, **fields: object) -> object:
        """One call's JSON."""
        answer: object = (await self.raw(action, **fields)).json()
        return answer

    async def place(self, type_word: str = "Default", **more: object) -> str:
        """Place an order of a type; gives its id."""
        offer = offer_of_type(self.panel.book.offers.values(), type_word)
        said = await self("add", service=offer.service, **{**good_fields(offer), **more})
        assert isinstance(said, dict), said
        return str(said["order"])


def good_fields(offer: DemoOffer) -> dict[str, str]:
    """Fields that a panel takes for this service, without ``service``."""
    count = str(max(offer.min, 10))
    many = "\n".join(f"item{number}" for number in range(max(offer.min, 10)))
    link = {"link": "https://example.com/p/1"}
    quantity = {**link, "quantity": count}
    return {
        "Default": quantity,
        "Package": link,
        "SEO": {**quantity, "keywords": "one\ntwo"},
        "Custom Comments": {**link, "comments": many},
        "Custom Comments Package": {**link, "comments": "Nice & <b>bold</b>\r\nرائع"},
        "Mentions with Hashtags": {**quantity, "usernames": "a\nb", "hashtags": "x\ny"},
        "Mentions Custom List": {**link, "usernames": many},
        "Mentions Hashtag": {**quantity, "hashtag": "cats"},
        "Mentions User Followers": {**quantity, "username": "someone"},
        "Mentions Media Likers": {**quantity, "media": "https://example.com/p/2"},
        "Comment Likes": {**quantity, "username": "someone"},
        "Poll": {**quantity, "answer_number": "2"},
        "Comment Replies": {**link, "username": "someone", "comments": many},
        "Invites from Groups": {**quantity, "groups": "g1\ng2"},
        "Subscriptions": {"username": "someone", "min": count, "max": count, "delay": "30"},
        "Web Traffic": {**quantity, "country": "US", "device": "1", "type_of_traffic": "1"},
    }[offer.type]
