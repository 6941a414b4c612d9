"""What a poster says: the data of its round and village, and the words around them in each language."""

from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True)
class Poster:
    """The data of one village's poster."""

    county: str
    round_title: str
    theme: str
    village: str
    team: str
    accepts: str
    not_accepted: str
    phone: str
    phone_hours: str
    mailbox: str
    intake_from: date
    intake_until: date
    link: str  # what the code says
    serial: str
    office: str
    bot: str = ""  # the bot's username, where there is one


@dataclass(frozen=True)
class Phrase:
    """A text in two lengths: a few words to be read from afar, and in full."""

    short: str
    full: str


@dataclass(frozen=True)
class PosterWords:
    """The wording of a poster besides the data of its round and village."""

    salutation: str  # {village}
    invitation: str
    team_is_here: str  # {team}
    no_name_needed: str
    steps: tuple[Phrase, Phrase, Phrase]
    genuine: str  # {name} of the bot, or the page's site
    in_telegram: str  # {bot}, where the code leads to a page and there is a bot besides
    protection: str
    promises: tuple[Phrase, Phrase, Phrase, Phrase]
    accepted: str
    not_accepted: str
    phone: str
    mailbox: str
    intake: str
    dates: str  # {start} and {end}, in one year
    dates_across_years: str
    serial: str

    def intake_dates(self, start: date, end: date) -> str:
        """Writes the first and the last day as people say them."""
        pattern = self.dates if start.year == end.year else self.dates_across_years
        return pattern.format(start=start, end=end)


ZH_HANS = PosterWords(
    salutation="{village}的乡亲们：",
    invitation="有话对巡察组说",
    team_is_here="{team}来了。扫一扫就能说，",
    no_name_needed="不用留名字。",
    steps=(
        Phrase("扫码", "手机对准方码，\n在 Telegram 里点“开始”"),
        Phrase("说事", "打字、说话、拍照都行，\n说清时间、地点、什么事"),
        Phrase("收好回执码", "凭它看答复、补充情况，\n不要给别人看"),
    ),
    genuine="认准 @{name}，别的不是我们",
    in_telegram="",
    protection="怎样做到\n不留名",
    promises=(
        Phrase("不问姓名，不存号码", "工作人员看不到是谁说的"),
        Phrase("不必站在这里扫", "拍下方码，回家再扫也一样"),
        Phrase("回执码只有您有", "请抄下来，丢了谁也补不了"),
        Phrase("聊天软件认得它的用户", "这一点我们管不了，先跟您讲明"),
    ),
    accepted="可以反映",
    not_accepted="不在这里办",
    phone="电话",
    mailbox="信箱",
    intake="受理时间",
    dates="{start.year}年{start.month}月{start.day}日至{end.month}月{end.day}日",
    dates_across_years="{start.year}年{start.month}月{start.day}日至{end.year}年{end.month}月{end.day}日",
    serial="编号",
)

# Of a code that leads to a page.
ZH_HANS_PAGE = replace(
    ZH_HANS,
    steps=(Phrase("扫码", "手机相机或微信扫一扫，\n不用装软件"), *ZH_HANS.steps[1:]),
    genuine="认准 {name}，别的不是我们",
    in_telegram="用 Telegram 的，认准 @{bot}",
    promises=(
        *ZH_HANS.promises[:3],
        Phrase("微信认得它的用户", "更稳妥：用手机自带的浏览器打开"),
    ),
)
