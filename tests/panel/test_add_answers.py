"""Every answer to ``add``, canned, over a real socket, and the one outcome it is."""

import json

import pytest

from bot.domain.outcomes import AddOutcome, Placed, RefusalKind, Refused, Throttled, Unknown
from tests.panel.conftest import KEY, Bench
from tests.panel.server import http

FIELDS = {"service": "17", "link": "https://example.com/p?a=1&b=<2>", "quantity": "100"}
HEX = "65f0c1d2e3a4b5c6d7e8f901"
NOTICE = "<br />\n<b>Notice</b>:  Undefined index: x in <b>/var/www/api.php</b> on line <b>12</b><br />\n"

PLACED: list[tuple[str, bytes, str]] = [
    ("a number", http({"order": 23501}), "23501"),
    ("text", http({"order": " 23501 "}), "23501"),
    ("24-digit hex", http({"order": HEX}), HEX),
    ("201", http({"order": 7}, 201), "7"),
    ("status success", http({"status": "success", "order": 1}), "1"),
    ("success true", http({"success": True, "order": 1, "message": "created"}), "1"),
    ("wrapped in data", http({"status": "success", "data": {"order": "9"}}), "9"),
    ("an error that says nothing", http({"order": 5, "error": None, "errors": []}), "5"),
    ("error false", http({"order": 5, "error": False}), "5"),
    ("BOM", http(b"\xef\xbb\xbf" + b'{"order": 5}'), "5"),
    ("PHP notice before", http(NOTICE + '{"order": 5}'), "5"),
    ("plain notice before", http('PHP Warning:  key [0] in /a.php on line 3\n{"order": 5}'), "5"),
    ("PHP notice after", http('{"order": 5}\n' + NOTICE), "5"),
    ("stack trace before", http('Warning: x in /a.php on line 3\n#0 {main}\n{"order": 5}'), "5"),
    ("white space around", http('\r\n  {"order": 5}\n\n'), "5"),
    ("duplicate keys, the last wins", http('{"order": 4, "order": 5}'), "5"),
]

REFUSED: list[tuple[str, bytes, RefusalKind, str]] = [
    ("error", http({"error": "Incorrect service ID"}), RefusalKind.SERVICE, "Incorrect service ID"),
    (
        "dotted code",
        http({"error": "neworder.error.not_enough_funds"}),
        RefusalKind.FUNDS,
        "neworder.error.not_enough_funds",
    ),
    ("400", http({"error": "Bad link"}, 400), RefusalKind.LINK, "Bad link"),
    ("401", http({"message": "Unauthenticated."}, 401), RefusalKind.KEY, "Unauthenticated."),
    ("402", http({"error": "Add balance"}, 402), RefusalKind.FUNDS, "Add balance"),
    ("403", http({"error": "IP not allowed"}, 403), RefusalKind.ACCOUNT, "IP not allowed"),
    ("404", http({"error": "Service not found"}, 404), RefusalKind.SERVICE, "Service not found"),
    (
        "422 with errors by field",
        http({"message": "Invalid data.", "errors": {"quantity": ["The quantity is too low."]}}, 422),
        RefusalKind.QUANTITY,
        "The quantity is too low.",
    ),
    ("status error, msg", http({"status": "error", "msg": "Wrong URL"}), RefusalKind.LINK, "Wrong URL"),
    ("status error, message", http({"status": "error", "message": "qty"}), RefusalKind.QUANTITY, "qty"),
    ("status fail", http({"status": "Fail", "message": "No"}), RefusalKind.UNKNOWN, "No"),
    ("success false", http({"success": False, "message": "Bad link"}), RefusalKind.LINK, "Bad link"),
    ('success "0"', http({"success": "0", "msg": "Bad link"}), RefusalKind.LINK, "Bad link"),
    ("errors", http({"errors": ["Bad link", "Low"]}), RefusalKind.LINK, "Bad link; Low"),
    ("error object", http({"error": {"code": 7, "message": "Bad link"}}), RefusalKind.LINK, "Bad link"),
    ("error true", http({"error": True, "message": "Bad link"}), RefusalKind.LINK, "Bad link"),
    ("error code", http({"error": 105}), RefusalKind.UNKNOWN, "105"),
    (
        "HTTP code in the body",
        http({"status": 403, "message": "Forbidden"}),
        RefusalKind.ACCOUNT,
        "Forbidden",
    ),
    ("no words", http({"success": False}), RefusalKind.UNKNOWN, ""),
    ("notice before", http(NOTICE + '{"error": "Bad link"}'), RefusalKind.LINK, "Bad link"),
    (
        "active order",
        http({"error": "You have active order with this link. Please wait until order being completed."}),
        RefusalKind.ACTIVE_LINK,
        "You have active order with this link. Please wait until order being completed.",
    ),
    ("control characters", http({"error": "Bad\u0000\u202e\nlink\ud800"}), RefusalKind.LINK, "Bad link"),
    ("the key echoed", http({"error": f"Invalid API key {KEY}"}), RefusalKind.KEY, "Invalid API key ***"),
]

UNKNOWN: list[tuple[str, bytes]] = [
    ("id and error", http({"order": 5, "error": "Bad link"})),
    ("id and success false", http({"order": 5, "success": False})),
    ("id and status fail", http({"order": 5, "status": "fail"})),
    ("id and errors", http({"order": 5, "errors": {"link": "bad"}})),
    ("wrapped id and error", http({"error": "Bad link", "data": {"order": 5}})),
    ("id 0", http({"order": 0})),
    ('id "0"', http({"order": "0"})),
    ("id null", http({"order": None})),
    ("id 0 and error", http({"order": 0, "error": "Bad link"})),
    ("id empty", http({"order": ""})),
    ('id "null"', http({"order": "null"})),
    ("id negative", http({"order": -3})),
    ("id true", http({"order": True})),
    ("id a fraction", http({"order": 23501.0})),
    ("id a sentence", http({"order": "Bad link"})),
    ("id a word", http({"order": "error"})),
    ("id a list", http({"order": [5]})),
    ("id too long", http({"order": "9" * 65})),
    ("id too long a number", http('{"order": ' + "9" * 65 + "}")),
    ("id of thousands of digits", http('{"order": ' + "9" * 5000 + "}")),
    ("id full-width", http({"order": "１２"})),
    ("NaN", http('{"order": 5, "charge": NaN}')),
    ("Infinity", http('{"order": 5, "charge": -Infinity}')),
    ("neither id nor error", http({"message": "ok"})),
    ("an empty object", http("{}")),
    ("a list", http('[{"order": 5}]')),
    ("a JSON text", http('"Bad link"')),
    ("a number alone", http("23501")),
    ("null", http("null")),
    ("plain text", http("Invalid API key")),
    ("HTML", http("<!DOCTYPE html><html><body>Just a moment...</body></html>")),
    ("HTML around JSON", http('<html><script>{"order": 5}</script></html>')),
    ("JSON after a page", http('<html><body>Oops</body></html>\n{"order": 5}')),
    ("JSON after a comment", http('<!-- cached -->{"order": 5}')),
    ("JSON before a page", http('{"order": 5}<html></html>')),
    ("two documents", http('{"order": 4}{"order": 5}')),
    ("empty", http(b"")),
    ("204", http(b"", 204)),
    ("cut JSON", http('{"order": 23501')),
    ("an error cut around an object", http('{"error": {"order": 5}')),
    ("a cut error after a notice", http(NOTICE + '{"error": {"order": 5}')),
    ("broken JSON around an object", http('{error: {"order": 5}')),
    ("the same after a BOM", http('\ufeff{error: {"order": 5}')),
    ("the same after a notice", http(NOTICE + '{error: {"order": 5}')),
    ("id in powers of ten", http('{"order": 5e0}')),
    ("deep nesting", http("[" * 200_000)),
    ("deep nesting with an id", http('{"order": 5, "x": ' + '{"x":' * 100_000)),
    ("500", http(b"", 500)),
    ("500 with JSON error", http({"error": "Bad link"}, 500)),
    ("502 with HTML", http("<html>Bad gateway</html>", 502)),
    ("503 with an id", http({"order": 5}, 503)),
    ("400 with an id", http({"order": 5}, 400)),
    ("400 empty", http(b"", 400)),
    ("403 HTML", http("<html>Cloudflare</html>", 403)),
    ("404 text", http("Not found", 404)),
    ("404 JSON without error", http('{"a": 1}', 404)),
    ("404 a list", http('["Bad link"]', 404)),
    ("301", http({"order": 5}, 301)),
    ("304", http(b"", 304)),
    ("compressed in another way", http({"order": 5}, headers=("Content-Encoding: br",))),
    ("not gzip at all", http({"order": 5}, headers=("Content-Encoding: gzip",))),
    ("beyond the cap", http('{"order": 5}' + " " * 1024 * 1024)),
]


async def outcome_of(bench: Bench, answer: bytes) -> AddOutcome:
    """Call ``add`` once and see that exactly one request came."""
    panel, server = await bench.pair(answer)
    outcome = await panel.add(FIELDS)
    assert len(server.requests) == 1
    return outcome


@pytest.mark.parametrize(("answer", "order"), [row[1:] for row in PLACED], ids=[row[0] for row in PLACED])
async def test_an_id_without_an_error_is_placed(bench: Bench, answer: bytes, order: str) -> None:
    assert await outcome_of(bench, answer) == Placed(order)


@pytest.mark.parametrize(("answer", "kind", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
async def test_a_parsed_error_is_refused_with_the_panels_words(
    bench: Bench, answer: bytes, kind: RefusalKind, words: str
) -> None:
    assert await outcome_of(bench, answer) == Refused(kind, words)


@pytest.mark.parametrize("answer", [row[1] for row in UNKNOWN], ids=[row[0] for row in UNKNOWN])
async def test_everything_else_is_unknown_and_says_why(bench: Bench, answer: bytes) -> None:
    outcome = await outcome_of(bench, answer)
    assert isinstance(outcome, Unknown)
    assert 0 < len(outcome.reason) <= 300


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ((), None),
        (("Retry-After: 17",), 17.0),
        (("Retry-After: 1.5",), 1.5),
        (("Retry-After: Fri, 17 May 2030 12:01:30 GMT",), 90.0),
        (("Retry-After: Fri, 17 May 2030 12:01:30 GMT", "Date: Fri, 17 May 2030 12:01:00 GMT"), 30.0),
        (("Retry-After: Fri, 17 May 2030 11:00:00 GMT",), 0.0),
        (("Retry-After: -5",), None),
        (("Retry-After: soon",), None),
        (("Retry-After: nan",), None),
        (("Retry-After: 99999999",), 86400.0),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html>", json.dumps({"error": "Too many requests"}).encode()])
async def test_429_is_throttled_whatever_the_body(
    bench: Bench, headers: tuple[str, ...], seconds: float | None, body: bytes
) -> None:
    assert await outcome_of(bench, http(body, 429, headers=headers)) == Throttled(seconds)


async def test_long_words_of_a_panel_are_cut(bench: Bench) -> None:
    outcome = await outcome_of(bench, http({"error": "Bad link " * 1000}))
    assert isinstance(outcome, Refused)
    assert len(outcome.words) <= 300


async def test_exactly_the_fields_given_reach_the_panel(bench: Bench) -> None:
    """``add`` is a form-encoded POST of key, action and the fields as typed, on a connection of its own."""
    panel, server = await bench.pair(http({"order": 1}))
    fields = {"service": "17", "link": "https://t.me/a?b=c&d=é#1+2", "comments": "один\nтwo\n100% 👍🏽"}
    await panel.add(fields)
    await panel.add(fields)
    request = server.requests[0]
    assert request.line == "POST /api/v2 HTTP/1.1"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.fields == {"key": KEY, "action": "add", **fields}
    assert request.headers["connection"] == "close"
    assert server.connections == 2


async def test_fields_cannot_change_the_action_or_the_key(bench: Bench) -> None:
    """A field named like the protocol's own does not replace it."""
    panel, server = await bench.pair(http({"order": 1}))
    await panel.add({"service": "1", "action": "cancel", "key": "other"})
    assert server.requests[0].fields == {"key": KEY, "action": "add", "service": "1"}
