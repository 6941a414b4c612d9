"""Functions registered under names: the renderers of notices, the handlers of commands."""

from collections.abc import Callable
from typing import Generic, TypeVar

FunctionT = TypeVar("FunctionT", bound=Callable[..., object])


class Registry(dict[str, FunctionT], Generic[FunctionT]):
    """Functions by their names. A name that is taken already raises ValueError."""

    def named(self, name: str) -> Callable[[FunctionT], FunctionT]:
        """Return the decorator that registers a function under a name."""

        def register(function: FunctionT) -> FunctionT:
            if name in self:
                raise ValueError(f"Two functions for {name}.")
            self[name] = function
            return function

        return register
