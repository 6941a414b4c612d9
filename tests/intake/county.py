"""The sample county, and a short way to ask what a resident means there."""

from bench.intake import sample_county
from services.intake.classify import understand
from services.intake.understanding import About, Understanding

COUNTY = sample_county()


def meaning(*texts: str) -> Understanding:
    """Return what texts mean that one resident of the sample county wrote."""
    return understand(texts, county=COUNTY)


def concerned(*texts: str) -> set[About]:
    """Return whom texts are about."""
    return {finding.about for finding in meaning(*texts).about}


def marked(*texts: str) -> list[str]:
    """Return the words that lead to the writer."""
    return [words.written for finding in meaning(*texts).traces for words in finding.words]
