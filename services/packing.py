"""Frozen dataclasses as JSON values, and back."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Unpacked = TypeVar("Unpacked")
_PLAIN = (str, int, bool, NoneType)
_TYPES: dict[type, dict[str, Any]] = {}  # of the dataclasses met so far: to find them takes long


def pack(instance: Any) -> dict[str, Any]:
    """Return the fields of a dataclass instance as JSON values; raise TypeError when a value has no such form."""
    return {name: _pack(getattr(instance, name)) for name in types_of(type(instance))}


def unpack(wanted: type[Unpacked], packed: Mapping[str, Any]) -> Unpacked:
    """Return an instance made of packed fields; raise TypeError or ValueError when they are not the class's own."""
    types = types_of(wanted)
    if unknown := packed.keys() - types.keys():
        raise TypeError(f"{wanted.__name__} has no {', '.join(sorted(unknown))}.")
    return wanted(**{name: _unpack(types[name], value) for name, value in packed.items()})


def types_of(packed: type) -> dict[str, Any]:
    """Return the types of a dataclass's fields by their names."""
    if packed not in _TYPES:
        hints = get_type_hints(packed)
        _TYPES[packed] = {field.name: hints[field.name] for field in fields(packed)}
    return _TYPES[packed]


def _pack(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, tuple):
        return [_pack(one) for one in value]
    if is_dataclass(value):
        return pack(value)
    raise TypeError(f"A {type(value).__name__} cannot be packed.")


def _unpack(wanted: Any, value: Any) -> Any:
    if get_origin(wanted) in (Union, UnionType):  # a type or None
        return None if value is None else _unpack(get_args(wanted)[0], value)
    if get_origin(wanted) is tuple and isinstance(value, list):
        return tuple(_unpack(get_args(wanted)[0], one) for one in value)
    if is_dataclass(wanted) and isinstance(wanted, type) and isinstance(value, Mapping):
        return unpack(wanted, value)
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return wanted(value)
    if wanted in _PLAIN and type(value) is wanted:
        return value
    raise TypeError(f"A {type(value).__name__} is not {wanted}.")
