"""The API operations on executions.

moto has these operations, but in memory only, without paging of histories, default names, or the error
and cause of a stop; and replaying its StartExecution after a restart would run everything again. Hence
they are ours, on moto's interpreter. https://docs.aws.amazon.com/step-functions/latest/apireference/
(checked 2026-11).
"""

from __future__ import annotations

import json
import re
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError, not_implemented
from local_aws.stepfunctions.machines import Machine, Machines
from local_aws.stepfunctions.pages import next_token, page_of
from local_aws.stepfunctions.records import RUNNING, Record, Records
from local_aws.storage.room import when_there_is_room

MAX_INPUT_BYTES = 262_144
STOP_SECONDS = 3.0
_NAME = re.compile(r"[^\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ufffe\uffff]{1,80}")


class Executions:
    """Starts, stops and answers for executions."""

    def __init__(self, records: Records, machines: Machines) -> None:
        self._records = records
        self._machines = machines
        self.running: dict[str, Any] = {}
        """Executions (`interpreter.Run`) by ARN."""
        self._starting = threading.Lock()

    def start_execution(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Start; with the name and input of a running execution, answer for that one."""
        machine = self._machines.find(request["stateMachineArn"], caller)
        name, text = _name(request), _input(request)
        if machine.express:
            run = self._run(machine, machine.express_arn(name), name, text, lambda run: None)
            run.start()
            return {"executionArn": run.exec_arn, "startDate": run.start_date}
        arn = machine.execution_arn(name)
        with self._starting:
            existing = self._records.find(arn)
            if existing is None:
                return self._start(machine, arn, name, text)
        if existing.running and existing.description["input"] == text:
            return {"executionArn": arn, "startDate": existing.description["startDate"]}
        raise AwsError("ExecutionAlreadyExists", f"Execution Already Exists: '{arn}'")

    def start_sync_execution(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Run an EXPRESS state machine and answer with its result."""
        machine = self._machines.find(request["stateMachineArn"], caller)
        if not machine.express:
            message = "This operation is not supported by this type of state machine"
            raise AwsError("StateMachineTypeNotSupported", message)
        name, text = _name(request), _input(request)
        ended = threading.Event()
        run = self._run(machine, machine.express_arn(name), name, text, lambda run: ended.set())
        started = time.monotonic()
        run.start()
        ended.wait()
        billed = {"billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": _billed(started)}
        described: dict[str, Any] = _description(machine, run) | run.result() | {"billingDetails": billed}
        if described["status"] not in ("SUCCEEDED", "TIMED_OUT"):
            described["status"] = "FAILED"
        return described

    def describe_execution(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """One execution, running or ended."""
        return {**self._record(request["executionArn"]).description, "redriveCount": 0}

    def describe_state_machine_for_execution(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """The state machine as it was when the execution started."""
        return self._record(request["executionArn"]).definition

    def list_executions(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """A state machine's executions, newest first."""
        if "mapRunArn" in request:
            raise not_implemented("stepfunctions", "ListExecutions", "mapRunArn is not supported.")
        if "stateMachineArn" not in request:
            raise AwsError("ValidationException", "Either stateMachineArn or mapRunArn must be given")
        machine = self._machines.find(request["stateMachineArn"], caller)
        offset, limit = page_of(request)
        found = self._records.descriptions(
            machine.arn, request.get("statusFilter"), offset=offset, limit=limit + 1
        )
        answer: dict[str, Any] = {"executions": [_list_item(item) for item in found[:limit]]}
        return answer | next_token(offset + limit, len(found) > limit)

    def get_execution_history(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """A page of an execution's events."""
        record = self._record(request["executionArn"])
        run = self.running.get(record.arn)
        events = record.history if run is None else run.history()
        if request.get("reverseOrder"):
            events = events[::-1]
        if request.get("includeExecutionData") is False:
            events = [_without_data(event) for event in events]
        offset, limit = page_of(request)
        answer: dict[str, Any] = {"events": events[offset : offset + limit]}
        return answer | next_token(offset + limit, len(events) > offset + limit)

    def stop_execution(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Abort; an execution that has ended stays as it is."""
        record = self._record(request["executionArn"])
        run = self.running.get(record.arn)
        if run is not None:
            run.abort(request.get("error"), request.get("cause"))
            deadline = time.monotonic() + STOP_SECONDS
            while record.arn in self.running and time.monotonic() < deadline:
                time.sleep(0.01)
            record = self._record(record.arn)
        started = record.description["startDate"]
        return {"stopDate": record.description.get("stopDate", started)}

    def forget(self, state_machine_arn: str) -> None:
        """Drop the executions of a state machine that was deleted."""
        self._records.forget(state_machine_arn)

    def close(self) -> None:
        """Keep what the running executions have done so far, for the history they will be aborted with."""
        for run in list(self.running.values()):
            record = self._records.find(run.exec_arn)
            if record is not None and record.running:
                self._records.save(Record(record.description, record.definition, run.history()))

    def _start(self, machine: Machine, arn: str, name: str, text: str) -> dict[str, Any]:
        run = self._run(machine, arn, name, text, self._ended)
        self._records.save(Record(_description(machine, run), machine.definition, []))
        self.running[arn] = run
        machine.attach(run)
        run.start()
        return {"executionArn": arn, "startDate": run.start_date}

    def _run(self, machine: Machine, arn: str, name: str, text: str, on_end: Callable[[Any], None]) -> Any:
        from local_aws.stepfunctions.interpreter import Run

        return Run(machine, arn, name, text, on_end)

    def _ended(self, run: Any) -> None:
        record = self._record(run.exec_arn)
        ended = Record(record.description | run.result(), record.definition, run.history())
        when_there_is_room(lambda: self._records.save(ended))
        del self.running[run.exec_arn]

    def _record(self, arn: str) -> Record:
        record = self._records.find(arn)
        if record is None:
            if not re.fullmatch(r"arn:[a-z-]+:states:[a-z0-9-]+:\d{12}:execution:[^:]+:[^:]+", arn):
                raise AwsError("InvalidArn", f"Invalid Arn: '{arn}'")
            raise AwsError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")
        return record


def _description(machine: Machine, run: Any) -> dict[str, Any]:
    return {
        "executionArn": run.exec_arn,
        "stateMachineArn": machine.arn,
        "name": run.name,
        "status": RUNNING,
        "startDate": run.start_date,
        "input": run.execution_input,
        "inputDetails": {"included": True},
        **machine.origin,
    }


def _list_item(description: dict[str, Any]) -> dict[str, Any]:
    kept = (
        "executionArn", "stateMachineArn", "name", "status", "startDate", "stopDate",
        "stateMachineVersionArn", "stateMachineAliasArn",
    )  # fmt: skip
    return {name: description[name] for name in kept if name in description} | {"redriveCount": 0}


def _without_data(event: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {key: inner for key, inner in value.items() if key not in ("input", "output", "parameters")}
        if isinstance(value, dict)
        else value
        for name, value in event.items()
    }


def _name(request: dict[str, Any]) -> str:
    name: str = request.get("name") or str(uuid.uuid4())
    if not _NAME.fullmatch(name):
        raise AwsError("InvalidName", f"Invalid Name: '{name}'")
    return name


def _input(request: dict[str, Any]) -> str:
    text: str = request.get("input", "{}")
    if len(text.encode()) > MAX_INPUT_BYTES:
        message = f"Invalid State Machine Execution Input: larger than {MAX_INPUT_BYTES} bytes"
        raise AwsError("InvalidExecutionInput", message)
    try:
        json.loads(text)
    except ValueError as error:
        raise AwsError(
            "InvalidExecutionInput", f"Invalid State Machine Execution Input: '{error}'"
        ) from error
    return text


def _billed(started: float) -> int:
    # Express executions are billed in steps of 100 ms.
    return (int((time.monotonic() - started) * 10) + 1) * 100
