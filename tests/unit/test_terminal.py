"""The command line speaks the language of its terminal, and none of its sentences stands in the code."""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from babel.messages.mofile import read_mo
from click.testing import CliRunner

from bot.__main__ import main
from bot.cli.help import COLUMNS, explain
from texts import click_messages
from texts.terminal import terminal_language

ROOT = Path(__file__).parents[2]
CHINESE = {"LC_ALL": "zh_CN.UTF-8"}
ENGLISH_SENTENCE = re.compile(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")


def english_in(shown: str) -> list[str]:
    """Return what of a text reads like English, names of commands apart."""
    return ENGLISH_SENTENCE.findall(re.sub(r"main [a-z -]+", "", shown))


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_Hans"),
        ({"LANG": "zh_SG"}, "zh_Hans"),
        ({"LANG": "zh_TW.UTF-8"}, "zh_Hant"),
        ({"LANG": "zh_HK.Big5-HKSCS"}, "zh_Hant"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh_Hans"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh_Hans"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_TW:zh"}, "zh_Hant"),
    ],
)
def test_the_locale_of_a_terminal_decides_its_language(environment: dict[str, str], language: str) -> None:
    assert terminal_language(environment) == language


def commands(above: click.Group, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(above)
    for name in above.list_commands(context):
        command = above.get_command(context, name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)


def test_every_command_and_every_option_explains_itself() -> None:
    for path, command in [((), main), *commands(main)]:
        explain(command, *path) if path else explain(command)
        assert command.help, path
        for option in command.params:
            assert not isinstance(option, click.Option) or option.help, (path, option.name)


@pytest.mark.parametrize("locale", ["zh_CN.UTF-8", "zh_TW.UTF-8"])
def test_the_help_of_every_command_is_chinese_where_the_terminal_is(locale: str) -> None:
    for path in [(), *(path for path, _ in commands(main))]:
        shown = CliRunner().invoke(main, [*path, "--help"], env={"LC_ALL": locale}).output
        assert "用法：" in shown
        assert not english_in(shown), shown
        assert all(len(line.encode("gb18030")) <= COLUMNS + 4 for line in shown.splitlines() if "  " not in line[2:])


def test_the_same_process_speaks_english_to_an_english_terminal() -> None:
    chinese = CliRunner().invoke(main, ["--help"], env=CHINESE).output
    english = CliRunner().invoke(main, ["--help"], env={"LC_ALL": "en_GB.UTF-8"}).output
    assert "建好密钥库和数据库" in chinese
    assert "Make the keyring and the database." in english
    assert not re.search("[\u4e00-\u9fff]", english)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["invite"], "请写明邀请谁"),
        (["no-such-command"], "没有命令 'no-such-command'"),
        (["qr", "R6"], "没有写参数 'PLACE'"),
        (["audit", "verify", "--noted", "x"], "封签是"),
        (["--config", "nowhere.toml", "doctor"], "没有 nowhere.toml"),
        (["import", "nowhere.json"], "读不了 nowhere.json"),
    ],
)
def test_a_mistake_is_explained_in_chinese_where_the_terminal_is(arguments: list[str], says: str) -> None:
    result = CliRunner().invoke(main, arguments, env=CHINESE)
    assert result.exit_code != 0
    assert says in result.output
    assert not english_in(result.output), result.output


def test_a_county_file_is_entered_and_its_faults_are_told_in_chinese(tmp_path: Path) -> None:
    environment = CHINESE | {
        "XUNSHENG_DATABASE__URL": f"sqlite:///{tmp_path / 'county.sqlite3'}",
        "XUNSHENG_KEYRING__PATH": str(tmp_path / "keyring"),
        "XUNSHENG_FILES__PATH": str(tmp_path / "files"),
    }

    def said(*arguments: str, ends_with: int = 0) -> str:
        result = CliRunner().invoke(main, list(arguments), env=environment)
        assert result.exit_code == ends_with, result.output
        assert not english_in(result.output), result.output
        return result.output

    assert "已在" in said("init")
    assert "新增：县 1, 类别 22" in said("import", "sample")
    assert "和已经录入的没有不同" in said("import", "sample")
    sample = (ROOT / "bot/samples/county-sample.json").read_text(encoding="utf-8")
    changed = tmp_path / "changed.json"
    changed.write_text(sample.replace('"accept_days": 15', '"accept_days": 20'), encoding="utf-8")
    assert "改动 县 清禾县: settings.complaint.accept_days 15 → 20" in said("import", str(changed))
    changed.write_text(sample.replace('"accept_days": 15', '"accept_days": "x"'), encoding="utf-8")
    assert "settings.complaint.accept_days：要写整数" in said("import", str(changed), ends_with=1)
    changed.write_text(sample.replace('"leader": "P05"', '"leader": "P99"'), encoding="utf-8")
    assert "这个文件里没有人员 P99" in said("import", str(changed), ends_with=1)
    examined = said("doctor", ends_with=1)
    assert "还没有机器人的令牌" in examined
    assert "还没有开通：P01" in examined
    assert "没有叫“R9”的轮次" in said("round", "R9", ends_with=1)


def test_no_sentence_is_written_into_the_code_of_the_command_line() -> None:
    found = [
        (file.name, text)
        for file in [*(ROOT / "bot/cli").glob("*.py"), ROOT / "bot/config.py"]
        for text in texts_in(ast.parse(file.read_text(encoding="utf-8")))
        if ENGLISH_SENTENCE.search(text) and not text.startswith("SET TRANSACTION")
    ]
    assert found == []


def texts_in(tree: ast.AST) -> Iterator[str]:
    """Yield all that is written between quotes, but for docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def test_what_the_library_says_is_compiled_from_its_catalogues() -> None:
    for locale, catalogue in click_messages.CATALOGUES.items():
        with click_messages.compiled_file(locale).open("rb") as file:
            there = {str(entry.id): entry.string for entry in read_mo(file) if entry.id}
        compiled = read_mo(io.BytesIO(click_messages.compiled(catalogue)))
        assert there == {str(entry.id): entry.string for entry in compiled if entry.id}
