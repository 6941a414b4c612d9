"""What a complaint is probably about, whether people are in danger, and whether it is an advertisement.

Guesses from single words, so that anybody can see why. The resident can change the category before sending, the
team afterwards; a hazard only moves a case to the front.
"""

import unicodedata
from collections.abc import Collection, Sequence

OTHER = "other"
TEAM_CONDUCT = "team_conduct"  # what people on the inspection team did

# The more of a category's words stand in the text, the likelier it is; of equals, the one listed first is taken.
CATEGORY_WORDS: dict[str, tuple[str, ...]] = {
    TEAM_CONDUCT: (
        "巡察组收礼", "巡察组收钱", "巡察组吃请", "巡察组包庇", "巡察组的人收", "巡察组的人吃", "巡察干部收",
        "inspector took",
    ),
    "litigation": ("官司", "法院", "法官", "判决", "改判", "判得", "一审", "二审", "仲裁", "起诉", "lawsuit", "court"),
    "unsafe_bridge": (
        "危桥", "石拱桥", "桥墩", "桥面", "桥要", "老桥", "栏杆", "护栏", "裂缝", "裂起", "裂了", "要垮", "垮塌",
        "倒塌", "塌方", "滑坡", "危房", "漏电", "隐患", "吓得", "bridge", "collapse", "landslide", "unsafe",
    ),
    "subsistence_allowance": (
        "低保", "五保", "特困", "临时救助", "救助金", "吃低保", "困难户", "评不上", "welfare", "subsistence",
    ),
    "elderly_allowance": ("高龄", "养老金", "养老保险", "老年补贴", "敬老院", "养老院", "pension", "elderly"),
    "three_assets": (
        "集体", "鱼塘", "承包", "发包", "包给", "合同", "三资", "村账", "账目", "进账", "出租", "会计", "公章",
        "village accounts", "collective", "contract",
    ),
    "forest_land_certificate": ("林权", "林改", "山林", "确权", "山流转", "土地证", "丈量", "forest", "land title"),
    "property_certificate": ("不动产", "房产证", "房产", "办证", "产权", "宅基地证", "property certificate"),
    "public_rental_housing": ("公租房", "廉租房", "保障房", "摇号", "分房", "public housing", "rental housing"),
    "wages_owed": ("工钱", "工资", "欠薪", "欠条", "包工头", "农民工", "拖欠", "血汗钱", "wages", "unpaid", "salary"),
    "grain_subsidy": ("粮补", "种粮", "地力补贴", "耕地补贴", "惠农", "粮食补贴", "粮食直补", "grain", "farm subsidy"),
    "land_compensation": ("征地", "青苗费", "补偿款", "拆迁", "占地", "征收", "安置费", "compensation", "land taken"),
    "environment_toilet": (
        "垃圾", "清运", "厕所", "改厕", "污水", "臭", "化粪池", "脏", "排污", "人居环境", "garbage", "toilet", "sewage",
    ),
    "fees": ("乱收费", "摊派", "要我们摊", "集资", "收每人", "每户收", "强制收", "电费", "不给票", "fees", "charged"),
    "procurement_corruption": (
        "招标", "投标", "围标", "串标", "回扣", "工程给", "承揽", "利益输送", "好处费", "tender", "bribe", "kickback",
    ),
    "party_branch": ("党支部", "党员大会", "四议两公开", "发展党员", "入党", "选举", "拉票", "贿选", "party branch"),
    "style": (
        "喝酒", "吃喝", "打牌", "麻将", "态度", "找不到人", "推诿", "不办事", "耍威风", "刁难", "不上班", "骂人",
        "drunk", "rude", "never there",
    ),
    "formalism": ("表格", "台账", "迎检", "填表", "拍照留痕", "形式主义", "开会太多", "paperwork"),
    "road": (
        "通组路", "进村路", "修路", "硬化", "绕路", "校车", "泥巴路", "坑坑洼洼", "路面", "水泥路", "断头路", "路灯",
        "road", "street light", "pothole",
    ),
    "civil_dispute": (
        "邻居", "宅基地纠纷", "离婚", "地界", "借钱不还", "吵架", "赡养", "neighbour", "neighbor", "divorce",
    ),
    "thanks": ("谢谢", "感谢", "表扬", "点赞", "好样的", "锦旗", "thank"),
}  # fmt: skip

# Something that can hurt people, and something that says it is happening now: a hazard needs one of each.
DANGER_WORDS = (
    "桥", "房子", "房屋", "墙", "坝", "堤", "山体", "水库", "路基", "电线", "电杆", "变压器", "煤气", "燃气", "井",
    "校舍", "教室", "矿", "河堤", "bridge", "wall", "dam", "school", "wire", "gas",
)  # fmt: skip
ALARM_WORDS = (
    "要垮", "垮了", "要塌", "塌了", "塌方", "倒塌", "要倒", "裂了", "裂起", "裂缝", "掉了石头", "掉石头", "漏电",
    "漏气", "滑坡", "溃", "爆炸", "着火", "起火", "出事", "出人命", "砸到", "触电", "collapse", "cracked", "leaking",
    "falling",
)  # fmt: skip

ADVERTISEMENT_MARKS = (
    "加v", "加微", "加qq", "秒批", "黑白户", "利息", "贷款", "急用钱", "无抵押", "套现", "刷单", "日结", "返利",
    "代办证", "博彩", "下注", "casino", "loan", "crypto",
)  # fmt: skip
_MARKS_OF_AN_ADVERTISEMENT = 2

# The characters of the tables in their traditional form; the tables are written in the simplified one.
_SIMPLIFIED = str.maketrans(
    "組禮錢喫請幹決審訴橋欄護縫電隱嚇臨時難戶評齡養險補貼體魚發給資賬進會計權確轉證動產辦搖號條頭農糧種徵費償遷佔運廁汙糞"
    "髒環亂攤們強標圍攬輸處黨員議兩開選舉賄將態諉風罵臺檢義繞車窪斷燈鄰糾紛離還贍謝揚點贊樣錦牆壩庫線變壓氣礦潰著觸貸無現"
    "單結",
    "组礼钱吃请干决审诉桥栏护缝电隐吓临时难户评龄养险补贴体鱼发给资账进会计权确转证动产办摇号条头农粮种征费偿迁占运厕污粪"
    "脏环乱摊们强标围揽输处党员议两开选举贿将态诿风骂台检义绕车洼断灯邻纠纷离还赡谢扬点赞样锦墙坝库线变压气矿溃着触贷无现"
    "单结",
)


def guess_category(texts: Sequence[str], known: Collection[str]) -> str:
    """Return the code of the likeliest category among the county's own."""
    text = _plain("\n".join(texts))
    scores = {code: _hits(text, words) for code, words in CATEGORY_WORDS.items() if code in known}
    best = max(scores, key=scores.__getitem__, default=OTHER)
    return best if scores.get(best) else OTHER


def is_hazard(texts: Sequence[str]) -> bool:
    """Whether people seem to be in danger until somebody looks."""
    text = _plain("\n".join(texts))
    return _hits(text, DANGER_WORDS) > 0 and _hits(text, ALARM_WORDS) > 0


def looks_like_advertisement(texts: Sequence[str]) -> bool:
    """Whether the text bears several marks of an advertisement."""
    return _hits(_plain("\n".join(texts)), ADVERTISEMENT_MARKS) >= _MARKS_OF_AN_ADVERTISEMENT


def _hits(text: str, words: Sequence[str]) -> int:
    return sum(word in text for word in words)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLIFIED)
