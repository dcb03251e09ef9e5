"""Nothing of the person leaves: every kind, channel and language, with real sinks and a real
broker, while names and findings that occur nowhere else stand in the rows."""

import base64
import json
import logging
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from celery import current_app
from django.core import signing

from accounts.models import User
from accounts.scope import clinic_scope
from exercises.models import Exercise, Revision
from patients.models import Consent, Message, Patient
from programs.models import Phase, Prescription, PrescriptionStep, Program
from reminders import tasks
from reminders.models import Kind, Occurrence
from reminders.services.devices import add_device
from reminders.services.words import SIGNER
from tests.factories import ClinicFactory, patient_actor
from tests.notices import KEYS, Sink, phones
from tests.reminders.scenes import (
    CANARY,
    DUE,
    MONDAY,
    MailServer,
    a_clinician_of,
    a_program,
    agree,
    plan,
    raise_flag,
    send,
    train,
)
from tests.reminders.test_kinds import waits
from tests.reminders.test_silence import ignored
from tests.texts import NUMBER, texts
from tests.texts import Sink as TextSink

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])
CLINIC, EXERCISE = "Quibblewick Praxis", "Snorvelbend"
DIAGNOSIS, NOTE = "Grimblitis", "Frobwhistle"
ADDRESS, COLLEAGUE = "wexcombe@home.example", "tarrowby@work.example"
PLANTED = [*CANARY.split(), *CLINIC.split(), EXERCISE, DIAGNOSIS, NOTE, "calf_swelling"]
REACHED = [ADDRESS, COLLEAGUE, NUMBER.lstrip("+")]
CLINICAL = """
    knee leg calf thigh hamstring muscle tendon ligament graft meniscus acl surgery injury pain
    swelling sore red.flag diagnos therap physio rehab clinic doctor patient exercise curl bridge
    reps sets dose weight band rodilla pierna pantorrilla muslo isquiotibial m[uú]sculo tend[oó]n
    ligamento injerto menisco cirug lesi[oó]n dolor hincha alarma diagn[oó]s terap fisio cl[ií]nica
    m[eé]dic paciente ejercicio flexi[oó]n puente repetici series dosis peso banda
""".split()  # noqa: SIM905  a list of words reads better in lines
CLINICAL.remove("flexi[oó]n")  # the product's own name says it
LINK = re.compile(r"http://testserver/\S+?(?=[>\s]|$)")
TO_PATIENTS = [kind for kind in Kind if kind not in (Kind.DIGEST, Kind.URGENT)]


@pytest.fixture(autouse=True)
def _heard(caplog: pytest.LogCaptureFixture) -> None:
    """Every logger of the product and its libraries, down to the last word."""
    caplog.set_level(logging.DEBUG)


def a_patients_program(channel: str, language: str, endpoint: str = "") -> Program:
    """A program of somebody about whom much is known."""
    program = a_program(
        consent=False,
        clinic=ClinicFactory.create(name=CLINIC),
        channels=[channel],
        language=language,
        email=ADDRESS,
        phone=NUMBER,
        restrictions=f"{DIAGNOSIS}, {NOTE}",
        chart_number=DIAGNOSIS,
    )
    with clinic_scope(program.clinic_id):
        agree(program.patient, kind=Consent.Kind.to_reminders(channel))
        _prescribe(program)
        if endpoint:
            by = patient_actor(program.patient)
            add_device(patient=program.patient, endpoint=endpoint, by=by, at=DUE, **KEYS)
    return program


def _prescribe(program: Program) -> None:
    own = {"clinic": program.clinic}
    exercise = Exercise.objects.create(slug=f"{EXERCISE.lower()}-{uuid4()}", clinic=None)
    told = {"en": {"name": EXERCISE, "title": EXERCISE}}
    revision = Revision.objects.create(exercise=exercise, number=1, body=told)
    phase = Phase.objects.create(program=program, position=1, **own)
    row = Prescription.objects.create(program=program, phase=phase, sides="left", **own)
    step = {"position": 0, "laterality": "each", "entry": {}, "bounds": {}}
    PrescriptionStep.objects.create(prescription=row, revision=revision, **step, **own)


def _write(program: Program) -> None:
    Message.objects.create(
        clinic=program.clinic,
        patient=program.patient,
        author=program.assigned_by,
        from_patient=False,
        body=f"{NOTE} {DIAGNOSIS}",
        key=program.id,
        at=DUE,
    )


def _train_all(program: Program) -> None:
    Program.objects.filter(id=program.id).update(status=Program.Status.ACTIVE)
    train(program, sets=4)


ARRANGED: dict[str, Callable[[Program], None]] = {
    Kind.CHECK_IN: _train_all,
    Kind.STOPPED: lambda program: ignored(program, 6),
    Kind.MESSAGE: _write,
}


def planted(kind: str, program: Program, **to: Any) -> Occurrence:
    """Its message of this kind, which nothing speaks against."""
    with clinic_scope(program.clinic_id):
        if kind in ARRANGED:
            ARRANGED[kind](program)
        patient = Patient.objects.get(id=program.patient_id)
        about = {} if to else {"patient": patient, "program": program}
        return Occurrence.objects.create(
            clinic=program.clinic,
            kind=kind,
            channel=patient.channels[0],
            local_date=MONDAY,
            due_at=DUE,
            not_before=DUE,
            not_after=DUE + timedelta(hours=3),
            **about | to,
        )


def urgent(program: Program) -> Occurrence:
    _colleague(program)
    raise_flag(program)
    plan(DUE)
    with clinic_scope(program.clinic_id):
        return Occurrence.objects.get(kind=Kind.URGENT)


def digest(program: Program) -> Occurrence:
    clinician = _colleague(program)
    waits(program, clinician)
    return planted(Kind.DIGEST, program, recipient=clinician, subject=program.clinic_id)


def _colleague(program: Program) -> User:
    clinician: User = a_clinician_of(program.patient)
    told = {"email": COLLEAGUE, "name": CANARY, "language": program.patient.language}
    User.objects.filter(id=clinician.id).update(**told)
    return clinician


def told_by_mail(mail: MailServer) -> Iterator[str]:
    for each in mail.messages:
        yield str(each.get_content())
        yield from (f"{name}: {value}" for name, value in each.items() if name != "To")


def told_by_text(texts: TextSink) -> Iterator[str]:
    yield from (value for form in texts.taken for name, value in form.items() if name != "To")


def told_by_push(phones: Sink) -> Iterator[str]:
    for notice in phones.taken:
        yield from notice.told.values()
        yield from (f"{name}: {value}" for name, value in notice.headers.items())


def check(said: list[str], message: Occurrence) -> None:
    """What left says nothing, and its links carry ids and signatures only."""
    whole = "\n".join(said)
    links = LINK.findall(whole)
    assert links
    assert [found for link in links if (found := strange(link, message))] == []
    words = LINK.sub("", whole)
    assert found_in(whole, PLANTED) == []
    assert found_in(words, [*REACHED, *(rf"\b{word}" for word in CLINICAL)]) == []


def strange(link: str, message: Occurrence) -> str:
    """The link, if it carries anything but the message's id, or the two ids, signed."""
    path = urlsplit(link).path.replace("/hooks/texts/", "/go/")  # where a receipt comes to
    _nothing, page, key, *rest = path.split("/")
    ids = message.clinic_id.bytes + message.id.bytes
    if page in ("later", "stop-messages"):
        fits = base64.urlsafe_b64decode(SIGNER.unsign(key) + "==") == ids
    else:
        fits = page == "go" and key == str(message.id)
    return "" if fits and rest == [""] and not urlsplit(link).query else link


def found_in(text: str, patterns: list[str]) -> list[str]:
    return [each for each in patterns if re.search(each, text.replace("+", " "), re.IGNORECASE)]


def check_logs(caplog: pytest.LogCaptureFixture) -> None:
    """No line of any logger, but for those of the mail server, which stands for another's."""
    ours = [each for each in caplog.records if not each.name.startswith("mail.")]
    lines = "\n".join(f"{each.getMessage()} {each.args} {each.exc_text or ''}" for each in ours)
    assert found_in(lines, [*PLANTED, *REACHED]) == []


def queued(message: Occurrence) -> list[dict[str, Any]]:
    """What the broker got about this message, taken out again."""
    with current_app.connection_for_write() as line:
        broker: Any = line.default_channel
        raw = list(broker.client.lrange(message.channel, 0, -1))
        mine = [each for each in raw if str(message.id) in _opened(each)["body"]]
        for each in mine:
            broker.client.lrem(message.channel, 0, each)
        return [_opened(each) for each in mine]


def _opened(raw: bytes) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(raw)
    return told | {"body": base64.b64decode(told["body"]).decode()}


def kept_in_valkey() -> str:
    """Every key with its value, and what is base64 in it, opened."""
    with current_app.connection_for_read() as line:
        broker: Any = line.default_channel
        client = broker.client
        shown = [f"{key} {_value(client, key)}" for key in client.scan_iter()]
    whole = "\n".join(shown)
    coded = re.findall(r"[A-Za-z0-9+/]{40,}={0,2}", whole)
    return whole + "\n".join(str(base64.b64decode(each[: len(each) // 4 * 4])) for each in coded)


def _value(client: Any, key: bytes) -> str:
    kind = client.type(key).decode()
    readers = {
        "string": client.get,
        "list": lambda key: client.lrange(key, 0, -1),
        "hash": client.hgetall,
        "set": client.smembers,
        "zset": lambda key: client.zrange(key, 0, -1),
    }
    return str(readers[kind](key))


def check_queue(message: Occurrence) -> None:
    """A task carries the channel and the ids of messages, and so does the broker."""
    tasks.enqueue(message.channel, [message.id])
    everything = kept_in_valkey()
    (task,) = queued(message)
    arguments, named, _embedded = json.loads(task["body"])
    assert (arguments, named) == ([message.channel, [str(message.id)]], {})
    assert found_in(json.dumps(task) + everything, [*PLANTED, *REACHED]) == []


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", TO_PATIENTS)
def test_an_email_to_a_patient_says_nothing_of_them(
    mail: MailServer, caplog: pytest.LogCaptureFixture, kind: str, language: str
) -> None:
    message = planted(kind, a_patients_program("email", language))
    check_queue(message)
    assert send(message) == 1
    check(list(told_by_mail(mail)), message)
    check_logs(caplog)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", TO_PATIENTS)
def test_a_text_says_nothing_of_the_patient(
    texts: TextSink, caplog: pytest.LogCaptureFixture, kind: str, language: str
) -> None:
    message = planted(kind, a_patients_program("sms", language))
    check_queue(message)
    assert send(message) == 1
    check(list(told_by_text(texts)), message)
    check_logs(caplog)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", TO_PATIENTS)
def test_a_notification_says_nothing_of_the_patient(
    phones: Sink, caplog: pytest.LogCaptureFixture, kind: str, language: str
) -> None:
    program = a_patients_program("push", language, f"{phones.url}/phone")
    message = planted(kind, program)
    check_queue(message)
    assert send(message) == 1
    check(list(told_by_push(phones)), message)
    check_logs(caplog)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", [digest, urgent])
def test_an_email_to_a_clinician_says_nothing_of_the_patient(
    mail: MailServer,
    caplog: pytest.LogCaptureFixture,
    kind: Callable[[Program], Occurrence],
    language: str,
) -> None:
    message = kind(a_patients_program("email", language))
    check_queue(message)
    assert send(message) == 1
    check(list(told_by_mail(mail)), message)
    check_logs(caplog)


@pytest.mark.parametrize("answer", ["550 no <wexcombe@home.example> here", "451 later", "554 no"])
def test_a_mail_server_that_refuses_brings_nothing_into_the_log(
    mail: MailServer, caplog: pytest.LogCaptureFixture, answer: str
) -> None:
    message = planted(Kind.SESSION_DUE, a_patients_program("email", "en"))
    mail.answers = [answer]
    assert send(message) == 0
    check_logs(caplog)


def test_a_sender_that_breaks_brings_nothing_into_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    message = planted(Kind.SESSION_DUE, a_patients_program("email", "en"))
    assert send(message, client=Broken) == 0
    assert str(message.id) in caplog.text
    check_logs(caplog)


class Broken:
    """Raises what nobody foresaw, with the whole message in its words."""

    def __enter__(self) -> "Broken":
        return self

    def __exit__(self, *error: object) -> None: ...

    def send(self, message: object) -> str:
        raise RuntimeError(f"{message} {CANARY}")


def test_the_list_finds_what_it_is_for() -> None:
    """The checks themselves turn red: a word in a text, a name in a link."""
    message = Occurrence(id=uuid4(), clinic_id=UUID(int=1))
    link = f"http://testserver/go/{message.id}/"
    check([f"You have a session planned today. {link}"], message)
    for wrong in (f"Your knee {link}", f"Tu rodilla {link}", f"{CANARY} {link}", link + "?of=a"):
        with pytest.raises(AssertionError):
            check([wrong], message)
    with pytest.raises(signing.BadSignature):
        strange("http://testserver/later/forged.forged/", message)


__all__ = ["phones", "texts"]
