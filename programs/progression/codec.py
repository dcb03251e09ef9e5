"""Facts, states and decisions to plain JSON values and back, the same after a round trip."""

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

Json = dict[str, Any]


def to_json(value: Any) -> Any:
    """A dataclass of `types` as values that json.dumps takes; instants as ISO 8601 in UTC."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: to_json(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [to_json(each) for each in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def from_json[T](cls: type[T], data: Json) -> T:
    """The dataclass that `to_json` wrote. Fields that are absent take their default.

    Raises TypeError or ValueError if the data doesn't fit.
    """
    hints = _hints(cls)  # type: ignore[arg-type]
    unknown = data.keys() - hints.keys()
    if unknown:
        raise ValueError(f"{cls.__name__} has no {sorted(unknown)}")
    return cls(**{name: _read(hints[name], given) for name, given in data.items()})


@cache
def _hints(cls: Any) -> dict[str, Any]:
    hints = get_type_hints(cls)
    return {each.name: hints[each.name] for each in fields(cls)}


def _read(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _read_union(get_args(hint), value)
    if origin is tuple:
        return _read_tuple(get_args(hint), value)
    if origin is Literal:
        return _one_of(get_args(hint), value)
    if is_dataclass(hint) and isinstance(hint, type):
        return from_json(hint, value)
    if hint is datetime:
        return datetime.fromisoformat(value).astimezone(UTC)
    if hint is date:
        return date.fromisoformat(value)
    return _plain(hint, value)


def _one_of(choices: tuple[Any, ...], value: Any) -> Any:
    if value not in choices:
        raise ValueError(f"{value!r} is not one of {choices}")
    return value


def _read_tuple(args: tuple[Any, ...], value: Any) -> Any:
    if len(args) == 2 and args[1] is Ellipsis:
        return tuple(_read(args[0], each) for each in value)
    return tuple(_read(arg, each) for arg, each in zip(args, value, strict=True))


def _read_union(args: tuple[Any, ...], value: Any) -> Any:
    if value is None:
        return None
    choices = [arg for arg in args if arg is not type(None)]
    return _read(choices[0], value) if len(choices) == 1 else value


def _plain(hint: Any, value: Any) -> Any:
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise TypeError(f"{value!r} is not {hint.__name__}")
    return value
