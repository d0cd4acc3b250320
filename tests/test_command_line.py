"""``python -m bot`` as an owner meets it: plain words, exit codes, and a shop that starts and stops as it should."""

import asyncio
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from bot.__main__ import parser
from bot.demo.cryptopay import DemoCryptoPay
from bot.demo.panel import DemoPanel, Fault
from bot.demo.telegram import DemoTelegram, Person
from bot.demo.telegram import Fault as OfTelegram
from tests import engines
from tests.command_line import PATIENCE, Command, CommandLine
from tests.conversations.shop import ADMIN, CHANNEL, CUSTOMER, TOKEN, offers

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM and forked processes are POSIX")

# Named here, so that the tests below may ask for it.
empty_url = engines.empty_url
KEY = "a-key-that-nobody-may-ever-read"
CRYPTO_TOKEN = "12345:AA-a-token-that-nobody-may-ever-read"
LINK = "https://instagram.com/anna"
# DESIGN: `run` is over so soon after SIGTERM, in seconds.
SOON = 10.0


class Outside:
    """Telegram and one panel, in the test's process, and the settings that lead to them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.telegram = DemoTelegram(token=TOKEN, clock=time.time, patience=PATIENCE)
        self.channel = self.telegram.channel(CHANNEL, title="News")
        self.panel = DemoPanel("main", KEY, offers=offers("alpha", "Default"), balance=Decimal(100))
        self.owner = self.telegram.person(ADMIN, "Owner", username="owner")
        self.anna = self.telegram.person(CUSTOMER, "Anna", username="anna")

    @property
    def settings(self) -> dict[str, str]:
        """As an owner fills them in."""
        return {
            "BOT_TOKEN": TOKEN,
            "ADMIN_IDS": str(ADMIN),
            "CHANNEL_ID": str(CHANNEL),
            "PANELS__MAIN__URL": self.panel.url,
            "PANELS__MAIN__KEY": KEY,
            "TELEGRAM_API_URL": self.telegram.url,
            "STATUS_SECONDS": "1",
        }

    @property
    def shell(self) -> CommandLine:
        """Where commands are typed."""
        return CommandLine(self.folder, self.settings)

    async def sell(self) -> None:
        """The owner credits Anna, and she orders."""
        await _answered(self.anna, "/start")
        await _answered(self.owner, f"/credit {CUSTOMER} 25 welcome")
        [offer] = offers("alpha", "Default")
        await self.anna.expect("welcome")
        for label in (offer.category, offer.name):
            await self.anna.send("/order") if label is offer.category else None
            await self.anna.press(label)
        await self.anna.expect("Send the link")
        await _answered(self.anna, LINK)
        await self.anna.expect("Send the quantity")
        await _answered(self.anna, "1000")
        await self.anna.press("Confirm")


async def _answered(person: Person, text: str) -> None:
    await person.send(text)
    await person.heard()


@pytest.fixture
async def outside(tmp_path: Path) -> AsyncIterator[Outside]:
    """All that the shop speaks to."""
    world = Outside(tmp_path)
    async with world.telegram.serve(), world.panel.serve():
        yield world


def well_spoken(command: Command) -> bool:
    """Whether it kept its secrets, and its tracebacks to itself."""
    said = command.out + command.err
    return not any(word in said for word in ("Traceback", TOKEN, KEY, CRYPTO_TOKEN, "hunter2"))


def open_to_others(folder: Path) -> list[Path]:
    """What in a folder, itself included, somebody else could look into."""
    found = [folder, *folder.rglob("*")]
    assert len(found) > 1
    return [path for path in found if stat.S_IMODE(path.stat().st_mode) != (0o700 if path.is_dir() else 0o600)]


def nothing_in(folder: Path) -> bool:
    """Whether a folder is empty."""
    return not any(folder.iterdir())


def test_the_commands_explain_themselves(repository: Path) -> None:
    """--help is there for each, says what it does, and needs no settings."""
    shown = subprocess.run(
        [sys.executable, "-m", "bot", "--help"], cwd=repository, capture_output=True, text=True, check=True
    ).stdout
    for name in ("run", "demo", "check", "migrate", "audit", "backup"):
        assert re.search(rf"^    {name} +\w", shown, re.MULTILINE)
        with pytest.raises(SystemExit) as ended:
            parser().parse_args([name, "--help"])
        assert ended.value.code == 0


def written_in(readme: str) -> Iterator[str]:
    """Every `make X` and `python -m bot X` of a text, where it shows what is typed."""
    for typed in re.findall(r"`[^`\n]+`|^    .+$", readme, re.MULTILINE):
        yield from re.findall(r"\bmake [a-z]+\b|python -m bot(?: -{0,2}[a-z]+(?: FILE)?)?", typed)


def test_what_the_readme_tells_to_type_is_there(repository: Path) -> None:
    """Each target is in the Makefile, each command in --help, and each command is run by a test below."""
    targets = re.findall(r"^([a-z]+):.* ## ", (repository / "Makefile").read_text("utf-8"), re.MULTILINE)
    commands = set(written_in((repository / "README.md").read_text("utf-8")))
    assert {"make demo", "make run", "make test", "python -m bot audit", "python -m bot backup FILE"} <= commands
    tests = Path(__file__).read_text("utf-8")
    for command in commands:
        *program, name = command.removesuffix(" FILE").split()
        if program == ["make"]:
            assert name in targets
        elif name not in {"bot", "--help"}:
            parser().parse_args([name, *(["x"] if command.endswith("FILE") else [])])
            assert re.search(rf'(run|running)\("{name}"', tests), command


WRONG: dict[str, dict[str, str | None]] = {
    "BOT_TOKEN is missing: it should be the token that @BotFather gave you": {"BOT_TOKEN": None},
    "BOT_TOKEN: should be the token that @BotFather gave you": {"BOT_TOKEN": "hunter2"},
    "ADMIN_IDS: should be Telegram ids separated by commas": {"ADMIN_IDS": "@me"},
    "PANELS__MAIN__KEY is missing: it should be the API key": {"PANELS__MAIN__KEY": None},
    "PANELS__MAIN__URL: should be the panel's API address": {"PANELS__MAIN__URL": "http://panel.example/api/v2"},
    "No panel is set. Fill in PANELS__MAIN__URL": {"PANELS__MAIN__URL": None, "PANELS__MAIN__KEY": None},
    "CURRENCY: should be a currency's three letters": {"CURRENCY": "dollars"},
    "MARKUP_PERCENT: should be a number of percent": {"MARKUP_PERCENT": "a lot"},
    "TIMEZONE: should be a time zone's name": {"TIMEZONE": "Mars/Olympus"},
    "DATABASE_URL: should be sqlite:///data/shop.db, or": {"DATABASE_URL": "mysql://root:hunter2@host/shop"},
    "DATABASE_URL names cannot be reached": {"DATABASE_URL": "postgresql://shop:hunter2@127.0.0.1:9/shop"},
    "DATABASE_URL names cannot be used: file is not a database": {"DATABASE_URL": "sqlite:///junk.db"},
    "TOP_UP_MAXIMUM: should be at least TOP_UP_MINIMUM; got '0.50'": {"TOP_UP_MAXIMUM": "0.50"},
    "CRYPTO_PAY_TOKEN: should be the token that @CryptoBot gave your app": {"CRYPTO_PAY_TOKEN": "hunter2"},
    "Telegram does not know this BOT_TOKEN.": {"BOT_TOKEN": "43:ANOTHER-TOKEN-OF-A-MADE-UP-TELEGRAM"},
}


async def test_what_is_wrong_is_named(outside: Outside) -> None:
    """`run` says each in one plain sentence, without the secret, and leaves with 1."""
    (outside.folder / "junk.db").write_text("This is a letter, and no database at all.\n" * 100)
    ended = await asyncio.gather(*(outside.shell.run("run", **changes) for changes in WRONG.values()))
    for sentence, command in zip(WRONG, ended, strict=True):
        told = [line for line in command.err.splitlines() if sentence in line]
        assert (command.code, len(told)) == (1, 1), command.err
        assert well_spoken(command)
        assert command.out == ""
    assert outside.panel.requests == []
    for arguments in (["audit"], ["backup", "copy.db"]):
        command = await outside.shell.run(*arguments, DATABASE_URL="sqlite:///nowhere/shop.db")
        assert command.code == 1
        assert command.err == "There is no database at nowhere/shop.db yet: the shop never ran with these settings.\n"


async def test_check_says_whether_the_shop_could_sell(outside: Outside) -> None:
    """All is well; or what has to be done, a line each, for Telegram, the channel and every panel."""
    command = await outside.shell.run("check")
    assert command.code == 0
    assert command.out.splitlines() == [
        "✓ Telegram knows the bot as @demo_shop_bot.",
        "✓ The channel is News.",
        "✓ Panel main has 100 USD.",
        "✓ Panel main lists 1 service.",
        "✓ Telegram Stars are on: one puts 0.013 USD into a wallet.",
        "All is well.",
    ]
    outside.telegram.channel(CHANNEL, title="News", bot_is_admin=False)
    outside.panel.book.currency = "EUR"
    command = await outside.shell.run(
        "check",
        ADMIN_IDS=None,
        PANELS__WRONG__URL=outside.panel.url,
        PANELS__WRONG__KEY="not-" + KEY,
        PANELS__DEAD__URL="http://127.0.0.1:9/api/v2",
        PANELS__DEAD__KEY=KEY,
    )
    assert command.code == 1
    assert well_spoken(command)
    for begin in (
        "✗ CHANNEL_ID: the ",
        "✗ ADMIN_IDS is empty: send /start to the bot",
        "✗ Panel main counts in EUR, the shop in USD: set PANELS__MAIN__RATE",
        "✗ Panel wrong does not tell its balance: the panel refused",
        "✗ Panel dead does not tell its balance: could not connect",
        "5 things to do.",
    ):
        assert sum(line.startswith(begin) for line in command.out.splitlines()) == 1, command.out
    ended = await asyncio.gather(
        outside.shell.run("check", CHANNEL_ID=None, BOT_TOKEN="43:ANOTHER-TOKEN-OF-A-MADE-UP-TELEGRAM"),
        outside.shell.run("check", CHANNEL_ID=None, TELEGRAM_API_URL="http://127.0.0.1:9", PANELS__MAIN__RATE="1.1"),
    )
    assert "✗ Telegram does not know this BOT_TOKEN. Ask @BotFather for the right one." in ended[0].out
    assert "✗ Telegram cannot be reached at http://127.0.0.1:9. Is there a network?" in ended[1].out
    assert ended[1].out.endswith("\n1 thing to do.\n")
    assert all(map(well_spoken, ended))


async def test_check_says_how_customers_can_pay(outside: Outside) -> None:
    """Each way that is on, why Stars are off, what a provider says to us, and what Telegram's rules ask for."""
    async with DemoCryptoPay(CRYPTO_TOKEN).serve() as url:
        others: dict[str, str | None] = {"CRYPTO_PAY_TOKEN": CRYPTO_TOKEN, "CRYPTO_PAY_URL": url}
        ended = await asyncio.gather(
            outside.shell.run("check", **others, STARS_RATE="0.02", TRANSFER_INSTRUCTIONS__RU="На карту"),
            outside.shell.run("check", **others | {"CRYPTO_PAY_TOKEN": f"9{CRYPTO_TOKEN}"}, STARS_RATE="0"),
            outside.shell.run("check", **others, CURRENCY="CHF", PANELS__MAIN__RATE="0.9"),
            outside.shell.run("check", CURRENCY="EUR", PANELS__MAIN__RATE="0.9"),
        )
    every, refused, francs, euros = [
        command.out[command.out.index("Telegram Stars are") - 2 :].splitlines() for command in ended
    ]
    assert every[:3] == [
        "✓ Telegram Stars are on: one puts 0.02 USD into a wallet.",
        "✓ Crypto (CryptoBot) is on, and answers.",
        "✓ Transfer with a receipt is on: customers send a receipt, and you say whether the money came.",
    ]
    assert every[3].startswith("· Telegram's rules ask for Stars, and nothing else, where digital goods are sold")
    assert "(Crypto (CryptoBot), Transfer with a receipt)" in every[3]
    assert every[4:] == ["All is well."]
    assert refused[0] == "· Telegram Stars are off: STARS_RATE is 0."
    assert refused[1].startswith(f"✗ Crypto Pay at {url} does not know the token.")
    assert refused[2].startswith("· Telegram's rules")
    assert refused[3:] == ["1 thing to do."]
    only_you = "· Telegram Stars are off: CURRENCY is EUR, so only you know what one is worth. Set STARS_RATE;"
    assert euros[0].startswith(only_you)
    assert euros[1].startswith("· Customers cannot pay here: they write to you")
    assert francs[1:] == [
        "✗ CRYPTO_PAY_TOKEN is set, but Crypto Pay knows no CHF, so it is not offered.",
        euros[1],
        "1 thing to do.",
    ]
    assert [command.code for command in ended] == [0, 1, 1, 0]
    assert all(map(well_spoken, ended))


async def test_a_shop_from_its_first_start_to_its_end(outside: Outside) -> None:
    """It sells; it is proved and copied meanwhile; a second one leaves; SIGTERM ends it, whatever is in flight."""
    async with outside.shell.running("--verbose", "run") as shop:
        await shop.says("the shop is open")
        await shop.says("1 services")
        outside.panel.fail("add", Fault.silent(taken=True))
        await outside.sell()
        await outside.panel.arrived("add")
        second, proof, copied, again = await asyncio.gather(
            outside.shell.run("run"),
            outside.shell.run("audit"),
            outside.shell.run("backup", "copies/today.db"),
            outside.shell.run("migrate"),
        )
        assert second.code == 1
        assert "the shop is running already, as process" in second.err
        assert (proof.code, proof.out) == (0, "The books balance.\n")
        assert (copied.code, copied.out) == (0, "The database was copied to copies/today.db.\n")
        assert (again.code, again.out) == (0, "The database was up to date already.\n")
        refused = await outside.shell.run("backup", "copies/today.db")
        assert (refused.code, refused.out) == (1, "")
        assert "copies/today.db is there already" in refused.err
        shop.signal(signal.SIGTERM)
        assert await shop.over(SOON) == 0
    assert all(map(well_spoken, (shop, second, proof, copied, again, refused)))
    assert open_to_others(outside.folder / "data") == []
    assert stat.S_IMODE((outside.folder / "copies/today.db").stat().st_mode) == 0o600
    ended = await asyncio.gather(
        outside.shell.run("audit"), outside.shell.run("audit", DATABASE_URL="sqlite:///copies/today.db")
    )
    assert {(command.code, command.out) for command in ended} == {(0, "The books balance.\n")}


async def test_what_may_not_change_under_open_orders(outside: Outside) -> None:
    """A panel that is dropped or moved, and another currency, are refused with an explanation; nothing is lost."""
    async with outside.shell.running("run") as shop:
        await shop.says("1 services")
        await outside.sell()
        await shop.says("order 1: Placed")
        shop.signal(signal.SIGTERM)
        assert await shop.over(SOON) == 0
    elsewhere = {"PANELS__OTHER__URL": "https://other.example/api/v2", "PANELS__OTHER__KEY": KEY}
    refused: dict[str, dict[str, str | None]] = {
        "The panel main is missing from the settings, but 1 of its orders are still open.": {
            "PANELS__MAIN__URL": None,
            "PANELS__MAIN__KEY": None,
            **elsewhere,
        },
        "PANELS__MAIN__URL now leads to moved.example, but 1 orders are still open at 127.0.0.1": {
            "PANELS__MAIN__URL": "https://moved.example/api/v2"
        },
        "USD": {"CURRENCY": "EUR"},
    }
    for words, changes in refused.items():
        command = await outside.shell.run("run", **changes)
        assert command.code == 1
        assert well_spoken(command)
        assert len(command.err.splitlines()) == 1
        assert words in command.err
    [placed] = outside.panel.orders
    outside.panel.set_status(placed, "Completed")
    async with outside.shell.running("run") as shop:
        await outside.anna.expect("#1 · Completed")
        shop.signal(signal.SIGINT)
        assert await shop.over(SOON) == 0
    assert len(outside.panel.adds) == 1


@pytest.mark.parametrize("engine_name", ["postgresql"])
async def test_the_books_on_a_server(outside: Outside, empty_url: str) -> None:
    """DATABASE_URL leads to PostgreSQL, its driver need not be named, and nothing is kept in files."""
    url = empty_url.replace("+asyncpg", "")
    shell = CommandLine(outside.folder, {**outside.settings, "DATABASE_URL": url})
    async with shell.running("run") as shop:
        await shop.says("1 services")
        await outside.sell()
        await outside.panel.took(1)
        proof = await shell.run("audit")
        assert (proof.code, proof.out) == (0, "The books balance.\n")
        shop.signal(signal.SIGTERM)
        assert await shop.over(SOON) == 0
    nowhere = await shell.run("audit", DATABASE_URL=f"{url}_that_is_not_there")
    assert nowhere.code == 1
    assert "that DATABASE_URL names cannot be used: database " in nowhere.err
    assert well_spoken(nowhere)
    assert not (outside.folder / "data").exists()


async def test_stopping_waits_for_nobody(outside: Outside) -> None:
    """Neither a Telegram that does not answer the greeting nor books that somebody else has locked keep it open."""
    world = outside.telegram.world
    hang = outside.telegram.fail("getMe", OfTelegram.hang())
    async with outside.shell.running("run") as shop:
        assert await world.changed.until(lambda: hang.fired or None, PATIENCE)
        shop.signal(signal.SIGTERM)
        assert await shop.over(SOON) == 0
    async with outside.shell.running("run") as shop:
        await shop.says("the shop is open")
        with closing(sqlite3.connect(outside.folder / "data" / "shop.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await outside.anna.send("/start")
            await world.changed.until(
                lambda: any(call.method == "getUpdates" for call in world.calls) or None, PATIENCE
            )
            shop.signal(signal.SIGTERM)
            assert await shop.over(SOON) == 0


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def test_the_demo_is_a_page(tmp_path: Path) -> None:
    """It prints its address, on the port that was asked for, serves a page there, and says where one is taken."""
    shell, port = CommandLine(tmp_path, {}), free_port()
    async with shell.running("demo", "--port", str(port)) as demo:
        await demo.says(f"The shop is open: http://127.0.0.1:{port}\n")
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET / HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        page = (await reader.read()).decode()
        writer.close()
        await writer.wait_closed()
        assert page.startswith("HTTP/1.0 200 OK")
        assert "<title>" in page
        taken = await shell.run("demo", "--port", str(port))
        assert taken.code == 1
        assert f"Is something else on port {port}? Choose another with: make demo" in taken.err
        demo.signal(signal.SIGTERM)
        assert await demo.over(SOON) == 0
        assert "The shop is closing." in demo.out
    wrong = await shell.run("demo", "--port", "99999")
    assert wrong.code == 2
    assert "should be a number from 0 to 65535; got '99999'" in wrong.err
    assert all(map(well_spoken, (demo, taken, wrong)))
    assert nothing_in(tmp_path)
