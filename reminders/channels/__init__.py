"""Ways out of the house. A channel takes an Outgoing message and says plainly what became of it."""

from accounts.outgoing import ChannelClient, NoAnswer, Outgoing, Refused, TryLater

__all__ = ["ChannelClient", "NoAnswer", "Outgoing", "Refused", "TryLater"]
