"""PgBouncer in transaction mode before a PostgreSQL server."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from postgres import _free_port
from scene import until

BINARY = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
_INI = """
[databases]
* = host={host} port={port} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 6
max_client_conn = 500
logfile = {folder}/log
pidfile = {folder}/pid
"""


@contextmanager
def pooled(url: str) -> Iterator[str]:
    """The URL through a pooler for as long as the block lasts; six connections for everybody."""
    parts, own = urlsplit(url), _free_port()
    folder = Path(tempfile.mkdtemp(prefix="sxpool", dir="/tmp"))
    ini = folder / "pgbouncer.ini"
    ini.write_text(_INI.format(host=parts.hostname, port=parts.port, own=own, folder=folder))
    who = {}
    if os.geteuid() == 0:  # it refuses root
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    process = subprocess.Popen([BINARY, "-q", ini], cwd=folder, stderr=subprocess.DEVNULL, **who)
    try:
        until(lambda: _listens(own), 10)
        yield url.replace(f":{parts.port}/", f":{own}/")
    finally:
        process.kill()
        process.wait()
        with suppress(psycopg.Error):
            shutil.rmtree(folder, ignore_errors=True)


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
