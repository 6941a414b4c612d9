"""Lists that teams bring are read as Excel, WPS and authorities write them, and what cannot be right is left out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cases.name_list_file import (
    LONGEST_CELL,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    ColumnKind,
    FileFault,
    RowFault,
    UnreadableFile,
    decoded,
    names_in,
    read_names,
)

ROWS = [("姓名", "村", "金额"), ("张三", "上竹坞村", "300"), ("李四", "桥头岭村", "280")]


def fault_of(content: bytes) -> FileFault:
    with pytest.raises(UnreadableFile) as refused:
        read_names(decoded(content))
    return refused.value.fault


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_list_is_read_however_it_was_saved(encoding: str, delimiter: str, end: str) -> None:
    text = end.join(delimiter.join(row) for row in ROWS) + end
    read = read_names(decoded(text.encode(encoding)))
    assert read.heading == ROWS[0]
    assert [row.cells for row in read.rows] == ROWS[1:]
    assert [row.number for row in read.rows] == [2, 3]
    assert not read.faults


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        *(("姓名", ColumnKind.NAME), ("村干部姓名", ColumnKind.NAME), ("户主", ColumnKind.NAME)),
        *(("公司负责人", ColumnKind.NAME), ("公司名称", ColumnKind.COMPANY), ("Company name", ColumnKind.COMPANY)),
        *(("家属姓名", ColumnKind.RELATIVES), ("車牌號碼", ColumnKind.PLATE), ("所在村", ColumnKind.VILLAGE)),
        ("Name", ColumnKind.NAME),
    ],
)
def test_a_column_is_known_by_its_heading(heading: str, kind: ColumnKind) -> None:
    read = read_names(f"车牌,{heading}\n湘A12345,x\n")
    assert read.kinds[1] == kind


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("张三,V,1,2", RowFault.CELLS),
        (",上竹坞村,300", RowFault.NOTHING),
        ("3月5日,上竹坞村,300", RowFault.NO_NAME),
        ("=HYPERLINK(1),上竹坞村,300", RowFault.NO_NAME),
        ("张三,上竹坞村,4.30123E+17", RowFault.ROUNDED),
        ("张三,上竹坞村,########", RowFault.CUT_OFF),
        ("张三,上竹坞村,#REF!", RowFault.CUT_OFF),
        (f"张三,{'村' * (LONGEST_CELL + 1)},1", RowFault.TOO_LONG),
        ("王五,桥头岭村,1", RowFault.TWICE),
    ],
)
def test_a_row_that_cannot_be_right_is_left_out_with_its_reason(row: str, fault: RowFault) -> None:
    read = read_names(f"姓名,村,金额\n王五,桥头岭村,1\n{row}\n")
    assert [one.cells[0] for one in read.rows] == ["王五"]
    assert read.faults == ((3, fault),)


def test_a_file_that_is_no_list_is_refused_with_its_reason() -> None:
    assert fault_of(b"") == fault_of(b"\n\n , \n") == FileFault.EMPTY
    assert fault_of(b"PK\x03\x04\x14\x00\x00\x00\x08\x00") == FileFault.NOT_TEXT
    assert fault_of(b"\xff\xd8\xff\xe0\x00\x10JFIF") == FileFault.NOT_TEXT
    assert fault_of("序号,金额\n1,2\n".encode()) == FileFault.NO_HEADING
    assert fault_of('姓名,村\n"张三,上竹坞村\n'.encode()) == FileFault.BROKEN
    assert fault_of(b"a," * 1000) == FileFault.TOO_MANY_COLUMNS
    assert fault_of(("姓名" + "," * MOST_COLUMNS + "\n").encode()) == FileFault.TOO_MANY_COLUMNS
    assert fault_of(("姓名\n" + "张三\n" * (MOST_ROWS + 1)).encode()) == FileFault.TOO_MANY_ROWS
    assert fault_of(b"a" * (MOST_BYTES + 1)) == FileFault.TOO_LARGE
    assert fault_of(("姓名\n" + "张" * 200_000 + "\n").encode()) == FileFault.BROKEN


def test_a_cell_may_hold_several_names() -> None:
    assert names_in("张三、李四/王五；阿卜杜拉·买买提 13800000000") == ["张三", "李四", "王五", "阿卜杜拉·买买提"]


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: ("姓名," + text).encode(errors="ignore")))
)
def test_whatever_is_sent_is_read_or_refused(content: bytes) -> None:
    try:
        read = read_names(decoded(content))
    except UnreadableFile:
        return
    assert all(len(row.cells) == len(read.heading) for row in read.rows)
