"""What holds for all code at once: arrows, transactions, access marks, words."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from survey.core.policy import Act
from survey.web.access import PUBLIC, MarkedTwice, needs, public
from survey.web.messages import MESSAGES

ROOT = Path(__file__).parent.parent
SURVEY = ROOT / "survey"
MODULES = sorted(
    path for path in SURVEY.rglob("*.py") if "migrations" not in path.relative_to(SURVEY).parts
)
INWARDS = [
    *("core", "workbooks", "database", "config", "web", "accounts", "banks", "questionnaires"),
    *("rounds", "responses", "panel", "reports", "exports", "api"),
]
PURE = {"msgspec", "re2"}  # what core may use besides the standard library


def name_of(path):
    return path.relative_to(SURVEY).as_posix()


def tree_of(path):
    return ast.parse(path.read_text("utf-8"))


def imports(tree):
    """Every imported module, and `module.name` for what comes from one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(path):
    return path.relative_to(SURVEY).parts[0].removesuffix(".py")


each_module = pytest.mark.parametrize("path", MODULES, ids=name_of)


@each_module
def test_imports_point_inwards(path):
    here = room(path)
    assert here in INWARDS or here == "__init__", "a room that the design does not know"
    for name in imports(tree_of(path)):
        top, *rest = name.split(".")
        assert top != "app", "nothing imports the application"
        if top == "survey":
            assert INWARDS.index(rest[0]) <= INWARDS.index(here), name


@each_module
def test_core_is_pure_and_services_know_no_request(path):
    for name in imports(tree_of(path)):
        top = name.partition(".")[0]
        if room(path) == "core":
            assert top in {"survey"} | PURE | sys.stdlib_module_names, name
        if room(path) == "workbooks" or path.name in ("models.py", "service.py", "sign_in.py"):
            assert not top.startswith("flask"), name


@each_module
def test_nothing_is_imported_inside_a_function_or_for_types_only(path):
    tree = tree_of(path)
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = [
                node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)
            ]
            assert not inner, function.name
    assert "TYPE_CHECKING" not in {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


@each_module
def test_only_the_write_decorator_commits(path):
    called = {
        node.func.attr
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert path.name == "database.py" or "commit" not in called


@each_module
def test_a_module_says_in_its_first_line_what_lives_there(path):
    tree = tree_of(path)
    assert ast.get_docstring(tree) or not tree.body


def test_the_package_itself_is_empty():
    assert (SURVEY / "__init__.py").read_text("utf-8") == ""


def test_core_loads_without_flask_and_the_database():
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in MODULES
        if room(path) == "core" and path.name != "__init__.py"
    ]
    outside = "{'flask', 'sqlalchemy'} & set(sys.modules)"
    code = f"import sys, {', '.join(names)}; sys.exit(bool({outside}))"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0


def test_every_view_says_who_may_call_it(app):
    acts = {PUBLIC, *Act}
    unmarked = {
        name
        for name, view in app.view_functions.items()
        if name.rpartition(".")[2] != "static" and getattr(view, "access", None) not in acts
    }
    assert unmarked == set()


def test_a_view_carries_one_mark_only():
    with pytest.raises(MarkedTwice):
        needs(Act.COMPOSE)(public(lambda: None))


def test_every_view_that_answers_a_post_runs_in_a_transaction(app):
    writing = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
    }
    bare = {name for name in writing if not hasattr(app.view_functions[name], "writes")}
    assert bare == set()


def codes():
    """Every code of a problem or refusal in the tree -> where it is first raised."""
    found = {}
    for path in MODULES:
        for node in ast.walk(tree_of(path)):
            for code in codes_of(node):
                found.setdefault(code, name_of(path))
    return found


def codes_of(node):
    """The codes of `Problem(code="x")`, `Problem("x")`, and of `code: ClassVar[str] = "x"`."""
    if isinstance(node, ast.Call) and called_name(node.func) in ("Problem", "problem", "_problem"):
        given = [word.value for word in node.keywords if word.arg == "code"] or node.args[:1]
        for value in given:
            yield from texts_in(value)
    if isinstance(node, ast.ClassDef):
        for line in node.body:
            if isinstance(line, ast.AnnAssign) and getattr(line.target, "id", "") == "code":
                yield from texts_in(line.value)
            if isinstance(line, ast.Assign) and getattr(line.targets[0], "id", "") == "code":
                yield from texts_in(line.value)


def called_name(function):
    return getattr(function, "id", getattr(function, "attr", ""))


def texts_in(value):
    """The literal itself, or both ends of a conditional one."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    if isinstance(value, ast.IfExp):
        yield from texts_in(value.body)
        yield from texts_in(value.orelse)


def test_every_problem_and_refusal_has_words():
    missing = {code: where for code, where in codes().items() if code not in MESSAGES}
    assert missing == {}
