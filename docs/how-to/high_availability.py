"""A bulk delete that goes on when its PostgreSQL leader is killed; every sum is checked afterwards.

    python docs/how-to/high_availability.py [--rows N] [--switchover]

Starts three etcd, three PostgreSQL 15 under Patroni (all on loopback, as user `postgres`), one `sexton serve` and two
`sexton worker`; deletes all rows of a table as one job, kills the leader half-way, and restores the job in the end.
Needs Debian's `etcd-server`, `etcd-client` and `postgresql-15`, root, and Sexton with its extras `server,postgres`.
Exits 0 only where every sum is exact. On failure the run's folder with all logs is kept.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

from high_availability_cluster import HOME, Cluster, Processes, make_home, make_venv, require_packages, say, wait_for

FINAL = frozenset({"completed", "completed_with_failures", "cancelled", "failed"})
CONFLICT, SERVER_ERROR = 409, 500
SCOPES = "read,delete,restore"
WORKERS = ("worker-1", "worker-2")


# -- a client ----------------------------------------------------------------------------------------------------


class Client:
    """Sends a request until it is answered; the idempotency key makes the repeat of a POST harmless."""

    def __init__(self, address: str, token: str) -> None:
        """Talk to a server with an API key."""
        self._address, self._token = address, token
        self.retries = 0

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        """The answer's document. Raises TimeoutError, or HTTPError for a refusal."""
        told = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json", **headers}
        if method == "POST":
            told["Idempotency-Key"] = str(uuid.uuid4())
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._address}/api/v1{path}", data, told, method=method)
        return wait_for(f"{method} {path}", lambda: self._try(request), pause=0.5)

    def _try(self, request: urllib.request.Request) -> dict[str, Any] | None:
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                answer: dict[str, Any] = json.load(response)
                return answer
        except urllib.error.HTTPError as error:
            busy = error.code == CONFLICT and "Retry-After" in error.headers
            if error.code < SERVER_ERROR and not busy:
                raise
        except OSError:
            pass
        self.retries += 1
        return None

    def job(self, job_id: str) -> dict[str, Any]:
        """A job as it stands."""
        return self.send("GET", f"/bulk_jobs/{job_id}")

    def wait_for_job(self, job_id: str) -> dict[str, Any]:
        """A job that has ended."""
        return wait_for(
            f"the end of {job_id}", lambda: found if (found := self.job(job_id))["state"] in FINAL else None, 600, 0.5
        )


# -- the demonstration -------------------------------------------------------------------------------------------


class Demonstration:
    """One run: a table, a job, a dead leader, the sums."""

    def __init__(self, cluster: Cluster, processes: Processes, rows: int) -> None:
        """Nothing is done yet."""
        self._cluster, self._processes, self._rows = cluster, processes, rows
        self._wrong: list[str] = []

    def run(self, *, switchover: bool) -> int:
        """Everything in turn; the number of sums that are wrong."""
        self._fill()
        before = self._fingerprint()
        client = self._start_sexton()
        job_id = self._delete(client)
        self._check_delete(client, job_id)
        self._restore(client, job_id, switchover=switchover)
        self._expect("the table after the restore (rows, MD5 of all of them)", self._fingerprint(), before)
        say(f"requests that the client had to repeat: {client.retries}")
        return len(self._wrong)

    def _expect(self, what: str, found: Any, wanted: Any) -> None:
        verdict = "ok   " if found == wanted else "WRONG"
        say(f"{verdict}  {what}: {found}" + ("" if found == wanted else f", expected {wanted}"))
        if found != wanted:
            self._wrong.append(what)

    def _fill(self) -> None:
        password = self._cluster.password
        self._cluster.query(f"CREATE ROLE app LOGIN PASSWORD '{password}'", database="postgres")
        self._cluster.query("CREATE DATABASE shop OWNER app", database="postgres")
        self._cluster.query("CREATE TABLE items (id bigint PRIMARY KEY, name text, payload text)")
        self._cluster.query("ALTER TABLE items OWNER TO app")
        made = "SELECT n, 'item ' || n, repeat(md5(n::text), 4) FROM generate_series(1, %s::bigint) AS n"
        self._cluster.query(f"INSERT INTO items {made}", self._rows)
        say(f"a table of {self._rows:,} rows")

    def _fingerprint(self) -> tuple[Any, ...]:
        whole = "md5(string_agg(items::text, E'\\n' ORDER BY id))"
        return self._cluster.query(f"SELECT count(*), {whole} FROM items")

    # -- Sexton --------------------------------------------------------------------------------------------

    def _start_sexton(self) -> Client:
        settings = self._processes.folder / "sexton.toml"
        settings.write_text(f"[accounts.default]\nitems_per_hour = {max(10_000_000, 2 * self._rows)}\n")
        os.environ["SEXTON_DATABASE_URL"] = self._cluster.url("app", "shop")
        self._sexton("migrate")
        token = json.loads(self._sexton("keys", "create", "--scopes", SCOPES, "--json"))["token"]
        program = [sys.executable, "-m", "sexton.cli"]
        self._processes.start("serve", [*program, "serve", "--no-worker", "--port", "0"])
        for name in WORKERS:
            self._processes.start(name, [*program, "worker"])
        log = self._processes.log("serve")
        found = wait_for("sexton serve", lambda: re.search(r'"address": "([^"]+)"', log.read_text()))
        say(f"sexton serves at {found[1]}, two workers")
        return Client(found[1], token)

    def _sexton(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "sexton.cli", *arguments]
        done = subprocess.run(command, cwd=self._processes.folder, check=True, stdout=subprocess.PIPE, text=True)
        return str(done.stdout)

    # -- the job -------------------------------------------------------------------------------------------

    def _delete(self, client: Client) -> str:
        """Delete all rows as one job, and kill the leader half-way."""
        preview = client.send("POST", "/items/bulk_delete/preview", {"filter": {"all": True}})
        self._expect("rows that the preview counts", preview["count"], self._rows)
        asked = {"confirm_token": preview["confirm_token"], "reason": "a leader dies"}
        job_id = str(client.send("POST", "/items/bulk_delete", asked)["job_id"])
        done = self._wait_for(0.5, job_id)
        name = self._cluster.kill_leader()
        say(f"killed {name}, the leader, with its agent, after {done}")
        ended = client.wait_for_job(job_id)
        say(f"the job ended as {ended['state']}, the leader is {self._cluster.leader()}")
        self._tell_stall("bulk_delete", job_id)
        self._cluster.start_node(name)
        self._cluster.wait_until_whole()
        return job_id

    def _chunks(self, job_id: str) -> tuple[Any, ...]:
        counted = "count(*) FILTER (WHERE state = 'done'), count(*)"
        return self._cluster.query(f"SELECT {counted} FROM sexton.bulk_chunks WHERE job_id = %s", job_id)

    def _wait_for(self, share: float, job_id: str) -> str:
        def reached() -> str | None:
            done, total = self._chunks(job_id)
            return f"{done} of {total} chunks" if done >= share * total else None

        return wait_for(f"{share:.0%} of the job", reached, 600, 0.1)

    def _tell_stall(self, action: str, job_id: str) -> None:
        """The audit entries tell when each chunk began."""
        gaps = "SELECT at - lag(at) OVER (ORDER BY at) AS gap FROM sexton.audit_log WHERE action = %s AND job_id = %s"
        (longest,) = self._cluster.query(f"SELECT extract(epoch FROM max(gap)) FROM ({gaps}) AS g", action, job_id)
        say(f"writes stalled for {longest:.1f} s: the longest time between two chunks")

    # -- the sums ------------------------------------------------------------------------------------------

    def _check_delete(self, client: Client, job_id: str) -> None:
        """Every row is gone once, remembered once, told once."""
        chunks = self._chunks(job_id)
        self._expect("rows left", self._cluster.query("SELECT count(*) FROM items")[0], 0)
        self._expect("chunks done", chunks[0], chunks[1])
        twice = (self._rows, self._rows)
        tombstones = "SELECT count(*), count(DISTINCT item_id) FROM sexton.tombstones WHERE job_id = %s"
        self._expect("tombstones, distinct items", self._cluster.query(tombstones, job_id), twice)
        self._expect("audited items, distinct", self._audited("bulk_delete", job_id), twice)
        entries = "SELECT count(*) FROM sexton.audit_log WHERE action = 'bulk_delete' AND job_id = %s"
        self._expect("audit entries", self._cluster.query(entries, job_id)[0], chunks[0])
        summary = client.job(job_id)["summary"]
        self._expect("requested and deleted in the job's summary", (summary["requested"], summary["deleted"]), twice)
        self._check_log(job_id, chunks[0])

    def _audited(self, action: str, job_id: str) -> tuple[Any, ...]:
        items = "sexton.audit_log, unnest(items) AS item WHERE action = %s AND job_id = %s"
        return self._cluster.query(f"SELECT count(*), count(DISTINCT item) FROM {items}", action, job_id)

    def _check_log(self, job_id: str, chunks: int) -> None:
        """A worker logs a chunk once it is told of the commit: were that lost, the chunk would be logged again."""
        logs = "".join(self._processes.log(name).read_text() for name in WORKERS)
        lines = [line for line in logs.splitlines() if job_id in line and '"chunk_done"' in line]
        logged = sum('"outcomes": {"deleted"' in line for line in lines)
        say(f"chunks that workers logged as done: {logged}; looks that failed: {logs.count('worker_retries')}")
        self._expect("chunks logged beyond those there are", max(0, logged - chunks), 0)

    # -- and back ------------------------------------------------------------------------------------------

    def _restore(self, client: Client, job_id: str, *, switchover: bool) -> None:
        """Undo the job, with a planned change of the leader on the way where asked for."""
        undo = client.send("POST", f"/bulk_jobs/{job_id}/restore", Prefer="respond-async")["job_id"]
        if switchover:
            done = self._wait_for(0.1, undo)
            self._cluster.switch_over()
            say(f"switchover: asked for after {done} of the restore, the leader is now {self._cluster.leader()}")
            say(f"switchover: over after {self._wait_for(0, undo)}")
        ended = client.wait_for_job(undo)
        say(f"the restore ended as {ended['state']}")
        if switchover:
            self._tell_stall("bulk_restore", undo)
        self._expect("restored in the job's summary", ended["summary"]["restored"], self._rows)
        self._expect("audited items, distinct", self._audited("bulk_restore", undo), (self._rows, self._rows))


def demonstrate(folder: Path, rows: int, *, switchover: bool) -> int:
    """Run it all, and stop it all whatever happens; the number of wrong sums."""
    venv = make_venv()
    processes = Processes(folder)
    cluster = Cluster(processes, venv)
    try:
        cluster.start()
        return Demonstration(cluster, processes, rows).run(switchover=switchover)
    finally:
        for name in ("worker-", "serve"):
            processes.stop(name)
        cluster.stop()


def main() -> int:
    """Read the flags; 0 where every sum is exact."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    reader.add_argument("--rows", type=int, default=100_000, help="rows to delete and restore (default: 100000)")
    reader.add_argument(
        "--switchover", action="store_true", help="also change the leader as planned, during the restore"
    )
    asked = reader.parse_args()
    require_packages()
    make_home()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=HOME))
    folder.chmod(0o755)
    say(f"logs are in {folder}, and stay there unless every sum is exact")
    wrong = demonstrate(folder, asked.rows, switchover=asked.switchover)
    if wrong == 0:
        shutil.rmtree(folder)
    say("every sum is exact" if wrong == 0 else f"{wrong} sums are WRONG; see the logs")
    return 0 if wrong == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
