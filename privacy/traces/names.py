"""Finds where somebody says what they are called, as in 'My name is …'."""

import re
from collections.abc import Iterator

from privacy.traces.surnames import COMPOUND, PINYIN, SINGLE

_HAN = "[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]"
_GAP = r"[::\s\"'“”‘’「」]{0,3}"
# After these a name follows, whatever comes after it.
_NAME_FOLLOWS = re.compile(
    r"(?:我的?(?:名字|姓名|真名|大名|小名)(?:就?[是叫]|叫[做作])?|(?:我|咱|俺|偶|侬|儂)(?:的?名)?就?叫[做作]?"
    r"|(?:本人|鄙人|在下)(?:姓名|名叫|叫[做作]?|名)"
    r"|(?:举报|舉報|反映|反應|投诉|投訴|申诉|申訴|联系|聯繫|聯絡|签|簽|具|落款|来信|來信|写信|寫信)人?(?:人|姓名|名字)(?:[是为為]|(?=[:\s]))"
    r"|(?:姓名|名字|户主|戶主|署名|落款|签名|簽名)(?:[是为為叫]|(?=[:\s])))" + _GAP
)
# After these a name may follow; it must look like one, and end where a name would.
_NAME_MAY_FOLLOW = re.compile(
    r"(?:(?:我|俺|咱)(?:就)?是|(?<!日)本人(?:是|系|係)?|鄙人(?:是|系|係)?"
    r"|(?:举报|舉報|反映|反應|投诉|投訴|申诉|申訴|联系|聯繫|聯絡)人|(?:这里|這裡|这边|這邊)是)" + _GAP
)
_SURNAME_ONLY = re.compile(rf"(?:我|本人|俺|免[贵貴])姓({_HAN})")
_LATIN_FURTHER = r"(?:[ ]{1,4}[A-Z][A-Za-z'\-]{1,30}){0,2}"
_LATIN = r"[A-Z][A-Za-z'\-]{1,30}" + _LATIN_FURTHER
_LATIN_NAME = re.compile(_LATIN)
_LATIN_ANY_CASE = r"[A-Za-z][A-Za-z'\-]{1,30}" + _LATIN_FURTHER
_BLANKS = r"\s{1,8}"
_ENGLISH_NAME_FOLLOWS = re.compile(
    rf"\b[Mm][Yy]{_BLANKS}(?:(?:full|real|last|first){_BLANKS})?(?:[Nn]ame|NAME)(?:\s{{0,8}}(?:['’]s|[Ii][Ss]|IS|:)){_BLANKS}"
    rf"({_LATIN_ANY_CASE})"
    rf"|\b[Nn]ame:\s{{0,8}}({_LATIN})"
    rf"|\bI(?:['’]m| am){_BLANKS}(?:called|named){_BLANKS}({_LATIN_ANY_CASE})"
)
_ENGLISH_NAME_MAY_FOLLOW = re.compile(rf"\b(?:I['’]m|I am|[Tt]his is|[Ss]igned,?|[Rr]egards,?){_BLANKS}({_LATIN})")
_NOT_ENGLISH_NAMES_WRITTEN = """
not unknown secret confidential private on in at being the a an used no nobody anonymous mr mrs of and
withheld irrelevant unimportant none known to for
"""
_NOT_ENGLISH_NAMES = frozenset(_NOT_ENGLISH_NAMES_WRITTEN.split())
_DOTTED = re.compile(rf"{_HAN}{{1,8}}(?:[·•・‧]{_HAN}{{1,8}}){{1,4}}")
_ONE_HAN = re.compile(_HAN)
_NEXT_HAN = re.compile(rf"[ \t\n\-‐‑–—·._/*]{{0,2}}{_HAN}")
_MAX_NAME_CHARACTERS = 4

# No given name holds one of these.
_NEVER_IN_NAMES = frozenset(
    "的了着過过吗嗎呢吧啊嘛们們你我他她它咱俺这這那哪谁誰是在不没沒也还還很更最又再就才都被把让讓给給向对對跟"
    "村镇鎮乡鄉县縣省市区區组組队隊局厂廠校院所站店户戶员員某人说說叫做住想要去到个個件些吃"
)
# What begins with a surname's character and is none's name, and what a surname is addressed by.
_NOT_GIVEN_NAMES_WRITTEN = """
书记 書記 主任 村长 村長 支书 支書 会计 會計 队长 隊長 组长 組長 老板 老闆 医生 醫生 大夫 老师 老師 师傅
師傅 校长 校長 局长 局長 镇长 鎮長 乡长 鄉長 县长 縣長 科长 科長 站长 站長 所长 所長 主席 经理 經理 总
總 工 叔 伯 哥 姐 嫂 婶 嬸 爷 爺 奶 大爷 大爺 大妈 大媽 大哥 大姐 先生 女士 小姐 家 氏 姓 老汉 老漢 同志
大叔 大伯 大嫂 阿姨 家里 家裡 家庄 家莊 家湾 家灣 家沟 家溝 家坪 家寨 家坝 家壩 家坡 家冲 家沖 家岭 家嶺
家桥 家橋 家屯 家河 家营 家營 家堡 家店 家岗 家崗 庄 莊 湾 灣 寨 堡
"""
_NOT_GIVEN_NAMES = tuple(_NOT_GIVEN_NAMES_WRITTEN.split())
_NOT_NAMES_WRITTEN = """
方便 高兴 高興 向来 向來 于是 於是 常常 时候 時候 时常 時常 安全 成年 成心 黄河 黃河 马上 馬上 万分 萬分
严重 嚴重 白天 和平 平时 平時 从来 從來 从前 從前 从小 從小 任何 何必 单位 單位 单身 單身 单亲 單親 单独
單獨 老师 党员 黨員 农民 農民 农户 農戶 村民 居民 居住 温州 江苏 江蘇 安徽 广东 廣東 广西 廣西 云南 雲南
贵州 河南 应该 應該 应当 應當 全家 全村 全体 全體 全部 平民 平常 高中 中学 古稀 别人 別人 关于 關於 关心
關心 相信 有事 有人 有话 有話 有点 有點 公民 公司 公务 公務 国家 國家 能否 来自 來自 来反映 来举报 来问
亲眼 明白 明明 真心 路过 路過 经过 經過 经常 經常 通过 通過 连续 連續 石匠 木匠 车主 車主 房东 房東 房主
管理 管水 养殖 養殖 养猪 养牛 牧民 牧羊 花农 米农 包工 包工头 承包 水电 水電 麻烦 麻煩 和他 和她 和你
成都 苏州 蘇州 杭州 武汉 武漢 毛利 易地 乐意 樂意 祝愿 祝願 支持 盛夏 习惯 習慣 权利 權利 简单 簡單 曾经
曾經 那家 那边 那邊 那天 计划 計劃 强烈 強烈 鱼塘 红军 紅軍 海边 法人 信访 母亲 母親 战士 戰士 原来 原來
原本 原籍 原住 种地 種地 种田 種田 种植 初中 初次 代表 代理 付款 付钱 有个 安置 应征 师范 师傅 空巢 归国
步行 家长 家長 家属 家屬 家住 家里 家裡 家中 家庭 寿星 广大 廣大 充分 满意 滿意 都是 都叫 须知 利害 终于
終於 双方 雙方 双胞胎 雙胞胎 孤儿 党龄 平房 平安 干部 幹部 干活 干农活 解放 解放军 花钱 花錢 明天 水管
水库 元旦 计生 项目 万一 通知 通知人 申请 申請 申请人 查实 文盲 东边 東邊 东头 西头 山里 山区 谷子 常住
常年 常在 终身 终生 时间 相关 相關 向您 向你 向党 向组 向领 向领导 华侨 游客 连夜 连年 封建 明知 梅雨
广场 通讯 宁愿 宁可 国有 尚未 仅仅 燃气 居家 屠户 宿舍 师生 石头 权益 幸福 成分 家乡 于一 于二 于三 于四
于五 于六 于七 于八 于九 于十 于本 于今 于去 于昨 于前 于上 于近 包括 包含 信息 怀疑 懷疑 解释 解釋 解决 解決
强调 強調 支付 费用 費用 能够 能夠 明确 明確 程序 车辆 車輛 曾多 曾去 曾找 曾向 申明 申述 申辩 焦急 谈话 談話
"""
_NOT_NAMES = tuple(_NOT_NAMES_WRITTEN.split())
# What may follow a name without a mark between.
_FOLLOWERS_WRITTEN = """
是 的 住 家住 今年 现年 現年 电话 電話 手机 手機 联系 聯繫 身份 来自 來自 反映 举报 舉報 投诉 投訴 想 要
男 女 , . 、 我 他 在 从 從 向 也 和 不 因 于 於 对 對 现 現 就 微信 及 年 生 系 係 党 务 務 老 村民 已
已经 家 有 被 去 到 为 為 这 這 说 說 实名 實名 之 同 与 與 告 了 呢 啊 吧 呀 哦 哈 啦 嘛 丈夫 妻 儿 兒
女儿
"""
_FOLLOWERS = tuple(_FOLLOWERS_WRITTEN.split())


def names(text: str) -> Iterator[tuple[int, int]]:
    """Yield where in a plain text somebody gives a name; without what introduces it."""
    for cue in _NAME_FOLLOWS.finditer(text):
        end = name_at(text, cue.end(), is_certain=True)
        if end:
            yield cue.end(), end
    for cue in _NAME_MAY_FOLLOW.finditer(text):
        end = name_at(text, cue.end(), is_certain=False)
        if end:
            yield cue.end(), end
    for found in _SURNAME_ONLY.finditer(text):
        if found[1] in SINGLE:
            yield found.span(1)
    for found in _ENGLISH_NAME_FOLLOWS.finditer(text):
        group = found.lastindex or 1
        if found[group].split()[0].lower() not in _NOT_ENGLISH_NAMES:
            yield found.span(group)
    for found in _ENGLISH_NAME_MAY_FOLLOW.finditer(text):
        parts = found[1].lower().split()
        if len(parts) > 1 and (parts[0] in PINYIN or parts[-1] in PINYIN):
            yield found.span(1)


def name_at(text: str, start: int, *, is_certain: bool) -> int | None:
    """Return where a name that begins here ends; None when none does."""
    dotted = _DOTTED.match(text, start)
    if dotted:
        return dotted.end()
    latin = _LATIN_NAME.match(text, start)
    if latin:
        return latin.end() if is_certain else None
    end = _han_name_at(text, start, is_certain=is_certain)
    # A name is written with blanks or hyphens between its signs, or broken at the end of a line or a message.
    return _scattered_name_at(text, start, end, is_certain=is_certain) or end


def _han_name_at(text: str, start: int, *, is_certain: bool) -> int | None:
    surname = _surname_at(text, start)
    if not surname or text.startswith(_NOT_NAMES, start):
        return None
    # In the order in which they are likeliest: 李秀英, then 李英.
    ends = [
        end
        for end in (start + surname + 2, start + surname + 1)
        if _is_given_name(text[start + surname : end], end, text)
    ]
    for end in ends:
        if _can_end_at(text, end):
            return end
    return ends[0] if is_certain and ends else None


def _scattered_name_at(text: str, start: int, whole_ends: int | None, *, is_certain: bool) -> int | None:
    """Return where a name ends whose signs don't stand together; None when it is whole as far as it goes."""
    places = _scattered(text, start)
    signs = "".join(text[place] for place in places)
    surname = _surname_at(signs, 0)
    if not surname or signs.startswith(_NOT_NAMES):
        return None
    for count in (surname + 2, surname + 1):
        if count > len(places):
            continue
        last = places[count - 1]
        if last + 1 - start == count or (whole_ends and last < whole_ends):
            return None
        if text.startswith(_FOLLOWERS, last) or not _is_given_name(signs[surname:count], count, signs):
            continue
        if _can_end_at(text, last + 1) if is_certain else _scattered_can_end_at(text, last + 1, places[count:]):
            return last + 1
    return None


def _scattered_can_end_at(text: str, end: int, further: list[int]) -> bool:
    """Whether no further sign belongs to what may be a name with its signs apart."""
    return not _ONE_HAN.match(text, end) and (not further or text.startswith(_FOLLOWERS, further[0]))


def _scattered(text: str, start: int) -> list[int]:
    """Return the places of the next Han signs, as many as a name has, with no more than gaps between them."""
    places: list[int] = []
    place = start
    while len(places) < _MAX_NAME_CHARACTERS:
        found = _NEXT_HAN.match(text, place)
        if not found:
            break
        place = found.end()
        places.append(place - 1)
    return places


def _surname_at(text: str, start: int) -> int:
    """Return how many signs of a surname stand here."""
    return 2 if text[start : start + 2] in COMPOUND else 1 if text[start : start + 1] in SINGLE else 0


def _is_given_name(given: str, end: int, text: str) -> bool:
    if end > len(text) or not all(_ONE_HAN.match(sign) for sign in given):
        return False
    if _NEVER_IN_NAMES.intersection(given):
        return False
    # A title is none, nor is its first half: 王主任 is nobody's 王主.
    return not any(
        given == title or (title + " ").startswith(given + text[end : end + 1]) for title in _NOT_GIVEN_NAMES
    )


def _can_end_at(text: str, end: int) -> bool:
    return end >= len(text) or not _ONE_HAN.match(text, end) or text.startswith(_FOLLOWERS, end)
