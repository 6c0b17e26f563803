"""`arn:aws:states:::aws-sdk:<service>:<action>`: any API call.

moto's task, with what AWS does besides: names of services, errors and members as the AWS SDK for Java has
them (`SecretsManager.ResourceNotFoundException`), parameters in PascalCase whatever the API's case, and
times as text. https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
(checked 2026-11).
"""

from __future__ import annotations

from typing import Any, ClassVar

from botocore.exceptions import ClientError, UnknownServiceError
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
    StateTaskServiceAwsSdk,
)

from local_aws.stepfunctions.tasks.clients import client_of, role_clients
from local_aws.stepfunctions.tasks.values import as_output, iso_8601


class AwsSdkTask(StateTaskServiceAwsSdk):  # type: ignore[misc]
    """A call of any service that boto3 has."""

    # The SDK for Java's name of a service, where it is not boto3's.
    _SERVICE_NAME_SFN_TO_BOTO_OVERRIDES: ClassVar[dict[str, str]] = {
        "sfn": "stepfunctions",
        "cloudwatchlogs": "logs",
        "eventbridge": "events",
        "redshiftdata": "redshift-data",
        "costexplorer": "ce",
        "databasemigration": "dms",
        "configservice": "config",
        "servicecatalog": "servicecatalog",
        "applicationautoscaling": "application-autoscaling",
    }

    def _eval_service_task(
        self, env: Any, resource_runtime_part: Any, normalised_parameters: Any, state_credentials: Any
    ) -> None:
        client = self._client(resource_runtime_part.region, state_credentials.role_arn)
        operation = self._operation(client)
        if operation.input_shape is not None:
            self._to_boto_request(normalised_parameters, operation.input_shape)
        answer = getattr(client, self._get_boto_service_action())(**normalised_parameters) or {}
        answer.pop("ResponseMetadata", None)
        if operation.output_shape is not None:
            self._from_boto_response(answer, operation.output_shape)
        env.stack.append(as_output(answer, iso_8601))

    def _client(self, region: str, role_arn: str) -> Any:
        try:
            return role_clients.client_of(self._get_boto_service_name(), region, role_arn)
        except UnknownServiceError:
            raise ValueError(f"boto3 has no service for '{self.resource.resource_arn}'") from None

    def _operation(self, client: Any) -> Any:
        names = client.meta.method_to_api_mapping
        action = self._get_boto_service_action()
        if action not in names:
            raise ValueError(f"'{self.resource.resource_arn}' names no API action of the service")
        return client.meta.service_model.operation_model(names[action])

    def _from_error(self, env: Any, ex: Exception) -> Any:
        if not isinstance(ex, ClientError):
            return super()._from_error(env=env, ex=ex)
        service = self._service_class_name()
        error = ex.__class__.__name__ if type(ex) is not ClientError else service
        if not error.endswith("Exception"):
            error += "Exception"
        metadata = ex.response.get("ResponseMetadata", {})
        status, request_id = metadata.get("HTTPStatusCode"), metadata.get("RequestId")
        where = f"Service: {service}, Status Code: {status}, Request ID: {request_id}"
        cause = f"{ex.response['Error'].get('Message', '')} ({where})"
        return self._get_task_failure_event(env=env, error=f"{service}.{error}", cause=cause)

    def _service_class_name(self) -> str:
        # The model is loaded by now: this error came from a call.
        model = client_of(self._get_boto_service_name(), "us-east-1").meta.service_model
        return str(self._to_sfn_cased(model.service_id.hyphenize().replace("-", "_")))
