"""What takes long is worked out in a thread of its own before the transaction, which is done anew with it."""

import threading

import pytest

from services.ahead import ResultMissing, Results, with_results


async def test_what_takes_long_is_worked_out_elsewhere_and_the_rest_done_anew() -> None:
    attempts: list[Results] = []
    threads: list[str] = []

    def work_out() -> str:
        threads.append(threading.current_thread().name)
        return "worked out"

    async def attempt(results: Results) -> str:
        attempts.append(results)
        return results.get("name", work_out, takes_long=True)

    assert await with_results(attempt) == "worked out"
    assert len(attempts) == 2
    assert [name.startswith("ahead") for name in threads] == [True]


async def test_what_takes_little_is_worked_out_at_once_and_once() -> None:
    times: list[int] = []

    async def attempt(results: Results) -> int:
        for _ in range(3):
            results.get("name", lambda: times.append(1), takes_long=False)
        return len(times)

    assert await with_results(attempt) == 1


async def test_a_failure_in_it_is_the_failure_of_the_whole() -> None:
    async def attempt(results: Results) -> float:
        return results.get("name", lambda: 1 / 0, takes_long=True)

    with pytest.raises(ZeroDivisionError):
        await with_results(attempt)


def test_where_nothing_can_be_done_anew_it_is_worked_out_in_place() -> None:
    assert Results().get("name", lambda: 7, takes_long=True) == 7
    with pytest.raises(ResultMissing):
        Results(can_wait=True).get("name", lambda: 7, takes_long=True)
