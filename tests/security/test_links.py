"""A link is read for its form and sent as typed; the shop itself never goes where it leads."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.domain.errors import BadInput
from bot.domain.links import parse_link, same_link
from tests.clock import FakeClock
from tests.conversations.shop import offers, open_shop
from tests.security.desk import open_desk
from tests.services.stage import BORIS, LIKES_333

# What a fetcher could be talked into: the machine itself, its neighbours, files, scripts, other protocols.
NO_LINKS = (
    *(
        "http://localhost/x",
        "http://127.0.0.1:8000/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "//a.b",
    ),
    *(
        "http://2130706433/",
        "http://0x7f.0.0.1/",
        "file:" + "///etc/passwd",
        "ftp://example.com/x",
        "gopher://example.com:70/",
    ),
    *("javascript:alert(1)", "data:text/html,x", "tg://resolve?domain=x", "http://user:pass@example.com/", "http:/x.y"),
    *(
        "https://exa mple.com",
        "https://example.com\r\nHost: evil",
        "https://example.com/\x00",
        "https://\u202eexample.com",
    ),
    *(
        "https://",
        "https://.",
        "https://a",
        "https://example..com",
        "https://-a.com",
        "https://example.com:99999/",
        "@",
    ),
    *("https://example.com/" + "x" * 512, "mailto:a@example.com", "<a href='x'>", "a" * 4096),
)


class Watch:
    """Sees whom this process looks up and connects to, whatever library does it, while it is ``on``.

    The interpreter reports such things to those who ask, and they cannot stop asking: hence the switch.
    """

    def __init__(self) -> None:
        self.on = False
        self.seen: list[str] = []
        sys.addaudithook(self._audit)

    def _audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.on and event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname"}:
            self.seen.append(f"{event} {arguments[1:] if event == 'socket.connect' else arguments}")

    @contextmanager
    def watching(self) -> Iterator[list[str]]:
        """What is seen meanwhile."""
        self.on = True
        try:
            yield self.seen
        finally:
            self.on = False


@pytest.mark.parametrize("link", NO_LINKS)
def test_what_leads_elsewhere_is_no_link(link: str) -> None:
    """Addresses of machines, other protocols, passwords, hidden characters and what is too long are refused."""
    with pytest.raises(BadInput):
        parse_link(link)


def test_reading_a_link_takes_no_longer_for_a_nasty_one() -> None:
    """However it is built, comparing and parsing look at each character a few times at most."""
    for nasty in (
        "a." * 2040,
        "https://" + "a-" * 2040,
        "http://" * 580,
        "@" + "a" * 4090,
        "." * 4096,
        "www." * 1000 + "x.y",
    ):
        same_link(nasty)
        with pytest.raises(BadInput):
            parse_link(nasty)


async def test_no_link_is_ever_fetched(tmp_path: Path) -> None:
    """From the question to its delivery nobody looks the link's host up or calls it; the panel gets it as typed."""
    link = "http://fetch-me.example.com:8123/p/1?x=1"
    async with open_shop(tmp_path, alpha=offers("alpha", "Default")) as shop:
        with Watch().watching() as seen:
            await shop.give(shop.anna, "25")
            await shop.anna.send("/order")
            await shop.anna.press("Instagram Followers")
            await shop.anna.press("Followers | Mixed | Instant")
            await shop.anna.send(link)
            await shop.anna.expect("quantity")
            await shop.anna.send("1000")
            await shop.anna.expect("Wallet after it")
            await shop.anna.press("Confirm")
            await shop.panels["alpha"].took(1)
            await shop.anna.expect("Pending")
            shop.panels["alpha"].advance()
            await shop.anna.expect("In progress")
        assert [add["link"] for add in shop.panels["alpha"].adds] == [link]
        places = {str(shop.telegram.port), shop.panels["alpha"].url.rsplit(":", 1)[1].partition("/")[0]}
        assert any("socket.connect" in each for each in seen)  # the panel's, for each add has a connection of its own
        assert [each for each in seen if not any(place in each for place in places)] == []


async def test_messages_carry_no_previews(tmp_path: Path, clock: FakeClock) -> None:
    """Telegram is asked not to fetch links either: what the shop repeats is text."""
    async with open_desk(tmp_path, clock) as desk:
        await desk.bob.send("/start")
        number = await desk.stage.buy({**LIKES_333, "link": "https://example.com/<b>&x"}, user=BORIS)
        await desk.bob.send(f"/order {number}")
        said = await desk.said(desk.bob)
        assert "https://example.com/&lt;b&gt;&amp;x" in said
        assert "<a href" not in said
