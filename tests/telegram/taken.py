"""What Telegram takes of any screen."""

import re

from bot.telegram.screens import Screen

# Telegram's limits: of a message's text, of a button's data in bytes, of a message's buttons, of an answer to a press.
TEXT, DATA, BUTTONS = 4096, 64, 100


def labels(screen: Screen) -> list[str]:
    return [button.text for row in screen.rows for button in row]


def check(screen: Screen) -> None:
    """What Telegram takes of any screen."""
    assert len(screen.text) <= TEXT
    assert len(labels(screen)) <= BUTTONS
    for row in screen.rows:
        for button in row:
            assert button.text.strip()
            assert button.callback_data is not None
            assert len(button.callback_data.encode()) <= DATA
    assert not re.search(r"\{\w*\}", screen.text)
    assert "<b>Tom" not in screen.text
