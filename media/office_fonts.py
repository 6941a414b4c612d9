"""Fonts that Word and Excel files may name: those that many machines have. Any other name could be anybody's."""

from typing import Final

_NAMES: Final = """
宋体|SimSun|新宋体|NSimSun|SimSun-ExtB|仿宋|FangSong|仿宋_GB2312|FangSong_GB2312|黑体|SimHei|楷体|KaiTi
楷体_GB2312|KaiTi_GB2312|微软雅黑|Microsoft YaHei|微软雅黑 Light|Microsoft YaHei Light|Microsoft YaHei UI|等线
等线 Light|DengXian|DengXian Light|隶书|LiSu|幼圆|YouYuan|华文中宋|STZhongsong|华文宋体|STSong|华文仿宋
STFangsong|华文楷体|STKaiti|华文细黑|STXihei|华文黑体|STHeiti|华文行楷|STXingkai|华文新魏|STXinwei|华文隶书
STLiti|华文彩云|STCaiyun|华文琥珀|STHupo|方正舒体|FZShuTi|方正姚体|FZYaoTi|方正小标宋简体|FZXiaoBiaoSong-B05S
方正小标宋_GBK|FZXiaoBiaoSong-B05|方正仿宋简体|方正仿宋_GBK|方正楷体简体|方正楷体_GBK|方正黑体简体|方正黑体_GBK
方正书宋_GBK|方正书宋简体|方正大标宋简体|汉仪书宋二KW|汉仪中黑KW|思源黑体|思源宋体|新細明體|PMingLiU|細明體
MingLiU|標楷體|DFKai-SB|微軟正黑體|Microsoft JhengHei|Microsoft JhengHei UI|PingFang SC|PingFang TC|PingFang HK
苹方|苹方-简|Heiti SC|Heiti TC|Songti SC|Songti TC|Kaiti SC|Hiragino Sans GB|Noto Sans CJK SC|Noto Serif CJK SC
Noto Sans SC|Noto Serif SC|Source Han Sans SC|Source Han Serif SC|文泉驿微米黑|文泉驿正黑|WenQuanYi Micro Hei
WenQuanYi Zen Hei|MS Mincho|ＭＳ 明朝|MS PMincho|ＭＳ Ｐ明朝|MS Gothic|ＭＳ ゴシック|MS PGothic|ＭＳ Ｐゴシック
Yu Mincho|游明朝|Yu Gothic|游ゴシック|游ゴシック Light|Yu Gothic Light|Meiryo|メイリオ|Malgun Gothic|맑은 고딕
Batang|바탕|Gulim|Arial|Arial Black|Arial Narrow|Arial Unicode MS|Times New Roman|Times|Calibri|Calibri Light
Cambria|Cambria Math|Candara|Consolas|Constantia|Corbel|Courier|Courier New|Georgia|Garamond|Helvetica
Helvetica Neue|Lucida Console|Lucida Sans Unicode|Palatino Linotype|Book Antiqua|Bookman Old Style|Century
Century Gothic|Century Schoolbook|Comic Sans MS|Franklin Gothic Medium|Gill Sans MT|Impact|Segoe UI
Segoe UI Symbol|Segoe UI Emoji|Tahoma|Trebuchet MS|Verdana|Aptos|Aptos Display|Aptos Narrow|Sylfaen
Microsoft Sans Serif|MS Sans Serif|DejaVu Sans|DejaVu Serif|DejaVu Sans Mono|Liberation Sans|Liberation Serif
Liberation Mono|Noto Sans|Noto Serif|Roboto|Open Sans|Ubuntu|Droid Sans|Droid Sans Fallback|OpenSymbol|Mangal
Gautami|Vrinda|Symbol|Wingdings|Wingdings 2|Wingdings 3|Webdings|MT Extra|Marlett
"""
KNOWN_FONTS: Final = frozenset(name.casefold() for line in _NAMES.split("\n") for name in line.split("|") if name)
