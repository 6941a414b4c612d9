"""What the pages say of the code is there: files, rules, terms, decisions."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
DOCS = REPOSITORY / "docs"
PAGES = sorted((REPOSITORY / "README.md", *DOCS.rglob("*.md")))
PRODUCT = ("bot", "channels", "handlers", "services", "models", "privacy", "media", "storage", "qr", "texts", "web")
MOST_FILES = 4  # of the product and its tests, beside the catalogues and a migration

_QUOTED = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"[\w.-]+/(?:[\w.-]+/)*[\w.-]*")


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def paths_in(text: str) -> list[str]:
    """Return what is quoted and looks like a file or a folder of the repository."""
    return [quoted for quoted in _QUOTED.findall(text) if _PATH.fullmatch(quoted)]


def rows_of(text: str, heading: str) -> Iterator[list[str]]:
    """Yield the cells of the table under a heading."""
    section = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    for line in lines[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def identifiers() -> set[str]:
    return {
        word
        for part in PRODUCT
        for module in (REPOSITORY / part).rglob("*.py")
        for word in re.findall(r"[A-Za-z_]\w*", module.read_text(encoding="utf-8"))
    }


@pytest.mark.parametrize("written", PAGES, ids=lambda path: path.name)
def test_every_file_that_a_page_names_is_there(written: Path) -> None:
    named = paths_in(written.read_text(encoding="utf-8"))
    assert [path for path in named if not (REPOSITORY / path).exists()] == []


@pytest.mark.parametrize("name", ["architecture.md", "extending.md", "glossary.md"])
def test_the_pages_about_the_code_name_files(name: str) -> None:
    assert len(paths_in(page(name))) > 10


def test_every_link_between_pages_leads_somewhere() -> None:
    for source in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", source.read_text(encoding="utf-8")):
            assert (source.parent / target).exists(), (source.name, target)


def test_each_rule_stands_in_the_file_that_the_page_about_architecture_names() -> None:
    rules = list(rows_of(page("architecture.md"), "Each rule in one place"))
    assert rules
    for rule, where in rules:
        files = [path for path in paths_in(where) if path.endswith(".py")]
        assert files, rule
        code = "\n".join((REPOSITORY / path).read_text(encoding="utf-8") for path in files)
        for name in (quoted for quoted in _QUOTED.findall(where) if quoted not in files):
            assert re.search(rf"\b{name.rpartition('.')[2]}\b", code), (rule, name)


def test_nothing_that_is_asked_for_often_takes_more_than_four_files() -> None:
    sections = page("extending.md").split("\n## ")[1:]
    lists = {section.partition("\n")[0]: re.findall(r"^(\d)\. ", section, re.MULTILINE) for section in sections}
    assert len(lists) == 5
    for title, numbers in lists.items():
        assert numbers == [str(number) for number in range(1, len(numbers) + 1)], title
        assert 1 <= len(numbers) <= MOST_FILES, title


def terms() -> list[tuple[str, tuple[str, ...]]]:
    """Return each term's identifier, with all that says what it means."""
    county = [(cells[0], tuple(cells[1:])) for cells in rows_of(page("glossary.md"), "The county")]
    code = [(cells[0], (cells[1],)) for cells in rows_of(page("glossary.md"), "The code")]
    assert county
    assert code
    return [(identifier.strip("`"), meanings) for identifier, meanings in county + code]


def test_every_term_of_the_glossary_is_used_in_the_code() -> None:
    used = identifiers()
    assert [identifier for identifier, _ in terms() if identifier not in used] == []


def test_every_term_of_the_code_is_used_where_the_glossary_says() -> None:
    for identifier, _, where in rows_of(page("glossary.md"), "The code"):
        module = REPOSITORY / where.strip("`")
        code = f"{module.stem}\n{module.read_text(encoding='utf-8')}"
        assert re.search(rf"\b{identifier.strip('`')}\b", code), identifier


def test_no_two_terms_of_the_glossary_mean_the_same() -> None:
    named = [identifier.lower() for identifier, _ in terms()]
    meanings = [re.sub(r"\W", "", text).lower() for _, texts in terms() for text in dict.fromkeys(texts)]
    assert len(named) == len(set(named))
    assert len(meanings) == len(set(meanings))


def test_decisions_have_numbers_of_their_own_and_are_listed() -> None:
    files = sorted(path.name for path in (DOCS / "decisions").glob("[0-9]*.md"))
    assert len({name[:4] for name in files}) == len(files)
    listed = re.findall(r"^(\d+)\. \[[^\]]+\]\(([^)]+)\)$", page("decisions/README.md"), re.MULTILINE)
    assert listed == [(str(int(name[:4])), name) for name in files]
