"""`states`: the rules of what may follow what."""

import click

from models.states import MACHINES


@click.command()
def states() -> None:
    """Print the states of rounds, cases and rectification items as Mermaid diagrams.

    Each arrow says which action leads from one state to the next, and who may do it. The text can be pasted into any
    Markdown page.
    """
    click.echo(diagrams(), nl=False)


def diagrams() -> str:
    """Return all state machines as Markdown."""
    return "\n".join(f"## {machine.name}\n\n```mermaid\n{machine.mermaid()}\n```\n" for machine in MACHINES)
