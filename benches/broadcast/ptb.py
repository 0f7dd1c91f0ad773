# python-telegram-bot with its own rate limiter, which repeats what was answered 429: everything at
# once, and it decides when each message goes.
import asyncio
import sys

from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

token, url, people = sys.argv[1], sys.argv[2], int(sys.argv[3])


async def main():
    bot = ExtBot(
        token,
        base_url=f"{url}/bot",
        request=HTTPXRequest(connection_pool_size=256, pool_timeout=3600),
        rate_limiter=AIORateLimiter(max_retries=20),
    )
    sent = 0

    async def send(person):
        nonlocal sent
        try:
            await bot.send_message(person, "Hello!")
            sent += 1
        except TelegramError:
            pass

    async with bot:
        await asyncio.gather(*(send(person) for person in range(1, people + 1)))
    print(sent, "sent")


asyncio.run(main())
