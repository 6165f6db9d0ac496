"""Three etcd and three PostgreSQL 15 under Patroni on loopback, for `high_availability.py`.

Ports are free ones and passwords are made up; every process is stopped in the end.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import psycopg

HOME = Path(tempfile.gettempdir()) / "sexton-ha"
POSTGRES = Path("/usr/lib/postgresql/15/bin")
PYTHON = Path("/usr/bin/python3")
PACKAGES = ("patroni[etcd3,psycopg3]", "psycopg[binary]")
NODES = ("n1", "n2", "n3")
TTL, LOOP_WAIT, RETRY_TIMEOUT = 20, 3, 5
STARTED = time.monotonic()
T = TypeVar("T")


def say(line: str) -> None:
    """Tell the reader, with the seconds since the start."""
    print(f"{time.monotonic() - STARTED:6.1f} s  {line}", flush=True)


def wait_for(what: str, look: Callable[[], T | None], seconds: float = 120, pause: float = 0.2) -> T:
    """Look until there is something. Raises TimeoutError."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if found := look():
            return found
        time.sleep(pause)
    raise TimeoutError(f"{what}: not within {seconds:.0f} s")


# -- what must be there ------------------------------------------------------------------------------------------


def require_packages() -> None:
    """End with the line that installs what is missing."""
    needed = {"etcd-server": "etcd", "etcd-client": "etcdctl", "postgresql-15": str(POSTGRES / "postgres")}
    missing = [package for package, program in needed.items() if shutil.which(program) is None]
    if missing:
        sys.exit(f"missing: apt-get install {' '.join(missing)}")
    if os.geteuid() != 0:
        sys.exit("run this as root: the servers run as user postgres, who owns their files")


def make_home() -> None:
    """The folder of all runs, which nobody else may have put there: programs in it are run."""
    HOME.mkdir(mode=0o755, exist_ok=True)
    if HOME.is_symlink() or HOME.stat().st_uid != os.geteuid():
        sys.exit(f"{HOME} belongs to somebody else: remove it, or set TMPDIR")


def make_venv() -> Path:
    """An environment with Patroni that user `postgres` can read; kept for the next run."""
    folder = HOME / "venv"
    if not (folder / "bin" / "patroni").exists():
        say(f"making {folder} with Patroni")
        subprocess.run([PYTHON, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", *PACKAGES], check=True)
    return folder


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in held]


# -- processes ---------------------------------------------------------------------------------------------------


class Processes:
    """What this script started; all of it is stopped in the end."""

    def __init__(self, folder: Path) -> None:
        """Nothing runs yet; logs go to `folder`."""
        self.folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: Sequence[str | Path], user: str | None = None) -> subprocess.Popen[bytes]:
        """Start one in a session of its own; as `user` it gets nothing of our environment."""
        clean = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder / "postgres"), "LANG": "C.UTF-8"}
        as_user: dict[str, Any] = {"user": user, "group": user, "extra_groups": [], "env": clean} if user else {}
        with self.log(name).open("ab") as log:
            self._running[name] = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=self.folder, start_new_session=True, **as_user
            )
        return self._running[name]

    def log(self, name: str) -> Path:
        """Where a process writes."""
        return self.folder / f"{name}.log"

    def kill(self, name: str) -> None:
        """SIGKILL a process and whatever it started."""
        process = self._running.pop(name)
        if process.poll() is None:
            kill_tree(process.pid)
            process.wait()

    def stop(self, beginning: str = "") -> None:
        """End those whose names begin so with SIGTERM, and after 20 s with SIGKILL."""
        chosen = [name for name in self._running if name.startswith(beginning)]
        for name in chosen:
            self._running[name].terminate()
        ends = time.monotonic() + 20
        for name in chosen:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._running[name].wait(timeout=max(0.1, ends - time.monotonic()))
            self.kill(name)


def kill_tree(pid: int) -> None:
    """SIGKILL a process, then all below it: each is frozen before its children are listed."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)
        below = [child for child, parent in parents() if parent == pid]
        os.kill(pid, signal.SIGKILL)
        for child in below:
            kill_tree(child)


def parents() -> Iterator[tuple[int, int]]:
    """Each process of this machine with its parent."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            yield int(status.parent.name), int(status.read_text().rpartition(")")[2].split()[1])


# -- the cluster -------------------------------------------------------------------------------------------------


class Cluster:
    """Three etcd and three PostgreSQL under Patroni."""

    def __init__(self, processes: Processes, venv: Path) -> None:
        """Choose ports and passwords; nothing is started."""
        ports = free_ports(12)
        self._processes, self._venv = processes, venv
        self._etcd = dict(zip(NODES, zip(ports[0:3], ports[3:6], strict=True), strict=True))
        self.ports, self._rest = dict(zip(NODES, ports[6:9], strict=True)), dict(zip(NODES, ports[9:12], strict=True))
        self.password = secrets.token_hex(16)
        self._folder = processes.folder / "postgres"

    def start(self) -> None:
        """Start everything; returns when both replicas stream and one of them is synchronous."""
        self._folder.mkdir(mode=0o700)
        shutil.chown(self._folder, "postgres", "postgres")
        for name in NODES:
            self._start_etcd(name)
        for name in NODES:
            self._write_settings(name)
            self.start_node(name)
        self.wait_until_whole()

    def _start_etcd(self, name: str) -> None:
        client, peer = (f"http://127.0.0.1:{port}" for port in self._etcd[name])
        members = ",".join(f"{other}=http://127.0.0.1:{ports[1]}" for other, ports in self._etcd.items())
        addresses = ("--listen-client-urls", client, "--advertise-client-urls", client)
        peers = ("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", members)
        place = ("--name", name, "--data-dir", str(self._folder / f"etcd-{name}"))
        self._processes.start(f"etcd-{name}", ["etcd", *place, *addresses, *peers], user="postgres")

    def start_node(self, name: str) -> None:
        """Start a node's Patroni, which starts its PostgreSQL."""
        self._processes.start(f"patroni-{name}", [self._venv / "bin" / "patroni", self._file(name)], user="postgres")

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _write_settings(self, name: str) -> None:
        """Patroni reads YAML, and JSON is YAML."""
        self._file(name).write_text(json.dumps(self._settings(name), indent=2))
        shutil.chown(self._file(name), "postgres", "postgres")
        self._file(name).chmod(0o600)

    def _settings(self, name: str) -> dict[str, Any]:
        rest = f"127.0.0.1:{self._rest[name]}"
        return {
            "scope": "sexton-ha",
            "name": name,
            "restapi": {"listen": rest, "connect_address": rest},
            "etcd3": {"hosts": [f"127.0.0.1:{client}" for client, _ in self._etcd.values()]},
            "bootstrap": {"dcs": self._shared(), "initdb": [{"encoding": "UTF8"}, "data-checksums"]},
            "postgresql": self._own(name),
        }

    @staticmethod
    def _shared() -> dict[str, Any]:
        """The settings that matter here; how-to/high-availability.md says why."""
        parameters = {"wal_log_hints": "on", "max_connections": 150, "shared_buffers": "64MB"}
        return {
            "ttl": TTL,
            "loop_wait": LOOP_WAIT,
            "retry_timeout": RETRY_TIMEOUT,
            "synchronous_mode": True,
            "postgresql": {"use_pg_rewind": True, "parameters": parameters},
        }

    def _own(self, name: str) -> dict[str, Any]:
        address = f"127.0.0.1:{self.ports[name]}"
        users = {"superuser": "postgres", "replication": "replicator", "rewind": "rewinder"}
        return {
            "listen": address,
            "connect_address": address,
            "bin_dir": str(POSTGRES),
            "data_dir": str(self._folder / name),
            "pgpass": str(self._folder / f"{name}.pgpass"),
            "authentication": {role: {"username": u, "password": self.password} for role, u in users.items()},
            "parameters": {"unix_socket_directories": str(self._folder)},
            "pg_hba": [f"host {what} all 127.0.0.1/32 scram-sha-256" for what in ("all", "replication")],
        }

    # -- looking and acting ------------------------------------------------------------------------------------

    def members(self) -> dict[str, dict[str, Any]]:
        """What the first agent that answers says of each node."""
        for port in self._rest.values():
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{port}/cluster", timeout=2) as r,
            ):
                return {one["name"]: one for one in json.load(r)["members"]}
        return {}

    def leader(self) -> str | None:
        """The node that takes writes."""
        return next((name for name, one in self.members().items() if one["role"] == "leader"), None)

    def wait_until_whole(self) -> None:
        """Wait for a leader, a synchronous standby and a replica, both streaming."""

        def whole() -> bool:
            found = sorted((one["role"], one["state"]) for one in self.members().values())
            return found == [("leader", "running"), ("replica", "streaming"), ("sync_standby", "streaming")]

        wait_for("a whole cluster", whole)
        say(f"three nodes are up, the leader is {self.leader()}")

    def stop(self) -> None:
        """Stop the agents, each with its PostgreSQL, and kill what they leave behind."""
        self._processes.stop("patroni-")
        for name in NODES:
            if (postmaster := self._postmaster(name)) is not None:
                kill_tree(postmaster)
        self._processes.stop("etcd-")

    def _postmaster(self, name: str) -> int | None:
        """The first process of a node's PostgreSQL, where it runs: its working directory is the data's."""
        data = self._folder / name
        with contextlib.suppress(OSError):
            pid = int((data / "postmaster.pid").read_text().splitlines()[0])
            return pid if Path(f"/proc/{pid}/cwd").readlink() == data else None
        return None

    def kill_leader(self) -> str:
        """SIGKILL the leader's agent and all of its PostgreSQL, as a power cut would."""
        name = self.leader() or ""
        postmaster = self._postmaster(name)
        if postmaster is None:
            raise RuntimeError("there is no leader to kill")
        self._processes.kill(f"patroni-{name}")
        kill_tree(postmaster)
        return name

    def switch_over(self) -> None:
        """Hand the leadership to the synchronous standby."""
        tool = [str(self._venv / "bin" / "patronictl"), "-c", str(self._file(NODES[0]))]
        subprocess.run(
            [*tool, "switchover", "sexton-ha", "--force"],
            check=True,
            capture_output=True,
            env={**os.environ, "LANG": "C.UTF-8"},
        )

    def url(self, user: str, database: str) -> str:
        """The URL that finds the leader by itself."""
        hosts = "&".join(f"host=127.0.0.1:{port}" for port in self.ports.values())
        told = f"{hosts}&target_session_attrs=read-write&connect_timeout=3"
        return f"postgresql+psycopg://{user}:{self.password}@/{database}?{told}"

    def query(self, statement: str, *values: Any, database: str = "shop") -> tuple[Any, ...]:
        """The first row of a statement's result at the leader, whoever that is."""
        with psycopg.connect(
            host=",".join(["127.0.0.1"] * len(NODES)),
            port=",".join(str(port) for port in self.ports.values()),
            dbname=database,
            user="postgres",
            password=self.password,
            target_session_attrs="read-write",
            connect_timeout=3,
            autocommit=True,
        ) as connection:
            cursor = connection.execute(statement, values)
            return (cursor.fetchone() or ()) if cursor.description else ()
