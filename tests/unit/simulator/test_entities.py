"""HTML as Telegram reads it, with its words for what it refuses."""

import pytest

from simulator.entities import (
    Entity,
    FormattedText,
    checked_url,
    given_entities,
    parse_html,
    trimmed,
    utf16_length,
    with_found,
)
from simulator.errors import ApiError


def test_characters_beyond_the_basic_plane_count_twice() -> None:
    assert utf16_length("a中𠮷😀") == 6


def test_offsets_are_counted_in_utf16_units() -> None:
    assert parse_html("😀𠮷<b>中</b>").entities == (Entity("bold", 4, 1),)


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("b", "bold"),
        ("strong", "bold"),
        ("i", "italic"),
        ("em", "italic"),
        ("u", "underline"),
        ("ins", "underline"),
        ("s", "strikethrough"),
        ("strike", "strikethrough"),
        ("del", "strikethrough"),
        ("tg-spoiler", "spoiler"),
        ("code", "code"),
        ("pre", "pre"),
        ("blockquote", "blockquote"),
        ("B", "bold"),
    ],
)
def test_each_tag_that_telegram_knows_marks_its_text(tag: str, kind: str) -> None:
    assert parse_html(f"a<{tag}>b</{tag}>c") == FormattedText("abc", (Entity(kind, 1, 1),))


def test_tags_nest_and_the_outer_one_comes_first() -> None:
    assert parse_html("<b>a<i>b</i></b>").entities == (Entity("bold", 0, 2), Entity("italic", 1, 1))


def test_a_span_must_be_a_spoiler() -> None:
    assert parse_html('<span class="tg-spoiler">x</span>').entities == (Entity("spoiler", 0, 1),)
    with pytest.raises(ApiError, match='Tag "span" must have class "tg-spoiler" at byte offset 1'):
        parse_html("a<span>x</span>")


def test_code_in_pre_names_the_language() -> None:
    parsed = parse_html('<pre><code class="language-python">x</code></pre>')
    assert parsed.entities == (Entity("pre", 0, 1, {"language": "python"}),)


def test_a_blockquote_can_be_expandable() -> None:
    assert parse_html("<blockquote expandable>x</blockquote>").entities == (Entity("expandable_blockquote", 0, 1),)


def test_a_link_keeps_its_address_and_a_wrong_one_is_only_text() -> None:
    parsed = parse_html('<a href="https://example.org/?a=1&amp;b=2">x</a><a href="nowhere">y</a>')
    assert parsed == FormattedText("xy", (Entity("text_link", 0, 1, {"url": "https://example.org/?a=1&b=2"}),))


def test_references_are_decoded_and_unknown_ones_stay() -> None:
    assert parse_html("&lt;&gt;&amp;&quot;&#39;&#x4e2d;&nbsp;&").text == "<>&\"'中&nbsp;&"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("中<x>", 'Unsupported start tag "x" at byte offset 3'),
        ("<p>a</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("1 <2> 3", 'Unsupported start tag "2" at byte offset 2'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ("<a ='x'>x</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=https://x.org>x</a>", "Unexpected end of name token at byte offset 8"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("&#xD800;", "Text contains invalid Unicode characters after decoding HTML entities"),
    ],
)
def test_what_telegram_cannot_parse_is_refused_in_its_words(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse_html(source)
    assert caught.value.code == 400
    assert caught.value.description.startswith(f"Bad Request: can't parse entities: {reason}")


def test_white_space_around_a_text_is_dropped_and_the_marks_follow() -> None:
    assert trimmed(parse_html(" \n<b> 中 </b>\n")) == FormattedText("中", (Entity("bold", 0, 1),))


def test_marks_of_white_space_alone_vanish() -> None:
    assert trimmed(parse_html("a<b>  </b>")) == FormattedText("a")


def test_telegram_finds_commands_addresses_and_mentions_by_itself() -> None:
    found = with_found(FormattedText("/start@some_bot 见 https://example.org/a。@lisi_4 a@b.cn #路灯"))
    assert [(one.type, one.offset, one.length) for one in found.entities] == [
        ("bot_command", 0, 15),
        ("url", 18, 21),
        ("mention", 40, 7),
        ("email", 48, 6),
        ("hashtag", 55, 3),
    ]


def test_nothing_is_found_inside_code() -> None:
    assert with_found(parse_html("<code>/start</code>")).entities == (Entity("code", 0, 6),)


@pytest.mark.parametrize(
    ("link", "stored"),
    [
        ("https://example.org", "https://example.org/"),
        ("example.org/x", "http://example.org/x"),
        ("http://127.0.0.1:8081/x", "http://127.0.0.1:8081/x"),
        ("tg://resolve?domain=x", "tg://resolve?domain=x"),
        ("http://localhost:8081/", ""),
        ("javascript:alert(1)", ""),
        ("ftp://example.org/", ""),
        ("https://", ""),
        ("https://exa mple.org", ""),
        ("http://example.org:99999/", ""),
    ],
)
def test_only_web_addresses_are_links(link: str, stored: str) -> None:
    assert checked_url(link) == stored


def test_entities_that_a_bot_lists_must_lie_inside_the_text() -> None:
    assert given_entities("ab", [{"type": "bold", "offset": 0, "length": 2}]).entities
    with pytest.raises(ApiError, match="entity begins"):
        given_entities("ab", [{"type": "bold", "offset": 1, "length": 2}])
    with pytest.raises(ApiError, match="Unsupported type"):
        given_entities("ab", [{"type": "huge", "offset": 0, "length": 1}])
