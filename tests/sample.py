"""Where the sample county is: the one that ships."""

from pathlib import Path

SAMPLE = Path(__file__).parent.parent / "bot" / "samples" / "county-sample.json"
