"""What providers tell back: what became of a message, and what people answered.

They have no session, so no form token either: the signature is the permission. Who is let in
learns nothing: an event that means nothing here, or to no message of ours, is taken as well.
"""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from twilio.twiml.messaging_response import MessagingResponse

from patients.models import Channel
from reminders.channels.email import message_id
from reminders.hooks.signatures import of_mail, of_texts, signed
from reminders.models import Receipt
from reminders.services.answers import answer_text
from reminders.services.receipts import receive

OF_TEXTS = {
    "delivered": Receipt.Event.DELIVERED,
    "undelivered": Receipt.Event.FAILED,
    "failed": Receipt.Event.FAILED,
}
OF_MAIL = {
    "delivered": Receipt.Event.DELIVERED,
    "bounced": Receipt.Event.FAILED,
    "complained": Receipt.Event.COMPLAINED,
}


@csrf_exempt
@require_POST
@signed(of_texts)
def text_status(request: HttpRequest, occurrence_id: UUID) -> HttpResponse:
    """How far a text has come: delivered, or why not."""
    if event := OF_TEXTS.get(request.POST.get("MessageStatus", "")):
        reason = request.POST.get("ErrorCode", "")
        receive(channel=Channel.SMS, occurrence=occurrence_id, event=event, reason=reason)
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
@signed(of_texts)
def text_answer(request: HttpRequest) -> HttpResponse:
    """A text from somebody. Where the provider itself has answered (OptOutType), we don't."""
    answered = request.POST.get("OptOutType", "")
    said = answer_text(
        number=request.POST.get("From", ""),
        body=answered or request.POST.get("Body", ""),
        at=timezone.now(),
    )
    response = MessagingResponse()
    if not answered:
        response.message(said)
    return HttpResponse(str(response), content_type="application/xml")


@csrf_exempt
@require_POST
@signed(of_mail)
def mail_event(request: HttpRequest) -> HttpResponse:
    """What became of an email: {"message_id": ..., "event": ..., "reason": ...}."""
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        return HttpResponse(status=400)
    event, occurrence = OF_MAIL.get(str(told.get("event"))), _ours(told.get("message_id"))
    if event and occurrence:
        reason = str(told.get("reason") or "")
        receive(channel=Channel.EMAIL, occurrence=occurrence, event=event, reason=reason)
    return HttpResponse(status=204)


def _ours(said: Any) -> UUID | None:
    """The message of this Message-ID, with or without its <>; None if it isn't one of ours."""
    bare = str(said).strip("<> ").lower()
    try:
        found = UUID(bare.partition("@")[0])
    except ValueError:
        return None
    return found if message_id(str(found)) == f"<{bare}>" else None
