"""Which client sends over which channel."""

from collections.abc import Callable

from patients.models import Channel
from reminders.channels import ChannelClient
from reminders.channels.email import EmailClient
from reminders.channels.push import PushClient
from reminders.channels.sms import SmsClient

CLIENTS: dict[Channel, Callable[[], ChannelClient]] = {
    Channel.EMAIL: EmailClient,
    Channel.SMS: SmsClient,
    Channel.PUSH: PushClient,
}


def client_of(channel: str) -> Callable[[], ChannelClient]:
    return CLIENTS[Channel(channel)]
