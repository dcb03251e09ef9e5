"""How many messages may leave now: one bucket a channel, shared by all workers, in Valkey.

It only slows: what was sent stands in PostgreSQL, and without Valkey everything may leave.
"""

import logging
from functools import cache
from typing import Any

from celery import current_app
from django.conf import settings
from kombu import Connection
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

SECONDS = 10  # of its rate, so much a bucket holds
IMPATIENT = {"max_retries": 0, "socket_timeout": 1, "socket_connect_timeout": 1}
TAKE = """
local rate, full, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local kept = redis.call('HMGET', KEYS[1], 'left', 'at')
local since = math.max(0, now - (tonumber(kept[2]) or now))
local left = math.min(full, (tonumber(kept[1]) or full) + since * rate)
local taken = math.min(wanted, math.floor(left))
redis.call('HSET', KEYS[1], 'left', left - taken, 'at', now)
redis.call('EXPIRE', KEYS[1], math.ceil(full / rate) + 1)
return taken
"""

log = logging.getLogger(__name__)


def take(channel: str, wanted: int) -> int:
    """Take up to so many messages' leave from the channel's bucket; returns how many it gave."""
    rate = settings.MESSAGES_PER_SECOND[channel]
    if not rate:
        return wanted
    full = max(1, rate * SECONDS)
    try:
        broker: Any = _line().default_channel
        return int(broker.client.eval(TAKE, 1, f"pace:{channel}", rate, full, wanted))
    except (OperationalError, RedisError, OSError) as error:
        log.warning("messages by %s go unpaced: %s", channel, type(error).__name__)
        return wanted


@cache
def _line() -> Connection:
    """This process's own line to the broker, which mends itself."""
    return current_app.connection_for_write(transport_options=IMPATIENT)
