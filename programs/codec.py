"""Facts, states and decisions to plain JSON values and back, the same after a round trip."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

Json = dict[str, Any]
Read = Callable[[Any], Any]


def to_json(value: Any, *, slim: bool = False) -> Any:
    """A value of `types` as what json.dumps takes; instants as ISO 8601 in UTC.

    `slim` leaves out what has its default: `from_json` reads the same.
    """
    if hasattr(value, "_fields"):
        defaults = value._field_defaults if slim else {}
        return {
            name: to_json(held, slim=slim)
            for name, held in zip(value._fields, value, strict=True)
            if name not in defaults or held != defaults[name]
        }
    if isinstance(value, tuple):
        return [to_json(each, slim=slim) for each in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def from_json[T](cls: type[T], data: Json) -> T:
    """What `to_json` wrote, as `cls`. Fields that are absent take their default.

    Raises TypeError or ValueError if the data doesn't fit.
    """
    readers = _readers(cls)  # type: ignore[arg-type]  # a cached function of a type
    unknown = data.keys() - readers.keys()
    if unknown:
        raise ValueError(f"{cls.__name__} has no {sorted(unknown)}")
    return cls(**{name: readers[name](given) for name, given in data.items()})


@cache
def _readers(cls: Any) -> dict[str, Read]:
    hints = get_type_hints(cls)
    return {name: _reader(hints[name]) for name in cls._fields}


@cache
def _reader(hint: Any) -> Read:
    """The function that reads a value of this type; made once for each type."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        choices = [arg for arg in args if arg is not NoneType]
        read = _reader(choices[0])
        return (lambda v: v) if len(choices) > 1 else (lambda v: None if v is None else read(v))
    if origin is tuple:
        return _reader_of_tuple(args)
    if origin is Literal:
        return partial(_one_of, args)
    if hasattr(hint, "_fields"):
        return partial(from_json, hint)
    if hint is datetime:
        return lambda value: datetime.fromisoformat(value).astimezone(UTC)
    return date.fromisoformat if hint is date else partial(_plain, hint)


def _one_of(choices: tuple[Any, ...], value: Any) -> Any:
    if value not in choices:
        raise ValueError(f"{value!r} is not one of {choices}")
    return value


def _reader_of_tuple(args: tuple[Any, ...]) -> Read:
    if len(args) == 2 and args[1] is Ellipsis:
        read = _reader(args[0])
        return lambda value: tuple(map(read, value))
    parts = [_reader(arg) for arg in args]
    return lambda value: tuple(part(each) for part, each in zip(parts, value, strict=True))


def _plain(hint: Any, value: Any) -> Any:
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise TypeError(f"{value!r} is not {hint.__name__}")
    return value
