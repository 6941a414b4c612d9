"""Puts the product together: every conversation, every duty, and the settings it runs with."""

import asyncio
import gc
import signal
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.channels import make_channels
from bot.clock import Duty
from bot.config import Config
from bot.log_filter import set_up_logging
from bot.pages import make_pages
from bot.product import Product
from bot.resources import make_resources, utc_now
from channels.base import Channel
from handlers.notices import require_renderings
from handlers.router import file_expected, route
from migrations.schema import require_current
from services.audit.log import send_weekly_seal
from services.cases.batches import release_batches
from services.cases.cards import forget_cards
from services.cases.crisis import call_again
from services.cases.digest import send_case_digests
from services.cases.late import remind_of_late_cases, tell_of_clocks
from services.cases.on_call import forget_past_periods
from services.cases.special_briefs import tell_of_briefs
from services.cases.tasks import tell_of_tasks
from services.complaint_keys import destroy_complaint_keys
from services.delivery.opened import forget_delivered
from services.delivery.trail import forget_trails
from services.docket.entries import ask_again
from services.docket.tasks import remind_of_tasks
from services.docket.weekly import send_weekly_list
from services.evaluation.alarms import raise_process_alarms
from services.evaluation.weekly import send_weekly_digests
from services.intake.conversation_store import purge_conversations
from services.intake.similar import find_similar_cases
from services.letters.letters import tell_of_late_letters
from services.people.grants import end_grants
from services.people.sessions import forget_sessions
from services.polls.polls import close_ended_polls
from services.publication.objections import forget_objections
from services.rectification.draft_comments import tell_of_waiting_comments
from services.rectification.feedback import tell_of_unsigned_feedback
from services.rectification.fix_again import order_fixes_again
from services.rectification.remind import remind_unit_heads
from services.rectification.requests import tell_of_late_requests
from services.rectification.self_report import tell_of_late_self_reports
from services.rectification.supervision import give_supervisors, tell_supervisors
from services.rectification.unit_actions import drop_uncollected
from services.rectification.working_papers import drop_untitled
from services.retention.clock_set_back import notice_set_back
from services.retention.day_keys import destroy_day_keys
from services.retention.erase import erase_expired
from services.retention.expiry import close_unquestioned, go_on_without_answer, purge_reply_addresses
from services.retention.housekeeping import FileSweeper, forget_open_forms, forget_updates
from services.revisits.revisits import end_revisits
from services.revisits.self_checks import tell_of_late_checks
from services.rounds.advance_rounds import advance_rounds
from services.rounds.hand_over import hand_over_cases
from services.talks.clock import advance_talks

GARBAGE_SECONDS = 60.0


def whole_product(config: Config, clock: Callable[[], datetime] = utc_now, channels: Sequence[Channel] = ()) -> Product:
    """Return the product with everything it does, on the channels of the settings and on those that are given.

    Raises ConfigError without a token, KeyringError, and NothingRenders when a notice could not be said.
    """
    require_renderings()
    resources = make_resources(config, clock)
    channels = (*make_channels(config, resources), *channels)
    first_retry = timedelta(seconds=config.sending.first_retry_seconds)
    return Product(resources, channels, route, file_expected, duties(), first_retry, make_pages(config, resources))


def duties() -> tuple[Duty, ...]:
    """Return what the clock does at every tick, in this order."""
    return (
        notice_set_back,
        call_again,
        advance_rounds,
        hand_over_cases,
        release_batches,
        find_similar_cases,
        order_fixes_again,
        remind_unit_heads,
        give_supervisors,
        tell_supervisors,
        advance_talks,
        ask_again,
        remind_of_tasks,
        send_weekly_list,
        tell_of_late_requests,
        tell_of_tasks,
        tell_of_briefs,
        close_ended_polls,
        tell_of_waiting_comments,
        tell_of_late_self_reports,
        tell_of_unsigned_feedback,
        tell_of_late_checks,
        tell_of_late_letters,
        send_case_digests,
        remind_of_late_cases,
        tell_of_clocks,
        send_weekly_digests,
        raise_process_alarms,
        send_weekly_seal,
        go_on_without_answer,
        close_unquestioned,
        purge_conversations,
        destroy_day_keys,
        erase_expired,
        destroy_complaint_keys,
        purge_reply_addresses,
        drop_uncollected,
        drop_untitled,
        forget_past_periods,
        forget_trails,
        forget_cards,
        forget_delivered,
        forget_open_forms,
        forget_sessions,
        end_grants,
        end_revisits,
        forget_updates,
        forget_objections,
        FileSweeper().sweep,
    )


async def free_garbage() -> None:
    """Free, again and again, what only refers to itself, such as an error and where it was raised.

    Python does so by itself, but in a quiet night not for hours, and it may hold what somebody said.
    """
    while True:
        await asyncio.sleep(GARBAGE_SECONDS)
        gc.collect()


async def run(config: Config, clock: Callable[[], datetime] = utc_now) -> None:
    """Run until the process is told to end.

    Raises ConfigError, KeyringError, UnfitDatabase or CannotStart, each with a sentence for whoever started it.
    """
    set_up_logging(config.logging.level)
    product = whole_product(config, clock)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    try:
        await require_current(product.database)
        gc.freeze()  # what is there by now stays, and need not be gone through
        await product.start()
        waiting = {asyncio.create_task(part) for part in (ended.wait(), product.failed(), free_garbage())}
        done, rest = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        for task in done:
            task.result()
    finally:
        await product.stop()
