"""Finds who writes where no word such as 'my name is' says it: signatures, kin by name, nicknames."""

import re
from collections.abc import Iterator

from privacy.characters import COMMON_HAN
from privacy.traces.kinds import TraceKind
from privacy.traces.names import name_at
from privacy.traces.surnames import PINYIN

_SIGNER = (
    "(?:村民代表|村民|群众|群眾|社员|社員|居民|市民|业主|業主|家长|家長|农民工|農民工|农民|農民|贫困户|低保户|老党员|党员|黨員"
    "|退伍军人|老兵|学生|學生|租户|商户|申请人|写信人)"
)
_FROM = rf"(?:[{COMMON_HAN}]{{1,6}}(?:村|组|組|社区|社區|镇|鎮|乡|鄉))?(?:的|一名|一位)?"
_BEGINS = r"(?:^|(?<=[\n,.;!?。~ ]))"
# Where a line begins, or a sentence, and behind a dash: what stands behind is who signs, if the line ends with it.
_SIGNATURE = re.compile(
    rf"{_BEGINS}(?:此致)?(?:敬礼|敬禮)?[!,. ]?{_FROM}{_SIGNER}[\s:]{{0,3}}"
    rf"|(?:——|--|{_BEGINS}[—―\-])[\s\-—]{{0,3}}"
)
_SIGNED = re.compile(
    r"[ \t]{0,4}(?:[(,.。!]?[ \t]{0,4}(?:\d{2,4}[年.\-/]|\d{1,2}月"
    r"|敬上|敬启|敬啟|上$|启$|谨上|拜上|叩首|呈上|亲笔|手书|电话|手机|身份)|[,.。!~]?\s{0,4}$|[,.。!~]?\s{0,4}\n)"
)
_SELF = re.compile(r"(?<![让讓叫给給对對跟和与與找被把向为為诉知骂罵打])(?:我|本人|俺|咱)")
_TELLS = re.compile(
    r"(?:再次|现在|今天|特此|郑重|在此|要|想|来|实名|實名)?(?:向[^,。]{1,8})?"
    r"(?:反映|反應|举报|舉報|投诉|投訴|控告|检举|檢舉|申诉|申訴|声明|聲明|实名|實名|保证说|对天发誓|对天起誓|承诺|担保)"
)
_KIN = re.compile(
    r"(?:我|俺|咱)(?:家)?的?(?:丈夫|老公|爱人|愛人|男人|老婆|妻子|媳妇|媳婦|儿媳妇?|女婿|[大二小]?儿子|兒子|[大二小]?女儿|女兒|孩子|老伴"
    r"|父亲|父親|母亲|母親|老父|老母|爸爸|爸|爹|妈妈|媽媽|妈|媽|娘|[大二]?哥哥?|弟弟?|[大二]?姐姐?|妹妹?|爷爷|爺爺|奶奶|外公|外婆|姥爷"
    r"|姥姥|公公|婆婆|岳父|岳母|叔叔|舅舅|侄子|侄女|外甥|孙子|孫子|孙女|孫女)(?:名叫|叫做?|姓名是?|名字是?)?[\s:(,]{0,2}"
)
_ENGLISH_KIN = re.compile(
    r"\b[Mm]y (?:late )?(?:husband|wife|son|daughter|father|mother|brother|sister|uncle|aunt)"
    r"(?:['’]s name is|,| is called| is named)? ([A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20}){1,2})"
)
# These begin other words more often than names.
_RARELY_SURNAMES = frozenset(
    "都有从從向和能时時常应應相全于於通解包管经經连連终終别別安在当當被让讓说說要去来來没沒方单單成计計边邊平因先可那"
)
_CALLED = re.compile(
    r"(?:(?:我|本人|俺)(?:的|有个|有個)?(?:外号|外號|绰号|綽號|诨名|诨号|小名|乳名|花名|网名|網名|笔名|昵称|暱稱)(?:就?[叫是为為]|唤作|叫做)?"
    r"|(?:大家|大伙|人家|别人|別人|他们|他們|村里人?|村裡人?|寨上人?|街坊|邻居|乡亲们?|人人)(?:背后|背地里|平时|从小|一直)?都?[叫喊管称唤][我俺]叫?[做作]?"
    r"|人送外号|江湖人称|(?:[Pp]eople|[Ee]veryone|[Ee]verybody|[Tt]hey all) calls? me|[Mm]y nickname is)"
    r"[\s:“\"「]{0,2}"
)
_NICKNAME = re.compile(
    rf"([{COMMON_HAN}]{{2,5}}?|[A-Z][A-Za-z]{{1,15}}(?: [A-Z][A-Za-z]{{1,15}})?)(?=[\s,.;:。!?、”\"」)]|$|的?就是我)"
)
# What somebody is told to do, or is called in anger.
_NO_NICKNAME = re.compile(
    "[去来找交回等不别滚填签写走自把拿出做先还再明下跑到上给帮怎搬拆让放以断贷补过说莫也就]|什么|闭嘴|老公|老婆|孩子|骗子|疯子|刁民|名字"
)


def signatures(text: str) -> Iterator[tuple[int, int, TraceKind]]:
    """Yield where in a plain text its writer or their kin is named."""
    for cue in _SIGNATURE.finditer(text):
        end = _name_at(text, cue.end())
        if end and _SIGNED.match(text, end):
            yield cue.end(), end, TraceKind.NAME
    for cue in _SELF.finditer(text):
        end = _name_before(text, cue.end(), _TELLS)
        if end:
            yield cue.end(), end, TraceKind.NAME
    for cue in _KIN.finditer(text):
        end = _name_at(text, cue.end())
        if end:
            yield cue.end(), end, TraceKind.NAME
    for found in _ENGLISH_KIN.finditer(text):
        parts = found[1].lower().split()
        if parts[0] in PINYIN or parts[-1] in PINYIN:
            yield *found.span(1), TraceKind.NAME
    for cue in _CALLED.finditer(text):
        nickname = _NICKNAME.match(text, cue.end())
        if nickname and not _NO_NICKNAME.match(nickname[1]):
            yield *nickname.span(1), TraceKind.NICKNAME


def _name_at(text: str, start: int) -> int | None:
    if text[start : start + 1] in _RARELY_SURNAMES:
        return None
    return name_at(text, start, is_certain=False)


def _name_before(text: str, start: int, follows: re.Pattern[str]) -> int | None:
    """Return where a name ends that begins here and before such words; None when none does."""
    if text[start : start + 1] in _RARELY_SURNAMES:
        return None
    for length in (3, 2, 4):
        end = start + length
        if follows.match(text, end) and name_at(text[:end], start, is_certain=False) == end:
            return end
    return None
