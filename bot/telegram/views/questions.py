"""How each field of a form is asked for: one row a field."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.forms import Field, Kind, choice_of
from bot.domain.money import parse_amount
from bot.domain.orders import Answer
from bot.domain.texts import bare, cut
from bot.i18n import Html, Translator, join, mark


@dataclass(frozen=True, slots=True)
class Question:
    """``word`` names the field on buttons and in summaries, ``ask`` says what is wanted."""

    word: str
    ask: str


# By the field's wire name. "In English a form asks with the field's own word."
QUESTIONS: Mapping[str, Question] = {
    "link": Question(mark("link"), mark("Send the <b>link</b>.")),
    "quantity": Question(mark("quantity"), mark("Send the <b>quantity</b>: how many do you want?")),
    "comments": Question(mark("comments"), mark("Send the <b>comments</b>, one a line.")),
    "username": Question(mark("username"), mark("Send the <b>username</b>.")),
    "usernames": Question(mark("usernames"), mark("Send the <b>usernames</b>, one a line.")),
    "hashtag": Question(mark("hashtag"), mark("Send the <b>hashtag</b>.")),
    "hashtags": Question(mark("hashtags"), mark("Send the <b>hashtags</b>, one a line.")),
    "media": Question(mark("media"), mark("Send the link of the <b>media</b> (the post or video).")),
    "answer_number": Question(
        mark("answer number"), mark("Send the <b>answer number</b>: which answer of the poll gets the votes?")
    ),
    "keywords": Question(mark("keywords"), mark("Send the <b>keywords</b>, one a line.")),
    "groups": Question(mark("groups"), mark("Send the links of the <b>groups</b>, one a line.")),
    "min": Question(mark("minimum"), mark("Send the <b>minimum</b>: how many each post gets at least.")),
    "max": Question(mark("maximum"), mark("Send the <b>maximum</b>: how many each post gets at most.")),
    "posts": Question(mark("posts"), mark("How many new <b>posts</b> is it for?")),
    "old_posts": Question(mark("old posts"), mark("How many <b>old posts</b> (already published) is it for?")),
    "delay": Question(mark("delay"), mark("Choose the <b>delay</b> after a new post, in minutes.")),
    "expiry": Question(
        mark("expiry"),
        mark("Send the <b>expiry</b>: the last day, as day/month/year, at most 90 days ahead."),
    ),
    "country": Question(mark("country"), mark("Choose the <b>country</b> the visitors come from.")),
    "device": Question(mark("device"), mark("Choose the <b>device</b> the visitors use.")),
    "type_of_traffic": Question(mark("traffic"), mark("Choose the <b>traffic</b>: where do the visitors come from?")),
    "google_keyword": Question(
        mark("Google keyword"), mark("Send the <b>Google keyword</b> that visitors search for.")
    ),
    "referring_url": Question(mark("referring link"), mark("Send the <b>referring link</b> that visitors come from.")),
    "runs": Question(mark("runs"), mark("In how many <b>runs</b>? Each run delivers the whole quantity once.")),
    "interval": Question(mark("interval"), mark("Send the <b>interval</b> between two runs, in minutes.")),
}

# The labels of choices, by the English word in the table of fields.
CHOICES: Mapping[str, str] = {
    word: word
    for word in (
        mark("Worldwide"),
        mark("United States"),
        mark("United Kingdom"),
        mark("Canada"),
        mark("Germany"),
        mark("France"),
        mark("Brazil"),
        mark("India"),
        mark("Indonesia"),
        mark("Russia"),
        mark("Turkey"),
        mark("Saudi Arabia"),
        mark("United Arab Emirates"),
        mark("Egypt"),
        mark("Desktop"),
        mark("Mobile (Android)"),
        mark("Mobile (iOS)"),
        mark("Mixed mobile"),
        mark("Mixed (mobile & desktop)"),
        mark("Google keyword"),
        mark("Custom referrer"),
        mark("Blank referrer"),
    )
}

# The digits of languages that have their own, by locale.
OWN_DIGITS: Mapping[str, Mapping[int, str]] = {
    locale: {zero + digit: str(digit) for digit in range(10)}
    for locale, zero in {"ar": 0x660, "fa": 0x6F0, "hi": 0x966}.items()
}

# Lines of a list that a summary shows before it says how many more there are.
SHOWN_LINES = 3
SHOWN_LENGTH = 80


def word(t: Translator, field: Field) -> str:
    """The field's name."""
    return t.plain(QUESTIONS[field.name].word)


def title(t: Translator, field: Field) -> str:
    """The field's name at the beginning of a line."""
    name = word(t, field)
    return name[:1].upper() + name[1:]


def choice_label(t: Translator, field: Field, value: str) -> str:
    """A choice as people read it; one that was typed and is not listed, as it was typed."""
    chosen = choice_of(field, value)
    if chosen is None:
        return value
    if field.unit:
        if chosen.value == "0":
            return t.plain("At once")
        return t.nplain("{n} minute", "{n} minutes", int(chosen.value))
    return t.plain(CHOICES[chosen.word])


def value_of(t: Translator, field: Field, typed: str) -> str:
    """The value of the choice whose button says what was typed; anything else as it was typed.

    Numbers and dates may be in the digits of the reader's own script, which are on their keyboard; others are odd.
    """
    if field.kind is Kind.NUMBER:
        typed = plain_number(t, typed)
    elif field.kind in {Kind.DATE, Kind.CHOICE}:
        typed = typed.translate(OWN_DIGITS.get(t.locale, {}))
    label = bare(typed).casefold()
    chosen = (each for each in field.choices if choice_label(t, field, each.value).casefold() == label)
    return next((each.value for each in chosen), typed)


def plain_number(t: Translator, typed: str) -> str:
    """A whole number as the reader's language writes it, in plain digits; other text has its digits made ours alone."""
    return t.ungrouped(bare(typed).translate(OWN_DIGITS.get(t.locale, {})))


def amount_of(t: Translator, typed: str) -> int:
    """An amount of money that somebody typed, in the digits of their own script or not. Raises ``BadInput``."""
    return parse_amount(typed.translate(OWN_DIGITS.get(t.locale, {})))


def answer_text(t: Translator, field: Field, value: Answer) -> Html:
    """An answer as a summary shows it."""
    match value:
        case None:
            return t.html("<i>none</i>")
        case int():
            return t.html("{number}", number=value)
        case list():
            return _lines(t, value)
        case str() if field.kind is Kind.CHOICE:
            return t.html("{choice}", choice=choice_label(t, field, value))
        case str():
            return t.html("{text}", text=value)


def _lines(t: Translator, lines: list[str]) -> Html:
    shown = [t.html("{text}", text=_cut(line)) for line in lines[:SHOWN_LINES]]
    more = len(lines) - len(shown)
    head = t.nhtml("{n} line", "{n} lines", len(lines))
    tail = [t.nhtml("and {n} more", "and {n} more", more)] if more else []
    return join("\n", [head, Html(f"<blockquote>{join(chr(10), [*shown, *tail])}</blockquote>")])


def _cut(line: str) -> str:
    return cut(line, SHOWN_LENGTH)
