"""What a text is: a complaint, or something that is answered in another way."""

import pytest

from models.complaints import THANKS
from services.intake.understanding import LITIGATION, OTHER, TextKind
from tests.intake.county import meaning

KINDS = {
    "刷 单 日 结 三百": TextKind.ADVERT,
    "+Ⅴ❤ 领福利": TextKind.ADVERT,
    "+Ⅴ❤": TextKind.ADVERT,
    "加薇❤": TextKind.ADVERT,
    "❤❤谢谢": TextKind.THANKS,
    "什么时候答复": TextKind.QUESTION,
    "請問幾時有答覆?": TextKind.QUESTION,
    "When will I get an answer?": TextKind.QUESTION,
    "谢谢": TextKind.THANKS,
    "路修好咯,硬是要得,多谢多谢": TextKind.THANKS,
    "一审二审都输了,请你们改判": TextKind.LITIGATION,
    "算了,我不想告了,把我写的删了吧": TextKind.WITHDRAW_WISH,
    "一场误会,不用再查了": TextKind.WITHDRAW_WISH,
    "我看错了,不是他占的": TextKind.WITHDRAW_WISH,
    "家里人劝我算了": TextKind.WITHDRAW_WISH,
    "饶了他吧": TextKind.WITHDRAW_WISH,
    "低保办好了,我的反映取消吧": TextKind.WITHDRAW_WISH,
    "家里人不让我告,我想撤回": TextKind.WITHDRAW_WISH,
    "上次写的那个不要了,麻烦删一下": TextKind.WITHDRAW_WISH,
    "谁举报我的,把名字念出来": TextKind.ASKS_FOR_REPORTER,
    "举报人是谁,我不会报复他": TextKind.ASKS_FOR_REPORTER,
    "是谁举报的我们村?": TextKind.ASKS_FOR_REPORTER,
    "邊個舉報我㗎": TextKind.ASKS_FOR_REPORTER,
    "Who reported us?": TextKind.ASKS_FOR_REPORTER,
    "Give me the names of the reporters": TextKind.ASKS_FOR_REPORTER,
    "补充一下,昨天那个事他们把合同改了": TextKind.ADD_TO_EARLIER,
    "路灯不亮": TextKind.COMPLAINT,
}
COMPLAINTS = {
    "about a loan": "村干部拿我身份证去信用社贷款八万,我一分没用到",
    "about a fraud": "我被刷单骗了两万块,派出所不立案",
    "with thanks at its end": "低保评得不公,请查一下,谢谢",
    "with a reproach for a question": "集体的鱼塘一年八千块,凭什么包给他亲戚?",
    "by who reports": "我要举报村支书",
    "about an allowance that was withdrawn": "村里撤销了我的低保",
    "about somebody of a name that is a verb": "饶书记占了我家的地",
    "of a place of that name": "富饶村路坏了",
    "about who ignores": "村支书无视群众意见占了我家的地",
    "about whom nobody dares to touch": "这家人惹不起,村里没人敢管",
    "about being sent away": "干部说不用管,水就这么流",
    "about a list that is wiped out": "公示贴出来第二天就抹掉了",
    "about what was settled and broken": "谈好了的补偿款不给",
    "that asks to undo a sale": "请求撤销村里卖地的决定",
    "about a paper that was thrown away": "我反映的材料被他们当废纸",
    "in English about rules": "they ignore the rules of the village",
    "in which others would have it dropped": "我问账,会计说别查了",
    "about being talked out of it": "支书到我家说算了吧,给我两百块",
    "about being bought off": "镇上叫我们不反映了,发五百块封口费",
}


@pytest.mark.parametrize(("text", "kind"), KINDS.items(), ids=KINDS)
def test_what_a_text_is(text: str, kind: TextKind) -> None:
    assert meaning(text).kind == kind


@pytest.mark.parametrize("text", COMPLAINTS.values(), ids=COMPLAINTS)
def test_a_genuine_complaint_stays_one(text: str) -> None:
    assert meaning(text).kind == TextKind.COMPLAINT


def test_what_is_urgent_is_never_taken_for_a_question_or_an_advertisement() -> None:
    assert meaning("我不想活了,怎么办?").kind == TextKind.COMPLAINT


@pytest.mark.parametrize("text", ["😡😡", "。。。", "👍"])
def test_emoji_and_punctuation_alone_are_no_words(text: str) -> None:
    assert not meaning(text).has_words
    assert meaning("路").has_words


def test_the_kind_decides_the_category_where_it_has_one() -> None:
    assert meaning("一审二审都输了").category == LITIGATION
    assert meaning("谢谢你们").category == THANKS
    assert meaning("刷单日结,低保秒批,加V").category == OTHER


@pytest.mark.parametrize(
    "text",
    [
        "有人到处问是谁举报的,还放话",
        "村里挨家挨户问是谁告的,扬言要收拾他",
        "举报人电话被村干部知道了,有人来我家闹",
        "开会时举报的人名字被念出来",
        "举报信连名字转给了村书记",
    ],
)
def test_who_tells_that_others_ask_for_the_reporter_does_not_ask(text: str) -> None:
    assert meaning(text).kind == TextKind.COMPLAINT
