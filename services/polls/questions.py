"""What polls ask: sets of questions by version. A poll keeps the version that it was opened with."""

from collections.abc import Mapping
from enum import StrEnum


class Choice(StrEnum):
    """What can be said of each aspect, the best first."""

    GOOD = "good"
    FAIRLY_GOOD = "fairly_good"
    FAIR = "fair"
    POOR = "poor"


# The aspects of a leading group that are asked about. What was asked once stays as it is: other questions are another
# version.
QUESTIONS: Mapping[int, tuple[str, ...]] = {1: ("politics", "duty", "style", "integrity", "overall")}
NEWEST = max(QUESTIONS)
