"""Tests of the Telegram stand-in: a real client against it, people on the other side."""
