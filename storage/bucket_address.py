"""Where a bucket is: apart from the bucket, so that settings can be read without the library that opens it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class BucketAddress:
    """Where a bucket is, and how it is opened."""

    bucket: str
    endpoint: str | None = None  # None: Amazon's own
    region: str = "us-east-1"
    access_key_id: str | None = None
    secret_access_key: str | None = field(default=None, repr=False)
