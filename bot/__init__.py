"""The running process."""

import os

# Waiting times as timedeltas, the library's coming way; it must be said before the library is imported.
os.environ.setdefault("PTB_TIMEDELTA", "true")
