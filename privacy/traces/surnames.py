"""The surnames of China, in simplified and traditional characters and in pinyin."""

_SINGLE = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方"
    "俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧"
    "计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫"
    "经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧"
    "隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔"
    "阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎"
    "戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相"
    "查荆红游竺权逯盖益桓公仉督岳帅缑亢况郈有琴归海晋楚闫法汝鄢涂钦付肖代仝苟冼覃佟佘邸初种矫信母苑战冶楼原院甯来迟鹿"
)
_SINGLE_TRADITIONAL = (
    "趙錢孫吳鄭馮陳衛蔣韓楊許呂張嚴華謝鄒喻竇雲蘇範魯韋馬鳳費賀湯羅畢鄔樂於時齊顧黃蕭計談龐紀項閔賈婁顏鍾鐘駱萬盧經繆"
    "幹應賁鄧單諸鈕龔陸榮儲烏車寧厲龍葉薊懷從賴藺喬陰蒼聞黨譚貢勞酈邊農溫莊閻習魚終滿廣祿闕歐鞏聶闞簡饒養須豐關蓋歸"
    "晉塗欽劉鄺楼樓鮑"
)
_COMPOUND_WRITTEN = """
欧阳 歐陽 上官 司马 司馬 诸葛 諸葛 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 宇文 长孙 長孫 司徒 司空
夏侯 南宫 南宮 西门 西門 百里 端木 独孤 獨孤 轩辕 軒轅 呼延 钟离 鍾離 澹台 澹臺 申屠 太史 闻人 聞人 淳于
公冶 赫连 赫連 拓跋 第五 万俟
"""
COMPOUND = frozenset(_COMPOUND_WRITTEN.split())
SINGLE = frozenset(_SINGLE + _SINGLE_TRADITIONAL)

# The common ones, by which two capitalised words are told to be a Chinese name.
_PINYIN_WRITTEN = """
wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie
han tang feng yu dong xiao cheng cao yuan deng fu shen zeng peng lv lu su jiang cai jia ding wei xue ye
yan pan du dai xia zhong tian ren fan fang shi yao tan liao zou xiong jin hao kong bai cui kang mao qiu
qin gu hou shao meng long wan duan qian yin chang wen qiao lai gong pang lan ouyang sima zhuge
"""
PINYIN = frozenset(_PINYIN_WRITTEN.split())
