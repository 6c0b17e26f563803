from __future__ import annotations

from pathlib import Path

import pytest

from local_aws.user_cache import NotInstalled, installed


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_what_is_installed_is_not_installed_again() -> None:
    calls: list[Path] = []
    assert installed("thing", calls.append) == installed("thing", calls.append)
    assert len(calls) == 1


def test_an_interrupted_installation_is_taken_up_again(tmp_path: Path) -> None:
    def interrupted(folder: Path) -> None:
        (folder / "half").touch()
        raise NotInstalled("the network is gone")

    with pytest.raises(NotInstalled):
        installed("thing", interrupted)
    found: list[bool] = []
    installed("thing", lambda folder: found.append((folder / "half").exists()))
    assert found == [True]
