"""Rates as a picture: bars of n/N against the line, for a phone or for a screen."""

import asyncio
from collections.abc import Callable, Sequence

from qr.chart import Chart, ChartRow, Measured, Shape
from services.evaluation.rates import Rate
from services.unit_of_work import UnitOfWork
from texts.catalogue import Words
from texts.dates import day_with_year


async def picture_of(
    work: UnitOfWork,
    words: Words,
    title: str,
    rates: Sequence[Rate],
    name_of: Callable[[str], str],
    line_of: Callable[[str], float],
    shape: Shape = Shape.PHONE,
) -> bytes:
    """Return rates as a PNG: of each how much is done, and how much on time, against its line."""
    from qr.chart_picture import chart_png  # what draws is loaded when it is first needed

    lines = sorted({line_of(one.key) for one in rates})
    if len(lines) == 1:
        label = words.plain("grade.chart_line", percent=round(lines[0] * 100))
    else:
        label = words.plain("grade.chart_lines")
    rows = tuple(
        ChartRow(
            name_of(one.key),
            (
                Measured(one.done, one.items, is_below=not one.is_done_of_due.reaches(line_of(one.key))),
                Measured(one.in_time, one.due, is_below=not one.is_in_time.reaches(line_of(one.key))),
            ),
            line_of(one.key),
            words.plain("grade.chart_overdue", count=one.overdue) if one.overdue else "",
        )
        for one in rates
    )
    chart = Chart(
        title=title,
        subtitle=words.plain("grade.chart_as_of", day=day_with_year(words, work.today)),
        legend=(words.plain("grade.chart_done"), words.plain("grade.chart_in_time")),
        rows=rows,
        target_label=label,
        foot=words.plain("grade.chart_foot"),
        nothing=words.plain("grade.chart_nothing"),
    )
    return await asyncio.to_thread(chart_png, chart, shape)
