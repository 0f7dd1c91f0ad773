"""REI's settings: lines of `.env`."""

import os

HOME = os.path.dirname(os.path.abspath(__file__))


def env(name):
    """A setting's text; empty where it is not set."""
    try:
        with open(os.path.join(HOME, ".env"), encoding="utf-8") as lines:
            pairs = [line.strip().partition("=") for line in lines]
    except OSError:
        return ""
    return dict((key, value) for key, _, value in pairs).get(name, "")
