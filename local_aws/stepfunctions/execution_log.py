"""The CloudWatch Logs of executions, for state machines with a logging configuration.

moto's session chooses the events by level, but writes them, as objects, into a log of its own making.
Here an event is a line of JSON, as AWS writes it, put through the logs API of the gateway.
https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html (checked 2026-11).
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from moto.stepfunctions.parser.asl.eval.event.logging import (
    CloudWatchLoggingConfiguration,
    CloudWatchLoggingSession,
)
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

from local_aws.stepfunctions.machines import Machine
from local_aws.stepfunctions.tasks.clients import client_of
from local_aws.stepfunctions.tasks.values import milliseconds

logger = logging.getLogger(__name__)


class ExecutionLog(CloudWatchLoggingSession):  # type: ignore[misc]
    """The log stream of one execution, made when there is a first event for it."""

    def __init__(self, execution_arn: str, configuration: Any, machine_name: str, started: datetime) -> None:
        super().__init__(execution_arn, configuration)
        self._where = {
            "logGroupName": configuration.log_group_name,
            "logStreamName": f"states/{machine_name}/{started:%Y-%m-%d-%H-%M}/{uuid.uuid4().hex[:8]}",
        }
        self._logs = client_of("logs", configuration.log_region)
        self._stream_exists = False

    def publish_history_log(self, history_log: dict[str, Any]) -> None:
        """Write one event; a log that cannot be written does not stop the execution, as on AWS."""
        time = milliseconds(datetime.fromisoformat(history_log["event_timestamp"]))
        line = {**history_log, "event_timestamp": str(time), "redrive_count": "0"}
        event = {"timestamp": time, "message": to_json_str(line, separators=(",", ":"))}
        try:
            if not self._stream_exists:
                self._logs.create_log_stream(**self._where)
                self._stream_exists = True
            self._logs.put_log_events(**self._where, logEvents=[event])
        except (BotoCoreError, ClientError) as error:
            logger.warning("An event of %s could not be logged: %s", self.execution_arn, error)


def execution_log(machine: Machine, execution_arn: str, started: datetime) -> ExecutionLog | None:
    """Where an execution of `machine` logs to, or None when it does not."""
    written = machine.moto.loggingConfiguration
    configuration = CloudWatchLoggingConfiguration.from_logging_configuration(
        machine.arn, {"includeExecutionData": False, **written}
    )
    if configuration is None:
        return None
    return ExecutionLog(execution_arn, configuration, machine.moto.name, started)
