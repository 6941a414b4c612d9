"""Attributes of Word and Excel files that say how something looks; no other is kept."""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


OF_TEXTS: Final = _words(
    """
    val type id w h hRule color themeColor themeTint themeShade fill themeFill themeFillTint themeFillShade sz space
    shadow frame ascii hAnsi eastAsia cs asciiTheme hAnsiTheme eastAsiaTheme cstheme hint bidi left right start end
    hanging firstLine leftChars rightChars startChars endChars hangingChars firstLineChars before after line
    lineRule beforeLines afterLines beforeAutospacing afterAutospacing pos leader hAnchor vAnchor hSpace vSpace wrap
    x y xAlign yAlign dropCap lines anchorLock leftFromText rightFromText topFromText bottomFromText vertAnchor
    horzAnchor tblpX tblpXSpec tblpY tblpYSpec firstRow lastRow firstColumn lastColumn noHBand noVBand oddVBand
    evenVBand oddHBand evenHBand firstRowFirstColumn firstRowLastColumn lastRowFirstColumn lastRowLastColumn orient
    code top bottom header footer gutter num equalWidth sep linePitch charSpace fmt chapStyle chapSep countBy
    distance restart display offsetFrom zOrder customMarkFollows abstractNumId numId ilvl tentative styleId default
    clear font char alignment relativeTo combine combineBrackets vert vertCompress
    """
)
# Of drawings, and of the frames around them.
OF_SHAPES: Final = _words(
    """
    x y cx cy w h l t r b rot flipH flipV prst idx val ang dist dir algn fmla name id pos path stroke fill
    extrusionOk wR hR stAng swAng gdRefX gdRefY gdRefR gdRefAng minX maxX minY maxY minR maxR minAng maxAng uri type
    lastClr hue sat lum red green blue scaled rotWithShape dpi bright contrast amt thresh useA blend blurRad sx sy
    kx ky tx ty sz flip rad stA stPos endA endPos fadeDir grow cap cmpd lim len d sp bwMode cstate typeface panose
    pitchFamily charset script i u strike kern spc normalizeH baseline noProof spcFirstLastPara vertOverflow
    horzOverflow vert wrap lIns tIns rIns bIns numCol spcCol rtlCol fromWordArt anchor anchorCtr forceAA upright
    compatLnSpc fontScale lnSpcReduction marL marR lvl indent defTabSz rtl eaLnBrk fontAlgn latinLnBrk hangingPunct
    char startAt txBox z extrusionH contourW prstMaterial fov zoom lat lon rev rig distT distB distL distR simplePos
    relativeHeight behindDoc locked layoutInCell allowOverlap relativeFrom wrapText edited editAs fLocksWithSheet
    fPrintsWithSheet preferRelativeResize noChangeAspect seq
    """
)
OF_OLD_SHAPES: Final = _words(
    """
    id type style coordsize coordorigin path adj filled fillcolor stroked strokecolor strokeweight opacity points
    from to arcsize eqn on color color2 angle focus joinstyle endcap dashstyle startarrow endarrow inset textboxrect
    gradientshapeok fitshape fitpath trim string cropleft croptop cropright cropbottom gain blacklevel offset
    obscured
    """
)
OF_WRAPPING: Final = _words(
    """
    type side anchorx anchory
    """
)
OF_TABLES: Final = _words(
    """
    name sheetId date1904 baseColWidth defaultColWidth defaultRowHeight customHeight thickTop thickBottom min max
    width style customWidth bestFit r s customFormat ht t ref left right top bottom header footer val theme rgb tint
    indexed auto patternType type degree position diagonalUp diagonalDown outline numFmtId formatCode fontId fillId
    borderId xfId applyNumberFormat applyFont applyFill applyBorder applyAlignment quotePrefix horizontal vertical
    textRotation wrapText indent relativeIndent justifyLastLine shrinkToFit readingOrder sqref dxfId priority operator
    stopIfTrue percent rank bottom aboveAverage equalAverage stdDev iconSet reverse gte
    """
)
# What places an old shape, within its attribute of that name.
OF_A_STYLE: Final = _words(
    """
    position left top width height margin-left margin-top z-index rotation flip text-align v-text-anchor font-family
    font-size font-weight font-style mso-position-horizontal mso-position-horizontal-relative mso-position-vertical
    mso-position-vertical-relative mso-wrap-style mso-wrap-distance-left mso-wrap-distance-right
    mso-wrap-distance-top mso-wrap-distance-bottom mso-fit-shape-to-text mso-layout-flow-alt layout-flow visibility
    display
    """
)
