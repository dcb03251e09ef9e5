"""The API's own description: as OpenAPI, and as a page made from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from config.problems import CONTENT_TYPE

Schema = dict[str, Any]
PROBLEM: Schema = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "reason": {"type": "string", "description": "Of a 409, in one word."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
METHODS = ("get", "post")


def add_problems(result: Schema, **given: Any) -> Schema:
    """A hook of drf-spectacular: every operation may answer with a problem."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in result["paths"].values():
        for operation in path.values():
            operation["responses"]["default"] = {"description": "A problem.", "content": content}
    return result


@lru_cache(maxsize=1)
def document() -> Schema:
    """The whole description, made once, in English."""
    with translation.override("en"):
        made: Schema = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]  # the library has no types here
    return made


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The description for machines."""
    return JsonResponse(document(), json_dumps_params={"indent": 1})


@dataclass(frozen=True)
class Operation:
    """One line of the page: what is sent where, and what comes back."""

    name: str
    method: str
    path: str
    about: str
    takes: tuple["Field", ...]
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """One field of a body: `kind` in words, with its bounds."""

    name: str
    kind: str
    required: bool
    about: str


def operations(description: Schema) -> Iterator[Operation]:
    for path, methods in description["paths"].items():
        for method in METHODS:
            if found := methods.get(method):
                yield _operation(description, path, method, found)


def _operation(description: Schema, path: str, method: str, found: Schema) -> Operation:
    body = found.get("requestBody", {}).get("content", {}).get("application/json", {})
    return Operation(
        name=found["operationId"],
        method=method.upper(),
        path=path,
        about=found.get("description", ""),
        takes=tuple(_fields(description, body.get("schema", {}))),
        answers=tuple(code for code in found["responses"] if code != "default"),
    )


def _fields(description: Schema, shape: Schema) -> Iterator[Field]:
    """The fields of a body; where one or a list may be sent, those of the one."""
    while "$ref" in shape or "oneOf" in shape:
        name = shape["oneOf"][0]["$ref"] if "oneOf" in shape else shape["$ref"]
        shape = description["components"]["schemas"][name.rsplit("/", 1)[1]]
    for name, field in shape.get("properties", {}).items():
        about = field.get("description", "")
        yield Field(name, _kind(description, field), name in shape.get("required", ()), about)


def _kind(description: Schema, field: Schema) -> str:
    choices = [each for part in _parts(description, field) for each in part.get("enum", ())]
    if choices:
        return ", ".join(str(each) for each in choices if each)
    kind = str(field.get("format", field.get("type")))
    return f"{kind} {field['minimum']}-{field['maximum']}" if "maximum" in field else kind


def _parts(description: Schema, field: Schema) -> Iterator[Schema]:
    """A field and whatever it refers to."""
    yield field
    for part in [*field.get("oneOf", ()), *field.get("allOf", ()), field]:
        if "$ref" not in part:
            continue
        name = part["$ref"].rsplit("/", 1)[1]
        yield description["components"]["schemas"][name]


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The description for people."""
    return render(request, "api/docs.html", {"operations": list(operations(document()))})
