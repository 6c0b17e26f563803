"""The gate in front of the services."""

from __future__ import annotations

import asyncio

import pytest

from local_aws.gateway.traffic import StillBusy, Traffic


def test_who_comes_while_the_traffic_is_stopped_waits_until_it_goes_on() -> None:
    async def scenario() -> list[str]:
        traffic, seen = Traffic(), []
        await traffic.stop(1)

        async def request() -> None:
            traffic.leave(await traffic.enter("GET /"))
            seen.append("answered")

        waiting = asyncio.create_task(request())
        await asyncio.sleep(0.01)
        seen.append("saved")
        traffic.resume()
        await waiting
        return seen

    assert asyncio.run(scenario()) == ["saved", "answered"]


def test_a_stop_waits_for_those_inside() -> None:
    async def scenario() -> bool:
        traffic = Traffic()
        number = await traffic.enter("PUT /lake/orders.csv")
        stopping = asyncio.create_task(traffic.stop(5))
        await asyncio.sleep(0.01)
        waited = not stopping.done()
        traffic.leave(number)
        await stopping
        return waited

    assert asyncio.run(scenario())


def test_who_does_not_leave_in_time_is_named_and_the_others_are_let_in_again() -> None:
    async def scenario() -> None:
        traffic = Traffic()
        await traffic.enter("POST / AmazonSQS.ReceiveMessage")
        with pytest.raises(StillBusy, match="ReceiveMessage"):
            await traffic.stop(0.01)
        await asyncio.wait_for(traffic.enter("GET /"), 1)

    asyncio.run(scenario())
