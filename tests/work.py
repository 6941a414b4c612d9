"""What a browser with JavaScript works out for a page."""

import json

import altcha


def solution_of(challenge: str) -> str:
    """Return what is sent for a challenge."""
    read = altcha.Challenge.from_dict(json.loads(challenge))
    solution = altcha.solve_challenge(read)
    assert solution is not None
    return altcha.Payload(read, solution).to_base64()
