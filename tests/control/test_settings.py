"""Settings: a TOML file, then the environment, then the command line; mistakes are named."""

from pathlib import Path
from typing import Any

import pytest

from simulator import settings
from simulator.errors import SimulatorError
from simulator.settings import Settings


def write(folder: Path, text: str, name: str = "my.toml") -> str:
    path = folder / name
    path.write_text(text, "utf-8")
    return str(path)


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder without a settings file."""
    monkeypatch.chdir(tmp_path)


def test_without_anything_the_defaults_hold() -> None:
    loaded = settings.load(environment={})

    assert loaded == Settings()
    assert (loaded.host, loaded.port, loaded.control_port) == ("127.0.0.1", 8900, 8901)
    assert loaded.base_url == "http://127.0.0.1:8900"
    assert loaded.database_url == "sqlite:///.simulator/simulator.db"


def test_the_file_is_under_the_environment_is_under_the_command_line(tmp_path: Path) -> None:
    file = write(tmp_path, 'port = 1\ncontrol_port = 1\nseed = "file"\nhost = "0.0.0.0"')
    environment = {"CONZHU_CONTROL_PORT": "2", "CONZHU_SEED": "environment"}

    loaded = settings.load(file, environment, {"seed": "command line"})

    assert (loaded.host, loaded.port, loaded.control_port) == ("0.0.0.0", 1, 2)
    assert loaded.seed == "command line"


def test_a_file_in_the_working_folder_is_read(tmp_path: Path) -> None:
    write(tmp_path, "port = 7", "conzhu-sim.toml")

    assert settings.load(environment={}).port == 7


def test_a_named_file_replaces_the_one_in_the_working_folder(tmp_path: Path) -> None:
    write(tmp_path, "port = 7\njournal_limit = 7", "conzhu-sim.toml")
    other = write(tmp_path, "port = 8")

    loaded = settings.load(other, {})

    assert (loaded.port, loaded.journal_limit) == (8, 20_000)


def test_the_real_environment_is_read_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONZHU_PORT", "4711")
    monkeypatch.setenv("CONZHU_LANG", "zh")

    assert settings.load().port == 4711


@pytest.mark.parametrize(
    ("changes", "base", "database"),
    [
        ({"public_url": "https://sim.example.com/"}, "https://sim.example.com", None),
        ({"host": "0.0.0.0", "port": 80}, "http://127.0.0.1:80", None),
        ({"host": "::", "port": 80}, "http://[::1]:80", None),
        ({"host": "192.0.2.1", "port": 80}, "http://192.0.2.1:80", None),
        ({"data": "/tmp/here"}, None, "sqlite:////tmp/here/simulator.db"),
        ({"database": "other.db"}, None, "sqlite:///other.db"),
        ({"database": "postgresql+psycopg://u@h/d"}, None, "postgresql+psycopg://u@h/d"),
    ],
)
def test_addresses_follow_from_the_settings(
    changes: dict[str, Any], base: str | None, database: str | None
) -> None:
    loaded = settings.load(environment={}, overrides=changes)

    assert base is None or loaded.base_url == base
    assert database is None or loaded.database_url == database


MISTAKES = [
    ("colour", "red", "there is no setting 'colour'; the settings are: host, port, "),
    ("port", "many", "port must be a whole number (got 'many')"),
    ("port", 70_000, "port must be from 0 to 65535 (got 70000)"),
    ("control_port", -1, "control_port must be from 0 to 65535 (got -1)"),
    ("journal_limit", 0, "journal_limit must be at least 1"),
    ("upload_limit", -5, "upload_limit must be at least 1"),
    ("platform_key_bits", 512, "platform_key_bits must be 1024 or 2048 (got 512)"),
    ("public_url", "sim.example.com", "public_url must start with http:// or https://"),
]


@pytest.mark.parametrize(("name", "value", "said"), MISTAKES)
@pytest.mark.parametrize("place", ["file", "environment", "command line"])
def test_a_mistake_is_named_with_its_place(
    tmp_path: Path, name: str, value: object, said: str, place: str
) -> None:
    text = f'"{value}"' if isinstance(value, str) else str(value)
    file = write(tmp_path, f"{name} = {text}" if place == "file" else "")
    environment = {f"CONZHU_{name.upper()}": str(value)} if place == "environment" else {}
    with pytest.raises(SimulatorError) as refused:
        settings.load(file, environment, {name: value} if place == "command line" else {})

    sentence = refused.value.text
    where = {"file": file, "environment": "the environment", "command line": "the command line"}
    assert sentence.en.startswith(f"{where[place]}: ")
    assert said in sentence.en
    assert sentence.en.rstrip().endswith(".")
    assert name in sentence.zh
    assert sentence.zh.endswith("。")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("port = 8900.5", "port must be a whole number (got 8900.5)"),
        ("port = true", "port must be a whole number (got True)"),
        ("port = [1]", "port must be a whole number (got [1])"),
        ("host = 5", "host must be a text in quotes (got 5)"),
        ("seed = 2026-01-05", "seed must be a text in quotes"),
    ],
)
def test_a_value_of_the_wrong_type_is_named(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(SimulatorError) as refused:
        settings.load(write(tmp_path, line), {})

    assert said in refused.value.text.en


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(SimulatorError, match=r"^There is no settings file nowhere\.toml\.$"):
        settings.load("nowhere.toml", {})


@pytest.mark.parametrize("content", [b"port = ", b"\xff\xfe", b"port = 1\nport = 2"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.toml"
    path.write_bytes(content)

    with pytest.raises(SimulatorError) as refused:
        settings.load(str(path), {})

    assert refused.value.text.en.startswith(f"The settings file {path} cannot be read: ")
    assert refused.value.text.zh.startswith(f"无法读取设置文件 {path}：")


def test_a_folder_is_no_settings_file(tmp_path: Path) -> None:
    with pytest.raises(SimulatorError, match="cannot be read"):
        settings.load(str(tmp_path), {})


def test_two_doors_on_one_port_are_refused() -> None:
    with pytest.raises(SimulatorError, match="port and control_port are both 9000"):
        settings.load(None, {"CONZHU_PORT": "9000"}, {"control_port": 9000})
