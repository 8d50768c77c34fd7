"""The benchmarks run, and every figure they give is one that a bar can be held against."""

import json

import pytest

from tests.benchmarks import __main__ as benchmarks


@pytest.mark.filterwarnings("ignore")
def test_hurried_run_writes_a_figure_for_every_row(tmp_path, capsys):
    target = tmp_path / "bench.json"

    benchmarks.main(["--quick", "--to", str(target)])

    rows = json.loads(target.read_text("utf-8"))
    assert {"name", "value", "unit", "bar", "holds"} == set().union(*rows)
    assert all(row["value"] > 0 for row in rows)
    assert [row["holds"] is None for row in rows] == [row["bar"] is None for row in rows]
    for name in (
        "open a page",
        "save one answer",
        "submit a page",
        "write a",
        "read a",
        "check",
        "load",
    ):
        assert any(row["name"].startswith(name) for row in rows), name
    assert len(capsys.readouterr().out.splitlines()) == len(rows)
