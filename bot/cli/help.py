"""The help of commands and options in the language of the terminal: a sentence for each, found by its name."""

import unicodedata
from collections.abc import Iterator

import click

from texts.terminal import has_sentence, sentence, terminal_language

COLUMNS = 78  # of a line of Chinese, which has no blanks to break at


def explain(command: click.Command, *path: str) -> click.Command:
    """Give a command its help, with all its options and the commands under it. `path` are the names that lead there."""
    name = "_".join(path or ("main",)).replace("-", "_")
    text = sentence(f"help.{name}")
    command.help, command.short_help = text, None
    if terminal_language() != "en":
        command.short_help = text.partition("\n")[0].partition("。")[0]
        command.help = "\n\n".join("\b\n" + "\n".join(_lines(paragraph)) for paragraph in text.split("\n\n"))
    help_option = command.get_help_option(click.Context(command))
    if help_option is not None:
        help_option.help = sentence("help.help")
    for option in command.params:
        if not isinstance(option, click.Option):
            continue
        key = "help.version" if option.name == "version" else f"help.{name}_{option.name}"
        option.help = sentence(key)
        if has_sentence(f"{key}_prompt"):
            option.prompt = sentence(f"{key}_prompt")
    if isinstance(command, click.Group) and path:
        for inner_name, inner in command.commands.items():
            explain(inner, *path, inner_name)
    return command


def _lines(paragraph: str) -> Iterator[str]:
    """Break a paragraph wherever a line is full, but never before a mark or inside a word of Latin letters."""
    line, width = "", 0
    for word in _words(paragraph):
        needed = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in word)
        if line and width + needed > COLUMNS:
            yield line.rstrip()
            line, width = "", 0
        line, width = line + word if line else word.lstrip(), width + needed
    yield line


def _words(paragraph: str) -> Iterator[str]:
    word = ""
    for sign in paragraph:
        breaks = (unicodedata.east_asian_width(sign) == "W" and unicodedata.category(sign) == "Lo") or sign == " "
        if word and (breaks or (unicodedata.category(word[-1]) == "Lo" and unicodedata.category(sign)[0] != "P")):
            yield word
            word = ""
        word += sign
    yield word
