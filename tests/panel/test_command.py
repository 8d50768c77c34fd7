"""flask frame: the spreadsheet of a round, in a language, or a word why not."""

import pytest
from openpyxl import load_workbook


@pytest.fixture
def run(app, session):
    def frame(*words):
        session.commit()
        return app.test_cli_runner().invoke(args=["frame", *map(str, words)])

    return frame


@pytest.mark.parametrize(
    ("language", "first"), [("en", "Overview"), ("es", "Resumen"), (None, "Overview")]
)
def test_the_file_speaks_the_language_asked_for(run, shown, tmp_path, language, first):
    target = tmp_path / "frame.xlsx"
    words = ["--language", language] if language else []

    result = run(shown.submitted_response.round_id, "--to", target, *words)

    assert (result.exit_code, result.stdout) == (0, "")
    assert load_workbook(target).sheetnames[0] == first


def test_it_is_made_for_somebody(run, shown, tmp_path):
    target = tmp_path / "frame.xlsx"

    run(shown.submitted_response.round_id, "--to", target, "--by", "bnogueira@gestao.example")

    assert "Beatriz Nogueira" in load_workbook(target)["Gaps"].oddFooter.left.text


def test_a_round_without_submission_gives_no_file(run, shown, tmp_path):
    result = run(shown.response.round_id, "--to", tmp_path / "frame.xlsx")

    assert result.exit_code == 1
    assert "Nothing was submitted" in result.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "words",
    [
        ("--to", "frame.pdf"),
        ("--to", "frame.xlsx", "--language", "de"),
        ("--to", "frame.xlsx", "--by", "nobody@x.example"),
        (),
    ],
    ids=["another kind", "another language", "nobody", "no file"],
)
def test_wrong_use_exits_with_two(run, shown, words):
    assert run(shown.submitted_response.round_id, *words).exit_code == 2
