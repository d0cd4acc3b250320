"""What ``make demo`` starts with."""

import socket

from bot.demo.shop import PORTS_TRIED, free_port


def test_a_port_that_is_taken_is_passed_over() -> None:
    """The next one is found, as soon as one is free again it is the first; where all are taken, any will do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        assert free_port(port) in {0, *range(port + 1, port + PORTS_TRIED)}
    assert free_port(port) == port
