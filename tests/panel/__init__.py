"""Tests of bot.panel, over real sockets."""
