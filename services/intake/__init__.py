"""What residents send: taken in, understood, routed."""

import os

# Said before anything here imports numpy: its matrices are small, and threads that wait for one another take ten times
# the processor's time of one that does it all.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
