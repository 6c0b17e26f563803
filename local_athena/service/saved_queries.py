"""Named queries and prepared statements."""

from __future__ import annotations

from typing import Any

from local_athena.errors import AthenaApiError, invalid_request
from local_athena.protocols import Clock
from local_athena.service.executions import new_id
from local_athena.service.pages import page
from local_athena.service.state import State
from local_athena.service.workgroups import WorkGroups

Request = dict[str, Any]


class NamedQueries:
    """Queries kept by name; found by id."""

    def __init__(self, state: State, workgroups: WorkGroups) -> None:
        self._state, self._workgroups = state, workgroups

    def create_named_query(self, request: Request, caller: Any) -> Request:
        """CreateNamedQuery."""
        group = self._workgroups.existing(request.get("WorkGroup") or "primary")["Name"]
        query_id = new_id()
        kept = {k: request[k] for k in ("Name", "Description", "Database", "QueryString") if request.get(k)}
        kept |= {"NamedQueryId": query_id, "WorkGroup": group}
        self._state.put("named", group, query_id, kept)
        self._state.put("named_group", "", query_id, {"WorkGroup": group})
        return {"NamedQueryId": query_id}

    def _find(self, query_id: str) -> Request:
        group = self._state.get("named_group", "", query_id)
        found = self._state.get("named", group["WorkGroup"], query_id) if group else None
        if found is None:
            raise invalid_request("INVALID_INPUT", f"NamedQuery {query_id} was not found")
        return found

    def get_named_query(self, request: Request, caller: Any) -> Request:
        """GetNamedQuery."""
        return {"NamedQuery": self._find(request["NamedQueryId"])}

    def batch_get_named_query(self, request: Request, caller: Any) -> Request:
        """BatchGetNamedQuery."""
        found, missing = [], []
        for query_id in request["NamedQueryIds"]:
            try:
                found.append(self._find(query_id))
            except AthenaApiError as error:
                missing.append(
                    {"NamedQueryId": query_id, "ErrorCode": "INVALID_INPUT", "ErrorMessage": error.message}
                )
        return {"NamedQueries": found, "UnprocessedNamedQueryIds": missing}

    def list_named_queries(self, request: Request, caller: Any) -> Request:
        """ListNamedQueries."""
        group = self._workgroups.existing(request.get("WorkGroup") or "primary")["Name"]
        return page("NamedQueryIds", [q["NamedQueryId"] for q in self._state.list("named", group)], request)

    def update_named_query(self, request: Request, caller: Any) -> Request:
        """UpdateNamedQuery."""
        found = self._find(request["NamedQueryId"])
        found.update(
            {k: request[k] for k in ("Name", "Description", "QueryString") if request.get(k) is not None}
        )
        self._state.put("named", found["WorkGroup"], found["NamedQueryId"], found)
        return {}

    def delete_named_query(self, request: Request, caller: Any) -> Request:
        """DeleteNamedQuery."""
        found = self._find(request["NamedQueryId"])
        self._state.delete("named", found["WorkGroup"], found["NamedQueryId"])
        self._state.delete("named_group", "", found["NamedQueryId"])
        return {}


class PreparedStatements:
    """Statements with `?`, kept by name in a workgroup; PREPARE and EXECUTE share them."""

    def __init__(self, state: State, workgroups: WorkGroups, clock: Clock) -> None:
        self._state, self._workgroups, self._clock = state, workgroups, clock

    def _find(self, request: Request) -> Request:
        group, name = self._workgroups.existing(request["WorkGroup"])["Name"], request["StatementName"]
        found = self._state.get("prepared", group, name)
        if found is None:
            raise AthenaApiError(
                "ResourceNotFoundException",
                f"PreparedStatement {name} was not found in workGroup {group}",
                ResourceName=name,
            )
        return found

    def query_of(self, workgroup: str, name: str) -> str | None:
        """The text of a prepared statement; None when there is none."""
        found = self._state.get("prepared", workgroup, name)
        return None if found is None else str(found["QueryStatement"])

    def create_prepared_statement(self, request: Request, caller: Any) -> Request:
        """CreatePreparedStatement."""
        group = self._workgroups.existing(request["WorkGroup"])["Name"]
        kept = {
            "StatementName": request["StatementName"],
            "QueryStatement": request["QueryStatement"],
            "WorkGroupName": group,
            "Description": request.get("Description", ""),
            "LastModifiedTime": self._clock(),
        }
        if not self._state.put("prepared", group, request["StatementName"], kept, new=True):
            raise invalid_request(
                "INVALID_INPUT",
                f"PreparedStatement {request['StatementName']} already exists in workGroup {group}",
            )
        return {}

    def get_prepared_statement(self, request: Request, caller: Any) -> Request:
        """GetPreparedStatement."""
        return {"PreparedStatement": self._find(request)}

    def batch_get_prepared_statement(self, request: Request, caller: Any) -> Request:
        """BatchGetPreparedStatement."""
        found, missing = [], []
        for name in request["PreparedStatementNames"]:
            try:
                found.append(self._find({**request, "StatementName": name}))
            except AthenaApiError as error:
                missing.append(
                    {"StatementName": name, "ErrorCode": "STATEMENT_NOT_FOUND", "ErrorMessage": error.message}
                )
        return {"PreparedStatements": found, "UnprocessedPreparedStatementNames": missing}

    def update_prepared_statement(self, request: Request, caller: Any) -> Request:
        """UpdatePreparedStatement."""
        found = self._find(request)
        found["QueryStatement"], found["LastModifiedTime"] = request["QueryStatement"], self._clock()
        if request.get("Description") is not None:
            found["Description"] = request["Description"]
        self._state.put("prepared", found["WorkGroupName"], found["StatementName"], found)
        return {}

    def delete_prepared_statement(self, request: Request, caller: Any) -> Request:
        """DeletePreparedStatement."""
        found = self._find(request)
        self._state.delete("prepared", found["WorkGroupName"], found["StatementName"])
        return {}

    def list_prepared_statements(self, request: Request, caller: Any) -> Request:
        """ListPreparedStatements."""
        group = self._workgroups.existing(request["WorkGroup"])["Name"]
        kept = [
            {k: s[k] for k in ("StatementName", "LastModifiedTime")}
            for s in self._state.list("prepared", group)
        ]
        return page("PreparedStatements", kept, request)
