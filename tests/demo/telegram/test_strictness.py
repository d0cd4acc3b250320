"""Every rule of Telegram's that the bot could break: the call, and the words it is refused with."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.types import BotCommand, BufferedInputFile

from bot.demo.telegram import DemoTelegram, Person

ANNA = 1001
STRANGER = 1002
CLOSED_CHANNEL = -100200
UNMODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)
OLD_QUERY = "Bad Request: query is too old and response timeout expired or query ID is invalid"
CANT_PARSE = "Bad Request: can't parse entities: "
CANT_PRESS = "Bad Request: can't parse inline keyboard button: "


def text(text: str, **more: Any) -> dict[str, Any]:
    return {"chat_id": ANNA, "text": text, **more}


def html(text: str) -> dict[str, Any]:
    return {"chat_id": ANNA, "text": text, "parse_mode": "HTML"}


def keys(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"chat_id": ANNA, "text": "Choose", "reply_markup": {"inline_keyboard": list(rows)}}


def key(**action: Any) -> dict[str, Any]:
    return keys([{"text": "Go", **action}])


def edit(message_id: int, text: str = "Changed") -> dict[str, Any]:
    return {"chat_id": ANNA, "message_id": message_id, "text": text}


def commands(*pairs: tuple[str, str], **more: Any) -> dict[str, Any]:
    return {"commands": [{"command": name, "description": words} for name, words in pairs], **more}


MESSAGE_ROWS: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", text(""), "Bad Request: message text is empty"),
    ("sendMessage", text("   "), "Bad Request: text must be non-empty"),
    ("sendMessage", html("<b></b>"), "Bad Request: text must be non-empty"),
    ("sendMessage", text("x" * 4097), "Bad Request: message is too long"),
    ("sendMessage", text("🙂" * 2049), "Bad Request: message is too long"),
    ("sendMessage", html("<b>" + "x" * 4097 + "</b>"), "Bad Request: message is too long"),
    ("sendMessage", text("x", parse_mode="Rtf"), "Bad Request: unsupported parse_mode"),
    ("sendMessage", {"text": "x"}, "Bad Request: chat_id is empty"),
    ("sendMessage", {"text": "x", "chat_id": 5}, "Bad Request: chat not found"),
    ("sendMessage", {"text": "x", "chat_id": "@nobody"}, "Bad Request: chat not found"),
    (
        "sendMessage",
        {"text": "x", "chat_id": STRANGER},
        "Forbidden: bot can't initiate conversation with a user",
    ),
    (
        "sendMessage",
        {"text": "x", "chat_id": CLOSED_CHANNEL},
        "Forbidden: bot is not a member of the channel chat",
    ),
    (
        "sendMessage",
        text("x", reply_parameters={"message_id": 99}),
        "Bad Request: message to be replied not found",
    ),
    ("sendMessage", text("\ud83d"), "Bad Request: strings must be encoded in UTF-8"),
    ("editMessageText", edit(0), "Bad Request: message identifier is not specified"),
    ("editMessageText", edit(99), "Bad Request: message to edit not found"),
    ("editMessageText", edit(1), "Bad Request: message can't be edited"),
    ("editMessageText", edit(2, "Hello"), UNMODIFIED),
    ("editMessageReplyMarkup", {"chat_id": ANNA, "message_id": 2}, UNMODIFIED),
    (
        "editMessageText",
        edit(2) | {"reply_markup": {"force_reply": True}},
        "Bad Request: inline keyboard expected",
    ),
    ("deleteMessage", edit(99), "Bad Request: message to delete not found"),
    ("copyMessage", edit(99) | {"from_chat_id": ANNA}, "Bad Request: message to copy not found"),
    ("sendDocument", {"chat_id": ANNA}, "Bad Request: there is no document in the request"),
    ("sendPhoto", {"chat_id": ANNA}, "Bad Request: there is no photo in the request"),
    (
        "sendPhoto",
        {"chat_id": ANNA, "photo": "nothing"},
        "Bad Request: wrong remote file identifier specified",
    ),
    ("editMessageCaption", edit(2) | {"caption": "x"}, "Bad Request: there is no caption in the message to edit"),
    ("getFile", {"file_id": "nothing"}, "Bad Request: wrong file_id or the file is temporarily unavailable"),
    (
        "sendChatAction",
        {"chat_id": ANNA, "action": "dancing"},
        "Bad Request: wrong parameter action in request",
    ),
    ("answerCallbackQuery", {"callback_query_id": "12"}, OLD_QUERY),
    ("getChat", {"chat_id": STRANGER}, "Bad Request: chat not found"),
    ("getChatMember", {"chat_id": CLOSED_CHANNEL, "user_id": 42}, "Forbidden: bot is not a member"),
    ("doTheDishes", {}, "Not Found"),
    ("setWebhook", {"url": "http://example.com"}, "Bad Request: bad webhook: An HTTPS URL must be provided"),
]
HTML_ROWS: list[tuple[str, str]] = [
    ("a < b", 'Unsupported start tag "" at byte offset 2'),
    ("é<br>", 'Unsupported start tag "br" at byte offset 2'),
    ("<script>x</script>", 'Unsupported start tag "script" at byte offset 0'),
    ("🏟 🏟&lt;<abacaba", "Unclosed start tag at byte offset 13"),
    ("🏟 🏟&lt;<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 13'),
    (
        "🏟 🏟&lt;<i    aba>",
        'Expected equal sign in declaration of an attribute of the tag "i" at byte offset 13',
    ),
    ("🏟 🏟&lt;<i    aba  =  ", 'Unclosed start tag "i" at byte offset 13'),
    ("🏟 🏟&lt;<i    aba  =  190azAz-.,", "Unexpected end of name token at byte offset 27"),
    ('🏟 🏟&lt;<i    aba  =  "&lt;&gt;&quot;>', "Unclosed start tag at byte offset 13"),
    ("🏟 🏟&lt;</", "Unexpected end tag at byte offset 13"),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("🏟 🏟&lt;<i>a</i   ", "Unclosed end tag at byte offset 17"),
    ("🏟 🏟&lt;<i>a</em   >", 'Unmatched end tag at byte offset 17, expected "</i>", found "</em>"'),
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ('<tg-emoji emoji-id="x">y</tg-emoji>', "Invalid custom emoji identifier specified"),
    ("&#xDFDF;", "Text contains invalid Unicode characters after decoding HTML entities"),
]
KEYBOARD_ROWS: list[tuple[dict[str, Any], str]] = [
    (key(callback_data="x" * 65), "Bad Request: BUTTON_DATA_INVALID"),
    (key(callback_data="é" * 33), "Bad Request: BUTTON_DATA_INVALID"),
    (key(callback_data=""), CANT_PRESS + "Text buttons are unallowed in the inline keyboard"),
    (key(), CANT_PRESS + "Text buttons are unallowed in the inline keyboard"),
    (key(callback_data="x", url="https://t.me"), CANT_PRESS + "Exactly one action is allowed"),
    (keys([{"callback_data": "x"}]), CANT_PRESS + 'Can\'t find field "text"'),
    (
        keys([{"callback_data": "x", "text": " "}]),
        CANT_PRESS + "Inline keyboard button text must be non-empty",
    ),
    (key(callback_data="x", style="pink"), CANT_PRESS + "Unsupported button style specified"),
    (key(url="not-a-url"), "Bad Request: inline keyboard button URL 'not-a-url' is invalid: Wrong HTTP URL"),
    (
        key(url="ftp://example.com"),
        "Bad Request: inline keyboard button URL 'ftp://example.com' is invalid: Unsupported URL protocol",
    ),
    (
        key(url="http://localhost:1/x"),
        "Bad Request: inline keyboard button URL 'http://localhost:1/x' is invalid",
    ),
    (key(url="https://"), "Bad Request: inline keyboard button URL 'https://' is invalid: URL host is empty"),
    (key(copy_text={"text": ""}), "Bad Request: BUTTON_COPY_TEXT_INVALID"),
    (key(copy_text={"text": "x" * 257}), "Bad Request: BUTTON_COPY_TEXT_INVALID"),
    (key(pay=True), "Bad Request: BUTTON_TYPE_INVALID"),
    (keys([{"text": "x", "callback_data": "x"}] * 9), "Bad Request: reply markup is too long"),
    (keys(*[[{"text": "x", "callback_data": "x"}]] * 101), "Bad Request: reply markup is too long"),
    (
        text("x", reply_markup={"inline_keyboard": "bad"}),
        'Bad Request: field "inline_keyboard" must be of type',
    ),
    (text("x", reply_markup="{"), "Bad Request: can't parse reply markup JSON object"),
]
COMMAND_ROWS: list[tuple[dict[str, Any], str]] = [
    (commands(("Start", "Begin")), "Bad Request: BOT_COMMAND_INVALID"),
    (commands(("sta-rt", "Begin")), "Bad Request: BOT_COMMAND_INVALID"),
    (commands(("", "Begin")), "Bad Request: command must be non-empty"),
    (commands(("x" * 33, "Begin")), "Bad Request: command length must not exceed 32"),
    (commands(("start", " ")), "Bad Request: command description must be non-empty"),
    (commands(("start", "x" * 257)), "Bad Request: command description length must not exceed 256"),
    (commands(*[("start", "Begin")] * 101), "Bad Request: BOT_COMMANDS_TOO_MUCH"),
    (commands(("start", "Begin"), language_code="eng"), "Bad Request: invalid language code specified"),
    (commands(("start", "Begin"), scope={"type": "chat", "chat_id": 5}), "Bad Request: chat not found"),
    (commands(("start", "Begin"), scope={"type": "moon"}), "Bad Request: can't parse BotCommandScope"),
]
ROWS = [
    *MESSAGE_ROWS,
    *[("sendMessage", html(source), CANT_PARSE + words) for source, words in HTML_ROWS],
    *[("sendMessage", values, words) for values, words in KEYBOARD_ROWS],
    *[("setMyCommands", values, words) for values, words in COMMAND_ROWS],
]


async def call(tg: DemoTelegram, method: str, values: dict[str, Any], token: str = "") -> tuple[int, dict[str, Any]]:
    """One call as plain JSON: a client library would not let the worst of them out."""
    body = json.dumps(values)
    url = f"{tg.url}/bot{token or tg.token}/{method}"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers={"Content-Type": "application/json"}) as response,
    ):
        return response.status, await response.json()


@pytest.fixture
async def chat(tg: DemoTelegram, anna: Person) -> Person:
    """Message 1 is Anna's, message 2 the bot's Hello; a stranger and a closed channel exist."""
    tg.person(STRANGER, "Stranger")
    tg.channel(CLOSED_CHANNEL, bot_is_admin=False)
    await call(tg, "sendMessage", text("Hello"))
    return anna


@pytest.mark.parametrize(("method", "values", "words"), ROWS, ids=[f"{row[0]}-{row[2][:60]}" for row in ROWS])
async def test_telegram_refuses_it_in_its_own_words(
    tg: DemoTelegram, chat: Person, method: str, values: dict[str, Any], words: str
) -> None:
    """What Telegram would refuse is refused here, says why in its words, and changes nothing."""
    before = chat.messages
    status, answer = await call(tg, method, values)
    assert not answer["ok"]
    assert answer["description"].startswith(words)
    assert answer["error_code"] == status
    assert chat.messages == before


async def test_a_wrong_token_is_unauthorized(tg: DemoTelegram) -> None:
    assert await call(tg, "getMe", {}, token="42:OTHER") == (
        401,
        {"ok": False, "error_code": 401, "description": "Unauthorized"},
    )


@pytest.mark.parametrize(
    ("source", "visible", "again"),
    [
        ("AT&T &lt;b&gt; &amp; &laquo;", "AT&T <b> & &laquo;", "AT&amp;T &lt;b&gt; &amp; &amp;laquo;"),
        ("🏟<i>🏟 <b>x</b></i>", "🏟🏟 x", "🏟<i>🏟 <b>x</b></i>"),
        ("<strong>a</strong><del>b</del>", "ab", "<b>a</b><s>b</s>"),
        ("<a href='telegram.org'>t</a>", "t", '<a href="http://telegram.org/">t</a>'),
        ("<a href='nonsense'>t</a>", "t", "t"),
        ("<span class='tg-spoiler'>s</span>", "s", "<tg-spoiler>s</tg-spoiler>"),
        (
            "<blockquote expandable>q</blockquote>",
            "q",
            "<blockquote expandable>q</blockquote>",
        ),
        ("  <b> x </b>  ", "x", "<b>x</b>"),
        ("\u2068#12\u2069 \u202eevil\u202c", "\u2068#12\u2069 evil", "\u2068#12\u2069 evil"),
    ],
)
async def test_html_becomes_text_and_entities(bot: Bot, anna: Person, source: str, visible: str, again: str) -> None:
    """Allowed markup leaves the visible text and its entities, trimmed and cleaned as Telegram does."""
    message = await bot.send_message(ANNA, source)
    assert message.text == visible
    shown = await anna.heard()
    assert (shown.text, shown.html) == (visible, again)


async def test_text_as_long_as_allowed_is_taken(bot: Bot, anna: Person) -> None:
    """Limits count UTF-16 units of the visible text, not of the markup, and allow the last one."""
    await bot.send_message(ANNA, f"<b>{'🙂' * 2048}</b>")
    assert (await anna.heard()).text == "🙂" * 2048


async def test_a_full_keyboard_is_taken(tg: DemoTelegram, anna: Person) -> None:
    """100 buttons, 8 in a row, 64 bytes of data, and styles are fine."""
    button = {"text": "x", "callback_data": "x" * 64, "style": "danger"}
    status, _answer = await call(tg, "sendMessage", keys(*[[button] * 8] * 12, [button] * 4))
    assert status == 200
    assert len((await anna.heard()).labels) == 100


async def test_an_edit_without_a_keyboard_takes_it_away(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    await call(tg, "sendMessage", key(callback_data="go"))
    message = await anna.expect_button("Go")
    await bot.edit_message_text("Gone", chat_id=ANNA, message_id=message.id)
    edited = await anna.expect("Gone")
    assert edited.edited
    assert not edited.buttons
    assert anna.screen is None


async def test_menus_are_kept_by_scope_and_language(bot: Bot, tg: DemoTelegram, anna: Person) -> None:
    """People see the narrowest menu, in their language where there is one."""
    await bot.set_my_commands([BotCommand(command="start", description="Begin")])
    await bot.set_my_commands([BotCommand(command="start", description="Начать")], language_code="ru")
    assert tg.menu(anna) == [("start", "Begin")]
    anna.language = "ru"
    assert tg.menu(anna) == [("start", "Начать")]
    assert [command.description for command in await bot.get_my_commands(language_code="ru")] == ["Начать"]
    await bot.delete_my_commands(language_code="ru")
    assert tg.menu(anna) == [("start", "Begin")]


async def test_files_go_both_ways(bot: Bot, anna: Person) -> None:
    """What a person sends can be downloaded, what the bot sends arrives."""
    await anna.send_file("comments.txt", b"one\ntwo")
    (update,) = [update for update in await bot.get_updates() if update.message and update.message.document]
    assert update.message is not None
    assert update.message.document is not None
    assert update.message.document.file_name == "comments.txt"
    fetched = await bot.download(update.message.document)
    assert fetched is not None
    assert fetched.read() == b"one\ntwo"
    await bot.send_document(ANNA, BufferedInputFile(b"a,b", "orders.csv"), caption="<b>Orders</b>")
    shown = await anna.heard()
    assert shown.content["document"]["file_name"] == "orders.csv"
    assert shown.html == "<b>Orders</b>"


async def test_a_file_over_twenty_megabytes_cannot_be_fetched(tg: DemoTelegram, anna: Person) -> None:
    await anna.send_file("big.txt", b"x", size=20 * 1024 * 1024 + 1)
    file_id = anna.messages[-1].content["document"]["file_id"]
    _status, answer = await call(tg, "getFile", {"file_id": file_id})
    assert answer["description"] == "Bad Request: file is too big"
