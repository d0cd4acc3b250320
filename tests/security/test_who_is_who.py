"""An admin is who is listed by id, in their private chat; a name, a button or a group proves nothing."""

from collections.abc import Sequence
from itertools import product
from pathlib import Path

from bot.domain.outcomes import Unknown
from bot.telegram import callbacks as cb
from bot.telegram.commands import ADMIN_NAMES
from tests.clock import FakeClock
from tests.security.affairs import annas_affairs
from tests.security.desk import Desk, open_desk
from tests.security.forger import ADMIN_KINDS, wishes
from tests.services.stage import ALPHA, BORIS, FUNDS, OWNER

GROUP = -1_009_000_777
UNKNOWN = "I do not know this command"
OUT_OF_DATE = "out of date"


async def uncertain(desk: Desk) -> int:
    """An order an admin has to decide; its number."""
    number = await desk.stage.buy()
    await desk.stage.place(Unknown("lost"))
    return number


async def test_every_admin_command_is_unknown_to_others(tmp_path: Path, clock: FakeClock) -> None:
    """Also to one with the admin's name and username, in another spelling, or with the bot's name behind it."""
    async with open_desk(tmp_path, clock) as desk:
        number = await uncertain(desk)
        before = await desk.money()
        desk.bob.title, desk.bob.username = desk.owner.title, desk.owner.username
        shared = {"balance", "order"}  # these mean something else to a customer
        for name in sorted(set(ADMIN_NAMES) - shared):
            for command in (f"/{name} {BORIS} 100", f"/{name.upper()} {ALPHA}", f"/{name}@demo_shop_bot {number}"):
                await desk.bob.send(command)
                assert UNKNOWN in await desk.said(desk.bob), command
        await desk.bob.send(f"/order {number}")
        assert "There is no order" in await desk.said(desk.bob)
        assert await desk.money() == before
        assert len(ADMIN_NAMES) > 5


def everything_admins_press(numbers: Sequence[int]) -> list[str]:
    """Every kind of button that only admins have, with everything it can say of these numbers and of the panel."""
    values: dict[object, Sequence[str]] = {int: [str(number) for number in numbers], bool: ("0", "1")}
    found: list[str] = []
    for kind in ADMIN_KINDS:
        fields = kind.model_fields
        names = (ALPHA, "") if "name" in fields else ("",)
        said = {"do": wishes(kind), "name": names, "about": ("", "uncertain"), "mark": ("", "0123456789")}
        choices = [said.get(name) or values[field.annotation] for name, field in fields.items()]
        found += [":".join([kind.__prefix__, *parts]) for parts in product(*choices)]
    return found


async def test_every_admin_button_is_out_of_date_for_others(tmp_path: Path, clock: FakeClock) -> None:
    """Word for word what the admin's own client would send, about orders, payments, tickets and panels of others."""
    async with open_desk(tmp_path, clock) as desk:
        await annas_affairs(desk)
        await desk.bob.send("/start")
        await desk.handled()
        menu = desk.bob.heard_messages[-1]
        before = await desk.money()
        assert all(before.values())
        assert {kind.__name__ for kind in ADMIN_KINDS} >= {"Decide", "Panel", "Rates", "Settle", "Ticket", "Tickets"}
        presses = {payload: desk.bob.forge(payload, menu) for payload in everything_admins_press([3])}
        await desk.handled()
        told = {payload: press.answer.text if press.answer else None for payload, press in presses.items()}
        assert {payload: text for payload, text in told.items() if OUT_OF_DATE not in (text or "")} == {}
        assert await desk.money() == before


async def test_a_customer_s_text_is_no_admin_s_answer(tmp_path: Path, clock: FakeClock) -> None:
    """What an admin was asked (a panel's id, a sum) is not answered by somebody else's chat."""
    async with open_desk(tmp_path, clock) as desk:
        number = await uncertain(desk)
        await desk.owner.send("/start")
        await desk.handled()
        press = desk.owner.forge(
            cb.Decide(id=number, do="placed", about="uncertain").pack(), desk.owner.heard_messages[-1]
        )
        await desk.handled()
        assert press.answer is not None
        before = await desk.money()
        await desk.bob.send("71")
        await desk.handled()
        assert await desk.money() == before


async def test_who_is_taken_off_the_list_is_no_admin(tmp_path: Path, clock: FakeClock) -> None:
    """Their old buttons and an open question are worth nothing from that moment on."""
    async with open_desk(tmp_path, clock) as desk:
        number = await uncertain(desk)
        await desk.owner.send("/start")
        await desk.handled()
        menu = desk.owner.heard_messages[-1]
        desk.owner.forge(cb.Decide(id=number, do="placed", about="uncertain").pack(), menu)
        await desk.handled()
        desk.stage.change(admin_ids=frozenset())
        before = await desk.money()
        press = desk.owner.forge(cb.Decide(id=number, do="refund", sure=True, about="uncertain").pack(), menu)
        await desk.owner.send("71")
        await desk.owner.send(f"/credit {OWNER} 100")
        assert UNKNOWN in await desk.said(desk.owner)
        assert press.answer is not None
        assert OUT_OF_DATE in press.answer.text
        assert await desk.money() == before


async def test_the_bot_is_silent_outside_private_chats(tmp_path: Path, clock: FakeClock) -> None:
    """In a group not even an admin is answered or obeyed, by command or by button, and no one becomes known there."""
    async with open_desk(tmp_path, clock) as desk:
        group = desk.telegram.group(GROUP, "Friends")
        before = await desk.money()
        await desk.owner.send(f"/credit {BORIS} 100", chat=group)
        await desk.owner.send(f"/pause {ALPHA}", chat=group)
        await desk.bob.send("/start", chat=group)
        desk.telegram.world.updates.push("callback_query", pressed_in(desk, {"id": GROUP, "type": "supergroup"}))
        desk.telegram.world.updates.push("callback_query", pressed_in(desk, {"id": BORIS, "type": "private"}))
        desk.telegram.world.updates.push("callback_query", pressed_in(desk, None))
        await desk.handled()
        assert desk.session.sent == []
        assert await desk.money() == before
        assert await desk.stage.available(BORIS) == FUNDS
        assert await desk.rows("SELECT 1 FROM inbox WHERE done_at IS NULL") == []


def pressed_in(desk: Desk, chat: dict[str, object] | None) -> dict[str, object]:
    """An admin's press of *Pause* on a message in this chat, or on an inline message, which has none."""
    message = None if chat is None else {"message_id": 5, "date": 0, "chat": {**chat, "title": "x"}}
    where = {"message": message} if message else {"inline_message_id": "abc"}
    data = cb.Panel(name=ALPHA, do="pause").pack()
    query: dict[str, object] = {"id": "1", "from": desk.owner.user, "chat_instance": "7", "data": data, **where}
    return query
