"""Rulesets: definitions in DQDL, of a catalog table or of none."""

from __future__ import annotations

from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.glue.catalog import Tags
from local_aws.glue.catalog.errors import invalid, not_found
from local_aws.glue.catalog.pages import named_page
from local_aws.glue.jobs.runs import now
from local_aws.glue.quality.dqdl import rule_count
from local_aws.glue.quality.filters import is_after, is_before, same_table
from local_aws.glue.quality.store import Document, QualityStore

Request = dict[str, Any]
Answer = dict[str, Any]
MOST = 1000
KIND = "dataQualityRuleset"
LISTED = ("Name", "Description", "CreatedOn", "LastModifiedOn", "TargetTable", "RecommendationRunId")
SHOWN = (*LISTED, "Ruleset", "DataQualitySecurityConfiguration")


class Rulesets:
    """CreateDataQualityRuleset, Get-, Update-, Delete- and ListDataQualityRulesets."""

    def __init__(self, store: QualityStore, account: str, catalog: Any, tags: Tags) -> None:
        self._store = store
        self.account = account
        self._catalog = catalog
        self._tags = tags
        tags.add_kind(KIND, lambda name: store.ruleset(name) is not None)

    def create_data_quality_ruleset(self, request: Request, caller: Caller) -> Answer:
        """Keep a new ruleset."""
        name = request["Name"]
        rule_count(request["Ruleset"])
        self._check_target(request.get("TargetTable"))
        with self._store.database.write():
            if self._store.ruleset(name) is not None:
                raise AwsError(
                    "AlreadyExistsException", f"Another ruleset with the same name already exists: {name}"
                )
            made = {member: request[member] for member in SHOWN if member in request}
            self._store.put_ruleset(made | {"CreatedOn": now(), "LastModifiedOn": now()})
        self._tags.put(KIND, name, request.get("Tags"))
        return {"Name": name}

    def get_data_quality_ruleset(self, request: Request, caller: Caller) -> Answer:
        """Show a ruleset."""
        return self.require(request["Name"])

    def update_data_quality_ruleset(self, request: Request, caller: Caller) -> Answer:
        """Change a ruleset's rules or description."""
        changes = {member: request[member] for member in ("Description", "Ruleset") if member in request}
        if "Ruleset" in changes:
            rule_count(changes["Ruleset"])
        with self._store.database.write():
            changed = self.require(request["Name"]) | changes | {"LastModifiedOn": now()}
            self._store.put_ruleset(changed)
        return {member: changed[member] for member in ("Name", "Description", "Ruleset") if member in changed}

    def delete_data_quality_ruleset(self, request: Request, caller: Caller) -> Answer:
        """Delete a ruleset."""
        self.require(request["Name"])
        self._store.delete_ruleset(request["Name"])
        self._tags.drop(KIND, request["Name"])
        return {}

    def list_data_quality_rulesets(self, request: Request, caller: Caller) -> Answer:
        """List the rulesets that fit a filter and tags."""
        found = {
            one["Name"]: one
            for one in self._store.rulesets()
            if _fits(one, request.get("Filter") or {}) and self._has(one["Name"], request.get("Tags") or {})
        }
        names, token = named_page(list(found), request, MOST)
        return {"Rulesets": [_listed(found[name]) for name in names], **token}

    def require(self, name: str) -> Document:
        """A ruleset.

        Raises:
            AwsError: EntityNotFoundException.
        """
        found = self._store.ruleset(name)
        if found is None:
            raise not_found(f"Cannot find Data Quality Ruleset in account {self.account} with name {name}")
        return found

    def _has(self, name: str, tags: dict[str, str]) -> bool:
        return not tags or tags.items() <= self._tags.of(KIND, name).items()

    def _check_target(self, target: Document | None) -> None:
        if target is None:
            return
        try:
            self._catalog.get_table(DatabaseName=target["DatabaseName"], Name=target["TableName"])
        except self._catalog.exceptions.EntityNotFoundException:
            raise invalid(
                f"Cannot find table {target['TableName']} in database {target['DatabaseName']}"
            ) from None


def _listed(ruleset: Document) -> Document:
    shown = {member: ruleset[member] for member in LISTED if member in ruleset}
    return shown | {"RuleCount": rule_count(ruleset["Ruleset"])}


def _fits(ruleset: Document, wanted: Document) -> bool:
    return (
        wanted.get("Name") in (None, ruleset["Name"])
        and wanted.get("Description") in (None, ruleset.get("Description"))
        and is_before(ruleset["CreatedOn"], wanted.get("CreatedBefore"))
        and is_after(ruleset["CreatedOn"], wanted.get("CreatedAfter"))
        and is_before(ruleset["LastModifiedOn"], wanted.get("LastModifiedBefore"))
        and is_after(ruleset["LastModifiedOn"], wanted.get("LastModifiedAfter"))
        and same_table(ruleset.get("TargetTable"), wanted.get("TargetTable"))
    )
