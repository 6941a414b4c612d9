"""A value object in one column, as it is written."""

from abc import abstractmethod
from typing import Generic, TypeVar

from sqlalchemy import Dialect
from sqlalchemy.types import TypeDecorator

Value = TypeVar("Value")


class ValueColumn(TypeDecorator[Value], Generic[Value]):
    """Base of such columns: a value is written by `str`, and read by `parse`."""

    @abstractmethod
    def parse(self, written: str) -> Value:
        """Read a value as it is written; raise ValueError when it is none."""

    def process_bind_param(self, value: Value | None, _dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Value | None:
        return None if value is None else self.parse(value)
