# aiogram with the loop of its documentation ("Broadcaster"): one after the other, a pause of 50 ms,
# and after a 429 the same one again.
import asyncio
import sys

from aiogram import Bot, exceptions
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

token, url, people = sys.argv[1], sys.argv[2], int(sys.argv[3])


async def send_message(bot, user_id):
    try:
        await bot.send_message(user_id, "Hello!")
    except exceptions.TelegramRetryAfter as error:
        await asyncio.sleep(error.retry_after)
        return await send_message(bot, user_id)
    except (exceptions.TelegramAPIError, exceptions.TelegramNetworkError):
        return False
    return True


async def main():
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    count = 0
    async with Bot(token, session=session) as bot:
        for user_id in range(1, people + 1):
            if await send_message(bot, user_id):
                count += 1
            await asyncio.sleep(0.05)
    print(count, "sent")


asyncio.run(main())
