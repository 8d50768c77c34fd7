"""What holds for all code at once: arrows, transactions, access marks, words."""

import ast
import re
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
    *("rounds", "responses", "panel", "reports", "exports", "api", "demonstration"),
]
IN_TABLES = re.compile("(expression|file|cell|not_an?)_[a-z_]+")
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


def called_name(function):
    return getattr(function, "id", getattr(function, "attr", ""))


def makers(trees):
    """Functions that hand one of their parameters on as the code of a problem: name -> (place,
    name) of that parameter. Found again and again, as one hands it on to another."""
    found = {"Problem": (0, "code"), "refuse": (0, "code")}
    while True:
        more = dict(found)
        for tree in trees.values():
            for owner, function in functions(tree):
                for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                    more |= handed_on(owner, function, call, found)
        if more == found:
            return found
        found = more


def functions(tree):
    """(the name it is called by, the function); a class is called by the name of its own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and inner.name == "__init__":
                    yield node.name, inner
        if isinstance(node, ast.FunctionDef) and node.name != "__init__":
            yield node.name, node


def handed_on(owner, function, call, known):
    names = [each.arg for each in function.args.args if each.arg != "self"]
    value = code_argument(call, known)
    if isinstance(value, ast.Name) and value.id in names and value.id in ("code", "problem"):
        return {owner: (names.index(value.id), value.id)}
    return {}


def code_argument(call, known):
    """What a call hands to a maker as the code."""
    if called_name(call.func) not in known:
        return None
    place, name = known[called_name(call.func)]
    for word in call.keywords:
        if word.arg == name:
            return word.value
    return call.args[place] if len(call.args) > place else None


def codes():
    """Every code of a problem or refusal in the tree -> where it is raised."""
    trees = {path: tree_of(path) for path in MODULES}
    known = makers(trees)
    found = {}
    for path, tree in trees.items():
        for node in ast.walk(tree):
            value = code_argument(node, known) if isinstance(node, ast.Call) else None
            for code in texts_in(value):
                found.setdefault(code, name_of(path))
            for code in (*code_of_class(node), *code_in_table(node)):
                found.setdefault(code, name_of(path))
    return found


def code_of_class(node):
    """The `code` of a refusal."""
    for line in node.body if isinstance(node, ast.ClassDef) else ():
        target = getattr(line, "target", None) or getattr(line, "targets", [None])[0]
        if getattr(target, "id", "") == "code":
            yield from texts_in(line.value)


def code_in_table(node):
    """Codes that stand in tables and attributes are known by how they begin."""
    for code in texts_in(node):
        if IN_TABLES.fullmatch(code):
            yield code


def texts_in(value):
    """The literal itself, or both ends of a conditional one."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    if isinstance(value, ast.IfExp):
        yield from texts_in(value.body)
        yield from texts_in(value.orelse)


def test_the_codes_are_found_wherever_they_are_made():
    assert {"file_macros", "cell_no_date", "expression_empty", "too_long", "email_taken"} <= set(
        codes()
    )


def test_every_problem_and_refusal_has_words():
    missing = {code: where for code, where in codes().items() if code not in MESSAGES}
    assert missing == {}
