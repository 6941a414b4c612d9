"""The library of known problems, from which one is picked instead of typing it: the county's own in each version."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


@dataclass(frozen=True)
class KnownProblem:
    """A problem that rounds have found before, and what is usually asked of a unit that has it."""

    code: str
    category: str
    problem: str
    requirement: str = ""


class KnownProblemsVersion(Base):
    """The county's own known problems as its file set them at one time; items name them by their codes."""

    __tablename__ = "known_problems_versions"
    __nobody__ = "version problems"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # each as KnownProblem


def _of(category: str, requirement: str, *problems: str) -> tuple[KnownProblem, ...]:
    return tuple(
        KnownProblem(f"{category}.{number}", category, problem, requirement)
        for number, problem in enumerate(problems, start=1)
    )


# What counties find again and again; a county adds its own, or puts another in place of one by its code.
BUILT_IN = (
    # 党建问题负面清单21项
    *_of(
        "party_branch",
        "限期整改到位，书记带头检查，建立长效机制，并报送整改结果和印证材料。",
        "“三会一课”不经常、不认真，记录补造或者照抄。",
        "主题党日以念文件代替活动，党员参加率低。",
        "组织生活会和民主评议党员走过场，批评意见空泛。",
        "领导干部没有按规定参加双重组织生活。",
        "党组织班子不健全，届满没有按期换届。",
        "发展党员程序不规范，材料缺失或者日期倒置。",
        "入党积极分子培养考察流于形式，多年没有发展党员。",
        "党费没有按标准、按月足额交纳，收缴公示不及时。",
        "流动党员底数不清，没有建立联系。",
        "党组织书记述职评议考核不严，结果没有运用。",
        "“第一议题”制度落实不力，学习没有结合实际。",
        "意识形态工作责任制落实不到位，没有定期研判。",
        "“三重一大”事项没有集体研究，或者一把手首先表态。",
        "“四议两公开”程序不到位，以村“两委”会代替村民代表会议。",
        "党务公开、村务公开不及时、不全面。",
        "村干部“一肩挑”后监督没有跟上，权力过于集中。",
        "党员教育管理宽松软，对违纪党员处理不及时。",
        "党建经费和服务群众专项经费使用不规范，或者长期闲置。",
        "党群服务中心功能不全，被出租或者挪作他用。",
        "软弱涣散党组织整顿不彻底，摘帽后出现反弹。",
        "上轮巡察指出的党建问题没有整改到位，边改边犯。",
    ),
    *_of(
        "three_assets",
        "清理合同和账目，追缴应收款项，按规定公示，并录入“三资”管理平台。",
        "集体资产、资源发包没有民主议事，没有公开招标。",
        "承包合同价格明显偏低、期限过长，或者没有书面合同。",
        "集体收入没有入账，坐收坐支，或者存在账外资金。",
        "财务公开不及时，群众看不到、看不懂。",
        "固定资产家底不清，没有登记盘点。",
    ),
    *_of(
        "subsistence_allowance",
        "逐户复核，应保尽保、应退尽退，追回违规领取的资金，名单长期公示。",
        "不符合条件的人享受低保，动态管理不到位。",
        "符合条件的困难家庭没有纳入低保或者临时救助。",
        "低保评议公示走过场，存在优亲厚友。",
    ),
    *_of(
        "elderly_allowance",
        "核对名单和死亡、年龄数据，补发、追回，并建立按月比对机制。",
        "老人去世后津贴仍在发放。",
        "到龄老人没有及时纳入高龄津贴，发放拖延。",
    ),
    *_of(
        "unsafe_bridge",
        "立即设置围挡和警示，安排检测，限期消除隐患，并建立排查台账。",
        "危桥没有设置警示和限行，隐患长期没有处置。",
        "公共安全隐患排查不到位，台账与实际不符。",
    ),
    *_of(
        "road",
        "限期完工并组织复验，追究验收责任，核减或者追回多付的工程款。",
        "通村通组路没有完工即验收，资金已经拨付。",
        "道路建成后无人管护，破损长期没有修复。",
    ),
    *_of(
        "wages_owed",
        "限期足额支付，落实工资专户和保证金制度。",
        "项目拖欠务工人员工资，工资专户和实名制没有落实。",
    ),
    *_of(
        "grain_subsidy",
        "核实面积和补贴对象，追回冒领资金，一卡通发放并公示。",
        "虚报面积冒领补贴，或者补贴发放对象不实。",
        "补贴资金滞留，没有及时发放到户。",
    ),
    *_of(
        "land_compensation",
        "核对补偿协议和到账情况，补足差额，公示分配方案。",
        "征地补偿款没有及时足额发放到户。",
        "补偿款分配方案没有经过村民会议讨论，没有公示。",
    ),
    *_of(
        "environment_toilet",
        "逐户排查问题厕所，限期整改，落实管护责任和经费。",
        "改厕质量差，建成后不能使用。",
        "生活垃圾、污水治理设施闲置。",
    ),
    *_of(
        "fees",
        "立即停止，逐户清退，公示收费项目和依据。",
        "违规向群众收费、摊派，或者搭车收费。",
    ),
    *_of(
        "style",
        "批评教育或者处理责任人，建立考勤、首问负责和限时办结制度。",
        "窗口办事推诿拖延，让群众多跑路。",
        "工作日饮酒、违规吃喝，或者公车私用。",
    ),
    *_of(
        "formalism",
        "精简会议、报表和工作群，取消没有依据的考核。",
        "文山会海、过度留痕，报表和工作群过多。",
    ),
    *_of(
        "procurement_corruption",
        "核查项目招投标和合同，问题线索移送，完善采购内控制度。",
        "应当招标的项目拆分规避招标。",
        "工程变更和结算没有审核，超概算。",
    ),
)
