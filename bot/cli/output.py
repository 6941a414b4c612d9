"""Files that commands write where the user says."""

from pathlib import Path

import click

from texts.terminal import os_reason, sentence


def write_file(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file, or say in one sentence why not; a private one is for its owner's eyes alone."""
    try:
        if private:
            path.touch(mode=0o600)
            path.chmod(0o600)
        path.write_bytes(content)
    except OSError as error:
        raise click.ClickException(sentence("cli.cannot_write", path=path, reason=os_reason(error))) from None
