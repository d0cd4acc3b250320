"""The log: readable, one line an event, and never a secret."""

import io
import logging
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import aiohttp
import httpx
import pytest

from bot.logs import HIDDEN, TALKATIVE, SafeFormatter, setup

TOKEN = "123456789:AAbbCC-ddEEffGGhhIIjjKKllMMnnOOpp_q"
KEY = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"
PASSWORD = "p@ss word"
SECRETS = (TOKEN, KEY, PASSWORD)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Set the log up at DEBUG, as ``run`` does, and put the process back as it was."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.level, [*root.handlers], sys.excepthook, logging.raiseExceptions
    levels = {name: logging.getLogger(name).level for name in TALKATIVE}
    setup("DEBUG", SECRETS, stream)
    yield stream
    logging.captureWarnings(capture=False)
    root.level, root.handlers, sys.excepthook, logging.raiseExceptions = before
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def line(message: object, *args: object, secrets: tuple[str, ...] = SECRETS) -> str:
    record = logging.LogRecord("bot.test", logging.INFO, __file__, 1, message, args, None)
    return SafeFormatter(secrets).format(record)


class Panel(BaseHTTPRequestHandler):
    """Answers every request with the key it was asked with, as some panels do in their errors."""

    def do_POST(self) -> None:
        """Answer."""
        body = f'{{"error": "Incorrect key: {KEY}"}}'.encode()
        self.send_response(200)
        self.send_header("X-Echo", KEY)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the library's name)
        """Leave the server's own lines out of what is tested."""


@pytest.fixture
def address() -> Iterator[str]:
    """Serve a panel on a free port."""
    with HTTPServer(("127.0.0.1", 0), Panel) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


async def test_what_the_http_libraries_tell_at_debug_has_no_secret(log: io.StringIO, address: str) -> None:
    """Addresses with the bot's token and answers that quote the key go through httpx and aiohttp unseen."""
    url = f"{address}/bot{TOKEN}/getMe"
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.post(url, data={"key": KEY})
    async with aiohttp.ClientSession() as session, session.post(url, data={"key": KEY}) as answer:
        logging.getLogger("aiogram").debug("Answer %s from %s: %s", answer.status, url, await answer.text())
    written = log.getvalue()
    assert "httpx" in written
    assert "httpcore" in written
    assert f"/bot{HIDDEN}/getMe" in written
    assert_clean(written)


def fail(error: Exception, cause: Exception | None = None) -> None:
    raise error from cause


def assert_clean(written: str) -> None:
    assert written
    for secret in (*SECRETS, TOKEN.partition(":")[2], quote(TOKEN, safe=""), quote(PASSWORD, safe="")):
        assert secret not in written


def test_exceptions_and_their_causes_have_no_secret(log: io.StringIO) -> None:
    cause = ValueError(f"no answer from https://api.telegram.org/bot{TOKEN}/getUpdates")
    try:
        fail(RuntimeError({"key": KEY, "dsn": f"postgresql://shop:{quote(PASSWORD)}@h/d"}), cause)
    except RuntimeError:
        logging.getLogger("bot.test").exception("Failed with %r", {"key": KEY}, stack_info=True)
    written = log.getvalue()
    assert "RuntimeError" in written
    assert "ValueError: no answer from" in written
    assert_clean(written)


@pytest.mark.parametrize(
    "text",
    [
        f"https://api.telegram.org/bot{TOKEN}/sendMessage",
        f"https://api.telegram.org/bot{TOKEN.replace(':', '%3A')}/sendMessage",
        f"key={KEY}&action=add",
        f"POST body: action=add&key={KEY}",
        f"{{'key': '{KEY}', 'action': 'add'}}",
        f'{{"api_key":"{KEY}"}}',
        f"PANELS__MAIN__KEY={KEY}",
    ],
)
def test_what_has_a_secret_s_shape_is_hidden_before_any_secret_is_known(text: str) -> None:
    written = line(text, secrets=())
    assert HIDDEN in written
    assert KEY not in written
    assert TOKEN.partition(":")[2] not in written


def test_the_password_in_an_address_is_hidden() -> None:
    written = line("cannot reach postgresql://shop:hunter2@db.example/shop", secrets=())
    assert written.endswith(f"postgresql://shop:{HIDDEN}@db.example/shop")


def test_extra_fields_are_shown_and_hide_secrets_too(log: io.StringIO) -> None:
    logging.getLogger("bot.test").info("Placed", extra={"order": 12, "panel": "main", "answer": KEY})
    assert log.getvalue().endswith(f" INFO bot.test: Placed order=12 panel=main answer={HIDDEN}\n")


def test_ordinary_words_stay() -> None:
    text = "Order 123 on panel main: key is missing, 12:30:45, 5 of 100, https://panel.example/api/v2?page=2"
    assert line(text, secrets=("", "key")).endswith(f" INFO bot.test: {text}")


@pytest.mark.parametrize("breaker", ["\n", "\r\n", "\x1b[2J", "\u2028", "\x85", "\u202e", "\x00"], ids=ascii)
def test_nobody_can_write_a_line_of_their_own(log: io.StringIO, breaker: str) -> None:
    """What a customer or a panel sent stays on the line that tells of it, in messages and in tracebacks."""
    forged = f"name{breaker}2026-01-01 00:00:00Z INFO bot: all is well"
    logging.getLogger("bot.test").info("From a customer: %s", forged)
    try:
        fail(ValueError(forged))
    except ValueError:
        logging.getLogger("bot.test").exception("Failed")
    written = log.getvalue()
    lines = written.splitlines()
    assert [each for each in lines if each.startswith("2026-01-01")] == []
    assert sum(not each.startswith("    ") for each in lines) == 2
    assert all(c.isprintable() or c == "\n" for c in written)


def test_half_a_character_is_no_way_out() -> None:
    """A lone surrogate, which no stream takes, is written as what it is."""
    written = line("From a customer: %s", "name\ud800 and more")
    assert written.isprintable()
    written.encode()


def test_a_message_that_does_not_fit_its_arguments_is_logged_without_them() -> None:
    written = line("%d orders", KEY)
    assert "%d orders" in written
    assert KEY not in written


def test_requests_are_told_at_debug_only(log: io.StringIO) -> None:
    logging.getLogger("httpx").info("HTTP Request: one")
    setup("INFO", SECRETS, log)
    logging.getLogger("httpx").info("HTTP Request: two")
    logging.getLogger("httpx").warning("three")
    written = log.getvalue()
    assert "one" in written
    assert "two" not in written
    assert written.count("three") == 1


def test_errors_that_nobody_caught_are_logged_without_secrets(repository: Path) -> None:
    """Python's own words for them would show the secret and skip the log."""
    program = f"""
import threading, warnings
from bot.logs import setup
setup("DEBUG", ["{KEY}"])
def fail(): raise RuntimeError("with {KEY} in a thread")
thread = threading.Thread(target=fail); thread.start(); thread.join()
warnings.warn("with {KEY} in a warning")
raise RuntimeError("with {KEY} at the end")
"""
    ended = subprocess.run(  # noqa: S603  (the program is the text above)
        [sys.executable, "-c", program], cwd=repository, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert KEY not in ended.stdout + ended.stderr
    for place in ("in a thread", "in a warning", "at the end"):
        assert f"with {HIDDEN} {place}" in ended.stderr
