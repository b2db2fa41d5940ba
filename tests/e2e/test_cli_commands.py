"""The other commands, and what every command does when something goes wrong."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

import phm_diabetes as phm
from phm_diabetes import demo
from phm_diabetes.cli import main
from phm_diabetes.errors import PluginLoadError
from phm_diabetes.plugins import ADAPTERS, load_plugin, plugin_names


def phm_says(*arguments: str):
    return CliRunner().invoke(main, list(arguments))


def test_the_version_is_that_of_the_library():
    assert phm_says("--version").output == f"phm_diabetes {phm.__version__}\n"


def test_help_lists_the_commands_in_plain_characters():
    run = phm_says("--help")
    assert run.exit_code == 0
    assert all(command in run.output for command in ("adapters", "check", "demo"))
    assert run.output.isascii()
    assert all(
        phm_says(command, "-h").output.isascii() for command in ("adapters", "check", "demo")
    )


def test_a_misspelt_command_is_a_matter_of_usage():
    run = phm_says("chekc")
    assert run.exit_code == 2
    assert "Usage:" in run.output


def test_adapters_explain_themselves():
    run = phm_says("adapters")
    assert run.exit_code == 0
    assert "england.qof_prevalence 1\n    Reads the QOF's raw prevalence CSV" in run.output
    number = len(plugin_names(ADAPTERS))
    assert f"{number} of {number} adapters are ready." in run.output


def test_an_adapter_that_cannot_be_loaded_says_why_and_spoils_nothing(monkeypatch):
    def load(group, name):
        if name == "england.ods_practices":
            message = "'england.ods_practices' of package x cannot be loaded (ImportError: y)."
            raise PluginLoadError(message)
        return load_plugin(group, name)

    monkeypatch.setattr("phm_diabetes.plugins.load_plugin", load)
    run = phm_says("adapters")
    assert run.exit_code == 0
    assert "england.ods_practices: cannot be used\n    'england.ods_practices' of" in run.output
    number = len(plugin_names(ADAPTERS))
    assert f"{number - 1} of {number} adapters are ready." in run.output


def test_the_demonstration_prints_what_the_walkthrough_says(monkeypatch):
    monkeypatch.setattr("phm_diabetes.demo.walkthrough.run", lambda echo: echo("Planted."))
    run = phm_says("demo")
    assert run.exit_code == 0
    assert run.output == "Planted.\n"


def test_the_planted_files_can_be_kept_and_written_again(monkeypatch, tmp_path):
    monkeypatch.setattr("phm_diabetes.demo.walkthrough.run", lambda echo: echo("Planted."))
    folder = tmp_path / "a new" / "folder"
    for _ in range(2):
        run = phm_says("demo", "--folder", str(folder))
        assert run.exit_code == 0, run.output
    assert (folder / "PREVALENCE_2223.csv").read_bytes() == demo.registers().read()


def test_a_file_that_is_not_planted_is_never_overwritten(tmp_path):
    mine = tmp_path / "PREVALENCE_2223.csv"
    mine.write_bytes(b"mine")
    run = phm_says("demo", "--folder", str(tmp_path))
    assert run.exit_code == 2
    assert "already holds another PREVALENCE_2223.csv" in run.stderr
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"mine"]


def test_a_folder_that_cannot_be_made_is_one_clear_sentence(tmp_path):
    (tmp_path / "taken").write_bytes(b"")
    run = phm_says("demo", "--folder", str(tmp_path / "taken"))
    assert run.exit_code == 2
    assert run.stderr == "Error: Folder taken cannot be made: a file has its name. Give another.\n"


def test_debug_lets_the_traceback_through(tmp_path):
    run = phm_says("--debug", "check", str(tmp_path / "none.csv"))
    assert isinstance(run.exception, phm.errors.SourceReadError)


def test_a_reader_that_goes_away_is_no_error_of_ours(monkeypatch):
    def gone():
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr("phm_diabetes.plugins.list_adapters", gone)
    run = phm_says("adapters")
    assert run.exit_code == 1
    assert "sorry" not in run.output


@pytest.mark.slow
def test_the_whole_demonstration_runs():
    run = phm_says("demo")
    assert run.exit_code == 0, run.output
    assert "planted" in run.output
