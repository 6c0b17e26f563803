from __future__ import annotations

from typing import Any

import pytest

from laguna.errors import SettingsInvalid
from laguna.lake.description import Lake, read_lake
from laguna.project import own_project


def test_a_folder_without_a_description_is_a_lake_too() -> None:
    assert read_lake({}) == Lake()


def test_the_lake_of_this_repository_is_described_and_all_that_it_names_is_there() -> None:
    project = own_project()
    lake = project.lake
    assert lake.name == "energy-datalake"
    assert list(lake.ingest) == ["clientes", "proveedores", "transacciones"]
    for path in (lake.template, lake.code, lake.samples, lake.queries):
        assert (project.folder / path).exists(), path


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"tempalte": "x"}, "tempalte in [lake], which is no key of it; did you mean template?"),
        ({"zzzz": 1}, "zzzz in [lake], which is no key of it; it takes name, template, code"),
        ({"template": 7}, "template = 7 in [lake]: input should be a valid string."),
        ({"name": "a b"}, "name = 'a b' in [lake]"),
        (
            {"ingest": {"t": {"file": "*", "to": "x"}}},
            "file in [lake.ingest.t], which is no key",
        ),
        ({"ingest": {"t": {"files": "*"}}}, "laguna.toml has no to in [lake.ingest.t]; add it."),
    ],
)
def test_a_wrong_key_is_one_sentence_with_the_way_out(given: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        read_lake({"lake": given})
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
