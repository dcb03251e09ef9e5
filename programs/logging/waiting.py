"""What waits on today's page beside the session: unread words, and the last "not today"."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator

from accounts.roles import Actor, initials_of
from patients.away import STAND_IN
from patients.scoring import SCORES, scores_in
from patients.unread import UNREAD
from programs.calendar import local_day
from programs.logging.ending import local_time
from programs.models import Program
from programs.own import own_program
from programs.rounds import is_asked
from programs.wording import day_words

Context = dict[str, Any]
MESSAGE_SHOWN = 240
WORDS = f"""(
    select coalesce(json_agg(json_build_object('body', m.body, 'at', m.at,
        'name', (select a.name from accounts_user a where a.id = m.author_id))
        order by m.at desc), '[]') {UNREAD})"""  # noqa: S608 (own words only)
DECLINED = """(
    select coalesce(json_agg(json_build_object(
        'day', n.local_date, 'reason', n.reason, 'back_on', n.back_on)), '[]')
    from (
        select * from programs_nottoday where program_id = g.id order by at desc limit 1) n)"""


def told_program(actor: Actor) -> Program | None:
    """The newest program with unread words, the last "not today", the scores, and a stand-in."""
    told = {"words": WORDS, "declined": DECLINED, "scores": SCORES, "stand_in": STAND_IN}
    return own_program(actor, **told)


def asks_scores(program: Program, today: date) -> bool:
    """Whether outcome scores are to be told now; of a program that told_program read."""
    return is_asked(program, scores_in(getattr(program, "scores", None)), today)


def message_context(words: list[dict[str, Any]], day: date, zone: str) -> Context | None:
    """The newest word from the care team that was not read yet."""
    if not words:
        return None
    newest_word = words[0]
    at, name = datetime.fromisoformat(newest_word["at"]), newest_word["name"]
    written = local_day(at, zone)
    return {
        "name": name,
        "first_name": name.split()[0],
        "initials": initials_of(name),
        "when": local_time(at, zone) if written == day else day_words(written, "DAY_OF_YEAR"),
        "text": Truncator(newest_word["body"]).chars(MESSAGE_SHOWN),
        "reply_url": reverse("programs:messages"),
    }
