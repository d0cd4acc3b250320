import asyncio, signal, sqlite3, time
from tests.test_command_line import *
from tests.test_command_line import outside
async def test_xx(outside):
    t=time.time()
    def tick(w): print(f"{time.time()-t:.2f} {w}")
    for i in range(2):
        async with outside.shell.running("run") as shop:
            await shop.says("the shop is open"); tick("open")
            if not i:
                await shop.says("1 services"); tick("synced")
                await outside.sell(); tick("sold")
                await shop.says("order 1: Placed"); tick("placed")
            shop.signal(signal.SIGTERM)
            assert await shop.over(SOON) == 0
            tick("over")
