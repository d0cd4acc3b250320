"""What tests of the customers' side share: say or press and read what comes, fill a form, buy."""

from bot.demo.panel import DemoOffer
from bot.demo.telegram import ChatMessage, Person

LINK = "https://instagram.com/anna"


async def say(person: Person, text: str, says: str) -> ChatMessage:
    """Write a message; the bot's new message that has the words ``says``."""
    await person.send(text)
    written = person.messages[-1].id

    def answered() -> ChatMessage | None:
        new = (each for each in person.heard_messages if each.id > written and says in each.text)
        return next(new, None)

    return await person.wait_for(answered, None, f"an answer to {text!r} with {says!r}")


async def press(person: Person, label: str, says: str, message: ChatMessage | None = None) -> ChatMessage:
    """Press a button, of the newest message that has it or of ``message``; the screen with the words ``says``."""
    await person.press(label, message)

    def drawn() -> ChatMessage | None:
        return next((each for each in reversed(person.news) if each.keyboard and says in each.text), None)

    return await person.wait_for(drawn, None, f"what {label!r} leads to, with {says!r}")


async def answer(person: Person, text: str) -> ChatMessage:
    """Answer a question, by button where ``text`` is a label in brackets; the screen that comes then."""
    before = _newest(person)
    if text.startswith("["):
        await person.press(text.strip("[]"))
    else:
        await person.send(text)
    await person.until(lambda: _newest(person) > before)
    drawn = _drawn(person)
    assert drawn is not None
    return drawn


def _newest(person: Person) -> int:
    drawn = _drawn(person)
    return 0 if drawn is None else drawn.seq


def _drawn(person: Person) -> ChatMessage | None:
    """The last screen. News of an order comes by itself, at any time; its one button leads to the order."""

    def is_screen(message: ChatMessage) -> bool:
        return any(not label.startswith("Order #") for label in message.labels)

    return next((each for each in reversed(person.messages) if is_screen(each)), None)


async def fill(person: Person, offer: DemoOffer, *answers: str) -> ChatMessage:
    """Begin an order of this service and answer its first questions; the screen that comes then."""
    await say(person, "/order", "Choose a category")
    await press(person, offer.category, "Choose a service")
    screen = await press(person, offer.name, offer.name)
    for text in answers:
        screen = await answer(person, text)
    return screen


async def buy(person: Person, offer: DemoOffer, *answers: str) -> ChatMessage:
    """Fill a form and confirm; the order's card."""
    await fill(person, offer, *answers)
    await person.press("Confirm")
    return await person.expect_button("My orders")


async def read(person: Person, words: str) -> ChatMessage:
    """The newest message with these words that the bot ever wrote to a person, or will."""

    def found() -> ChatMessage | None:
        return next((each for each in reversed(person.heard_messages) if words in each.text), None)

    return await person.wait_for(found, None, f"a message with {words!r}")
