"""What is told of people and boards."""

from dataclasses import dataclass

from services.notice import Notice


@dataclass(frozen=True)
class StaffNotice(Notice):
    """A notice about somebody on the staff; it tells nothing of any case or resident."""

    is_said_everywhere = True

    staff_id: str


@dataclass(frozen=True)
class GrantNotice(Notice):
    """A notice about what somebody is shown of a team's cases."""

    brief = "case"

    grant_id: str


class Granted(GrantNotice, kind="granted"):
    """They are shown something from now on."""


class GrantedByOther(GrantNotice, kind="granted_by_other"):
    """To the leader of the team: the director lets somebody be shown something of the team's."""


class GrantEnded(GrantNotice, kind="grant_ended"):
    """They are shown it no more."""


@dataclass(frozen=True)
class TeamNotice(Notice):
    """A notice about a team's group; it tells nothing of any case or resident."""

    is_said_everywhere = True

    team_id: str


@dataclass(frozen=True)
class GroupNotice(StaffNotice):
    """Somebody is to be taken out of a team's group. `closing` is the how-manieth closing of the group it was."""

    team_id: str
    closing: int | None  # None: no group is known


class StaffGone(GroupNotice, kind="staff_gone"):
    """To the team leader: somebody is on the team no more."""


class PhoneLost(GroupNotice, kind="phone_lost"):
    """To the team leader: somebody's phone is lost."""


class NobodyLeads(GroupNotice, kind="nobody_leads"):
    """To the directors: the team has no leader whom it would reach."""


@dataclass(frozen=True)
class BoardSilenced(TeamNotice, kind="board_silenced"):
    """To the team leader: the bot may not write in the group any more. `closing`: the how-manieth closing it was."""

    closing: int


class BoardClosed(Notice, kind="board_closed"):
    """To the group itself: it is the team's board no more."""


class BoardGone(TeamNotice, kind="board_gone"):
    """To the team leader: the bot was removed from the group, and cards come in private now."""


class BoardLost(TeamNotice, kind="board_lost"):
    """To the office: the team's group cannot be reached."""


class StaffUnreachable(StaffNotice, kind="staff_unreachable"):
    """To the office: messages do not reach somebody."""


class ColleagueUnreachable(StaffNotice, kind="colleague_unreachable"):
    """To whoever works with somebody: messages do not reach them."""


@dataclass(frozen=True)
class SignIn(Notice, kind="sign_in"):
    """To whoever asked for it on a page, by their name or address: the link that opens their pages once.

    `waiting` is what stands in the link of the mail from which they came; it leads on there.
    """

    is_said_everywhere = True

    token: str
    waiting: str = ""


@dataclass(frozen=True)
class MessageRefused(Notice, kind="message_refused"):
    """To the office: a message of ours is never taken as it is. The reason repeats nothing of it."""

    is_said_everywhere = True

    reason: str


@dataclass(frozen=True)
class NotSaid(Notice, kind="not_said"):
    """To whom a message was for that could not be sent; for a team's board, to the team."""

    is_said_everywhere = True

    team_id: str | None = None


@dataclass(frozen=True)
class AddressCode(Notice, kind="address_code"):
    """To an address at which somebody wants to be reached: the code that they type where they asked for it."""

    is_said_everywhere = True

    code: str
    language: str


@dataclass(frozen=True)
class AddressAdded(Notice, kind="address_added"):
    """To the other addresses of somebody on the staff: they are reached at one more, which not they may have added."""

    is_said_everywhere = True

    address: str
    language: str


@dataclass(frozen=True)
class ApproverJoined(StaffNotice, kind="approver_joined"):
    """To those who may approve: somebody newly may, or came in anew; by whom, if it was not the command line."""

    by_id: str | None


class HeadGone(StaffNotice, kind="head_gone"):
    """To the directors: the head of a unit has left."""
