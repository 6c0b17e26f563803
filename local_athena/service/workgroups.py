"""Workgroups: their configuration, whether it is enforced, and their tags."""

from __future__ import annotations

import re
from typing import Any

from local_athena.errors import AthenaApiError, invalid_request
from local_athena.protocols import Clock
from local_athena.service.pages import page
from local_athena.service.state import State

Request = dict[str, Any]
ENGINE = {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"}
ARN = re.compile(r"arn:aws:athena:[^:]*:[^:]*:(workgroup|datacatalog)/(.+)")


class WorkGroups:
    """The operations on workgroups and on tags."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state, self._clock = state, clock
        state.put("workgroup", "", "primary", self._new("primary", {}, enforce=False), new=True)

    def _new(self, name: str, configuration: Request, *, enforce: bool = True) -> Request:
        return {
            "Name": name,
            "State": "ENABLED",
            "Configuration": {
                "ResultConfiguration": {},
                "EnforceWorkGroupConfiguration": enforce,
                "PublishCloudWatchMetricsEnabled": False,
                "RequesterPaysEnabled": False,
                "EnableMinimumEncryptionConfiguration": False,
                **configuration,
                "EngineVersion": ENGINE,
            },
            "CreationTime": self._clock(),
        }

    def existing(self, name: str) -> Request:
        """A workgroup.

        Raises:
            AthenaApiError: there is none.
        """
        found = self._state.get("workgroup", "", name)
        if found is None:
            raise invalid_request("INVALID_INPUT", "WorkGroup is not found.")
        return found

    def enabled(self, name: str) -> Request:
        """A workgroup that takes queries."""
        found = self.existing(name)
        if found["State"] != "ENABLED":
            raise invalid_request("INVALID_INPUT", "WorkGroup is disabled.")
        return found

    def create_work_group(self, request: Request, caller: Any) -> Request:
        """CreateWorkGroup; the configuration is enforced unless the request says otherwise."""
        made = self._new(request["Name"], request.get("Configuration") or {})
        if request.get("Description"):
            made["Description"] = request["Description"]
        made["_Tags"] = {tag["Key"]: tag.get("Value", "") for tag in request.get("Tags") or ()}
        if not self._state.put("workgroup", "", request["Name"], made, new=True):
            raise invalid_request("INVALID_INPUT", "WorkGroup is already created")
        return {}

    def get_work_group(self, request: Request, caller: Any) -> Request:
        """GetWorkGroup."""
        found = self.existing(request["WorkGroup"])
        return {"WorkGroup": {key: value for key, value in found.items() if not key.startswith("_")}}

    def list_work_groups(self, request: Request, caller: Any) -> Request:
        """ListWorkGroups, by name."""
        groups = [
            {
                "Name": g["Name"],
                "State": g["State"],
                "Description": g.get("Description", ""),
                "CreationTime": g["CreationTime"],
                "EngineVersion": ENGINE,
            }
            for g in self._state.list("workgroup", "")
        ]
        return page("WorkGroups", groups, request)

    def update_work_group(self, request: Request, caller: Any) -> Request:
        """UpdateWorkGroup."""
        found = self.existing(request["WorkGroup"])
        for member in ("Description", "State"):
            if request.get(member) is not None:
                found[member] = request[member]
        updates = dict(request.get("ConfigurationUpdates") or {})
        results = updates.pop("ResultConfigurationUpdates", None)
        if updates.pop("RemoveBytesScannedCutoffPerQuery", False):
            found["Configuration"].pop("BytesScannedCutoffPerQuery", None)
        updates.pop("EngineVersion", None)
        found["Configuration"].update(updates)
        if results is not None:
            _update_results(found["Configuration"].setdefault("ResultConfiguration", {}), results)
        self._state.put("workgroup", "", found["Name"], found)
        return {}

    def delete_work_group(self, request: Request, caller: Any) -> Request:
        """DeleteWorkGroup; one with named queries needs RecursiveDeleteOption."""
        name = request["WorkGroup"]
        if name == "primary":
            raise invalid_request("INVALID_INPUT", "WorkGroup primary cannot be deleted")
        self.existing(name)
        for kind, key in (("named", "NamedQueryId"), ("prepared", "StatementName")):
            for record in self._state.list(kind, name):
                if not request.get("RecursiveDeleteOption"):
                    raise invalid_request("INVALID_INPUT", f"WorkGroup {name} is not empty")
                self._state.delete(kind, name, record[key])
        self._state.delete("workgroup", "", name)
        return {}

    def tag_resource(self, request: Request, caller: Any) -> Request:
        """TagResource."""
        found = self._of_arn(request["ResourceARN"])
        tags = found.setdefault("_Tags", {})
        tags.update({tag["Key"]: tag.get("Value", "") for tag in request["Tags"]})
        self._state.put("workgroup", "", found["Name"], found)
        return {}

    def untag_resource(self, request: Request, caller: Any) -> Request:
        """UntagResource."""
        found = self._of_arn(request["ResourceARN"])
        for key in request["TagKeys"]:
            found.setdefault("_Tags", {}).pop(key, None)
        self._state.put("workgroup", "", found["Name"], found)
        return {}

    def list_tags_for_resource(self, request: Request, caller: Any) -> Request:
        """ListTagsForResource."""
        tags = self._of_arn(request["ResourceARN"]).get("_Tags") or {}
        return {"Tags": [{"Key": key, "Value": value} for key, value in sorted(tags.items())]}

    def _of_arn(self, arn: str) -> Request:
        matched = ARN.fullmatch(arn)
        found = (
            self._state.get("workgroup", "", matched[2]) if matched and matched[1] == "workgroup" else None
        )
        if found is None:
            raise AthenaApiError(
                "ResourceNotFoundException", f"Resource {arn} was not found", ResourceName=arn
            )
        return found


def _update_results(results: Request, updates: Request) -> None:
    for member in ("OutputLocation", "EncryptionConfiguration", "ExpectedBucketOwner", "AclConfiguration"):
        if updates.get(f"Remove{member}"):
            results.pop(member, None)
        if updates.get(member) is not None:
            results[member] = updates[member]
