"""The county's working days and hours: the Chinese calendar with its make-up days, and the county's own table."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from chinese_calendar import is_workday
from chinese_calendar.constants import holidays

from models.settings import CountySettings, WorkingHours

_SATURDAY = 5
_DAYS = 7  # of a week
KNOWN_YEARS = frozenset(day.year for day in holidays)  # whose holidays the state has announced


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked, and at what hours. Moments go in and come out as aware UTC; days are the county's.

    The state announces the holidays of a year late in the year before. A year the calendar does not know yet has
    its weekends only, and whatever the county's own table says; the table has the last word in every year.
    """

    zone: ZoneInfo
    hours: WorkingHours = field(default_factory=WorkingHours)
    extra_holidays: frozenset[date] = frozenset()
    extra_workdays: frozenset[date] = frozenset()

    @classmethod
    def of(cls, settings: CountySettings, zone: ZoneInfo) -> "WorkingCalendar":
        """Return the calendar of a county."""
        return cls(
            zone,
            settings.working_hours,
            frozenset(map(date.fromisoformat, settings.extra_holidays)),
            frozenset(map(date.fromisoformat, settings.extra_workdays)),
        )

    def knows(self, year: int) -> bool:
        """Whether the holidays of a year are known: announced by the state, or entered by the county."""
        return year in KNOWN_YEARS or any(day.year == year for day in self.extra_holidays)

    def is_working_day(self, day: date) -> bool:
        """Whether the county works on a day."""
        if day in self.extra_holidays:
            return False
        if day in self.extra_workdays:
            return True
        return _is_state_workday(day) if day.year in KNOWN_YEARS else day.weekday() < _SATURDAY

    def add(self, day: date, working_days: int) -> date:
        """Return the n-th working day after a day; with none to add, the day itself."""
        following = self._working_days_from(day + timedelta(days=1))
        for _ in range(working_days):
            day = next(following)
        return day

    def last_working_day(self, day: date) -> date:
        """Return the last working day up to a day: the day itself when it is one."""
        while not self.is_working_day(day):
            day -= timedelta(days=1)
        return day

    def first_of_week(self, day: date) -> date | None:
        """Return the first working day of the week in which a day lies; None when it has none."""
        monday = monday_of(day)
        return next(filter(self.is_working_day, (monday + timedelta(days=number) for number in range(_DAYS))), None)

    def day_of(self, moment: datetime) -> date:
        """Return the county's calendar day in which a moment lies."""
        return moment.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        """Return when a day of the county's calendar is over."""
        return datetime.combine(day + timedelta(days=1), time(), self.zone).astimezone(UTC)

    def day_begun(self, now: datetime) -> date:
        """Return the last county day whose working hours had begun, be it a working day or not."""
        return (now.astimezone(self.zone) - timedelta(hours=self.hours.start_hour)).date()

    def next_working_moment(self, now: datetime) -> datetime:
        """Return the first moment from now on that lies in working hours: now itself when it does."""
        local = now.astimezone(self.zone)
        first = local.date()
        if local.hour >= self.hours.end_hour:
            first += timedelta(days=1)
        day = next(self._working_days_from(first))
        opening = datetime.combine(day, time(self.hours.start_hour), self.zone)
        return max(local, opening).astimezone(UTC)

    def last_opening_before(self, now: datetime) -> datetime:
        """Return when the last working day before today began."""
        return self._at(self.last_working_day(self.day_of(now) - timedelta(days=1)), self.hours.start_hour)

    def last_opening(self, moment: datetime) -> datetime:
        """Return when working hours last began up to a moment."""
        today = self._at(self.day_of(moment), self.hours.start_hour)
        begun = self.day_of(moment) if today <= moment else self.day_of(moment) - timedelta(days=1)
        return self._at(self.last_working_day(begun), self.hours.start_hour)

    def last_working_moment(self, moment: datetime) -> datetime:
        """Return the moment itself in working hours, else when the last hour of work before it began."""
        opening = self.last_opening(moment)
        return min(moment, self._at(self.day_of(opening), self.hours.end_hour - 1))

    def is_working_moment(self, now: datetime) -> bool:
        """Whether a moment lies in working hours."""
        return self.next_working_moment(now) == now

    def _at(self, day: date, hour: int) -> datetime:
        return datetime.combine(day, time(hour), self.zone).astimezone(UTC)

    def _working_days_from(self, day: date) -> Iterator[date]:
        while True:
            if self.is_working_day(day):
                yield day
            day += timedelta(days=1)


@cache  # a few years of days, each of which is asked for again and again
def _is_state_workday(day: date) -> bool:
    return bool(is_workday(day))


def monday_of(day: date) -> date:
    """Return the Monday of the week in which a day lies."""
    return day - timedelta(days=day.weekday())
