"""Functions found by a name: what renders a notice, takes an answer, does a press."""

from collections.abc import Callable
from typing import Generic, TypeVar

Found = TypeVar("Found", bound=Callable[..., object])


class Registry(dict[str, Found], Generic[Found]):
    """Names and the function of each; a name that is taken already is a programming error and raises."""

    def named(self, name: str) -> Callable[[Found], Found]:
        """Return the decorator that enters a function under a name."""

        def enter(function: Found) -> Found:
            if name in self:
                raise ValueError(f"Two functions for {name}.")
            self[name] = function
            return function

        return enter
