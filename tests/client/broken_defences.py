"""Take each defence against the 38 traps (docs/traps.md) out once, and see the trap's tests fail.

    SEXTON_SOAK=1 pytest tests/client/test_broken_defences.py      or: python tests/client/broken_defences.py [ROW …]

Each line says which trap, in which file, what is replaced by what. A copy of sources and tests is changed, never this
one. Where two layers hold the same trap, both are taken out. `on` are the ways to send on which a test must then fail.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
CLIENT = Path("src/sexton/client")
EVERY = ("requests", "aiohttp", "bulk")
ONE, LOOP = ("requests",), ("aiohttp", "bulk")


class Change(NamedTuple):
    """In this file, `old` (which stands there once) becomes `new`."""

    file: str
    old: str
    new: str


class Break(NamedTuple):
    """The defence of one trap, taken out."""

    row: int
    changes: tuple[Change, ...]
    on: tuple[str, ...] = EVERY


def _one(row: int, file: str, old: str, new: str, on: tuple[str, ...] = EVERY) -> Break:
    return Break(row, (Change(file, old, new),), on)


SLASH = Change("_address.py", 'if "/" in text or "\\\\" in text:', "if False:")
PREPARED = Change("_request.py", "if url != request.url:", "if False:")
REDIRECTS = (
    Change("_requests_transport.py", "allow_redirects=False", "allow_redirects=True"),
    Change("_aiohttp_transport.py", "allow_redirects=False", "allow_redirects=True"),
    Change("_bulk_transport.py", "allow_redirects=False", "allow_redirects=True"),
)
ENVIRONMENT = (
    Change("_requests_transport.py", "session.trust_env = False", "session.trust_env = True"),
    Change("_aiohttp_transport.py", "trust_env=False", "trust_env=True"),
)
NO_LOOK = Change(
    "_flow.py",
    "self._doubt = max(self._doubt, Doubt.RUNNING if running else Doubt.SETTLED)\n        seen = (yield from self._look())",
    "self._doubt = max(self._doubt, Doubt.RUNNING if running else Doubt.SETTLED)\n        seen = Finding.PRESENT",
)
ADAPTER_RETRIES = Change("_requests_transport.py", "pool_block=True)", "pool_block=True, max_retries=3)")
NO_TOTAL = (
    Change("_aiohttp_transport.py", "total=step.total", "total=None"),
    Change("_bulk_transport.py", "begin(step.connect + step.read)", "begin(3600)"),
)
BREAKS: tuple[Break, ...] = (
    _one(1, "_address.py", "if not text.strip():\n        return", "if False:\n        return"),
    _one(1, "_address.py", "if isinstance(value, bool) or not isinstance(value, str | int):", "if False:"),
    Break(2, (Change("_address.py", 'if text in {".", ".."}:', "if False:"), PREPARED)),
    _one(3, "_address.py", "f\"/{quote(text, safe='')}\"", "f\"/{quote(text, safe='%')}\""),
    _one(4, "_address.py", "f\"/{quote(text, safe='')}\"", "f\"/{quote(text, safe='?#')}\""),
    Break(5, (SLASH,)),
    _one(6, "_address.py", "if _CONTROL.search(text):\n        return", "if False:\n        return"),
    Break(7, (PREPARED,)),
    _one(7, "_aiohttp_transport.py", "URL(request.url, encoded=True)", "URL(request.url)", LOOP),
    Break(
        8,
        (
            SLASH,
            Change(
                "_address.py",
                'return Address(f"{base.origin}{path}{query}"',
                'return Address(__import__("urllib.parse").parse.urljoin(base.origin + path, texts[-1]) + query',
            ),
        ),
    ),
    _one(
        9,
        "_address.py",
        'raise UnsafeAddress(f"Filter {name!r} has no value: it would vanish and the delete would widen.")',
        "continue",
    ),
    _one(9, "_core.py", "if address.collection and not allow_collection:", "if False:"),
    _one(10, "_address.py", 'if "?" in url or "#" in url:', "if False:"),
    Break(11, REDIRECTS),
    Break(12, REDIRECTS),
    _one(12, "_address.py", "if there.origin != base.origin or ", "if "),
    Break(
        13,
        (
            *ENVIRONMENT,
            Change("_requests_transport.py", "self._settings.token is not None or self._own or (", "(has_header and ("),
            Change("_requests_transport.py", "and self._session.auth is None)", "and self._session.auth is None))"),
        ),
    ),
    Break(
        14,
        (
            Change("_address.py", 'if "@" in parts.netloc:', "if False:"),
            Change("_address.py", "if not _HOST.match(", "if False and not _HOST.match("),
        ),
    ),
    Break(15, ENVIRONMENT),
    _one(15, "_address.py", 'if parts.scheme == "http" and not (allow_http or is_loopback(host)):', "if False:"),
    _one(16, "_secret.py", "if not _VISIBLE.match(value):", "if False:"),
    _one(16, "_secret.py", 'value.removesuffix("\\n").removesuffix("\\r")', "value"),
    _one(16, "_request.py", "if not isinstance(value, str) or not _VALUE.match(value) or ", "if False and "),
    _one(17, "_secret.py", 'return f"<token from {self._source}>"', "return self._value"),
    _one(17, "_aiohttp_transport.py", "answer.raw = answer", "answer.raw = response", LOOP),
    Break(
        17,
        (
            Change("_requests_transport.py", "prepared.headers.pop(self._settings.token_header, None)", "pass"),
            Change("_requests_transport.py", 'prepared.headers.pop("Authorization", None)', "pass"),
        ),
        ONE,
    ),
    _one(17, "_requests_transport.py", 'a.partition("?")[0] if isinstance(a, str) else a', "a", ONE),
    Break(
        18,
        (
            Change(
                "_requests_transport.py",
                "session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))",
                "session.cookies.set_policy(DefaultCookiePolicy())",
            ),
            Change("_aiohttp_transport.py", "aiohttp.DummyCookieJar()", "aiohttp.CookieJar(unsafe=True)"),
        ),
    ),
    _one(19, "_telemetry.py", 'self._span.add_event("attempt", told)', "pass"),
    Break(20, (NO_LOOK,)),
    Break(20, (ADAPTER_RETRIES,), ONE),
    _one(20, "_aiohttp_transport.py", "if _COUNTING not in session.trace_configs:", "if False:", LOOP),
    _one(21, "_retry.py", "return chance * min(", "return min("),
    _one(22, "_flow.py", "status=answer.status if answer else None,", "status=None,"),
    _one(23, "_retry.py", "if retry_after is not None and retry_after > self.retry_after_cap:", "if False:"),
    _one(23, "_retry.py", "return wait is not None and wait < self.remaining() - _LEAST", "return wait is not None"),
    _one(24, "_aiohttp_transport.py", "session._retry_connection = False", "session._retry_connection = True", LOOP),
    Break(24, (ADAPTER_RETRIES,), ONE),
    Break(
        25,
        (
            Change("_requests_transport.py", "sent=exchange.sent)", "sent=False)"),
            Change("_aiohttp_transport.py", "sent = count.sends > 0", "sent = False"),
            Change("_bulk_transport.py", "not isinstance(error, _NEVER_LEFT)", "False"),
        ),
    ),
    _one(26, "_connections.py", "EXCHANGE.current.watch(self.sock)", "pass", ONE),
    Break(26, NO_TOTAL, LOOP),
    Break(27, (NO_LOOK,)),
    _one(27, "_judge.py", "return Finding.CHANGED if etag", "return Finding.PRESENT if etag"),
    _one(
        27,
        "_flow.py",
        "if self._doubt:\n            return self._end(Outcome.ALREADY_ABSENT",
        "if False:\n            return self._end(Outcome.ALREADY_ABSENT",
    ),
    _one(28, "_connections.py", "(left := end - time.monotonic())", "(left := float(self.timeout))", ONE),
    Break(28, NO_TOTAL, LOOP),
    _one(
        29,
        "_retry.py",
        "if isinstance(value, bool) or not isinstance(value, int | float)",
        "if False and not isinstance(value, int | float)",
    ),
    _one(30, "_judge.py", "{1: Finding.DOUBTFUL", "{1: Finding.DONE"),
    _one(30, "_response.py", "if status < 200:", "if status < 0:", ONE),
    _one(31, "_wire.py", "return self.known and (echoed", "return False and (echoed"),
    Break(
        32,
        (
            Change("_requests_transport.py", "if len(body) > limit:", "if False:"),
            Change("_aiohttp_transport.py", "if len(body) > limit:", "if False:"),
        ),
    ),
    Break(
        33,
        (
            Change("_requests_transport.py", "if len(body) > limit:", "if True:"),
            Change("_aiohttp_transport.py", "if len(body) > limit:", "if True:"),
        ),
    ),
    Break(
        34,
        (
            Change("_requests_transport.py", "pool_block=True", "pool_block=False"),
            Change("_aiohttp_transport.py", "limit=settings.max_connections", "limit=0"),
        ),
    ),
    _one(35, "_judge.py", "if denial_of(answer):", "if False:"),
    _one(35, "_judge.py", "_BY_CLASS.get(reply.status // 100, Finding.REFUSED)", "Finding.DONE"),
    _one(36, "_request.py", 'if value != "*" and not _STRONG.match(value):', "if False:"),
    _one(36, "_calls.py", "etag = strong(reply.etag)", "etag = reply.etag"),
    _one(37, "_request.py", "**if_match_of(if_match)})", '**if_match_of(if_match)}, b"{}")'),
    _one(38, "_settings.py", "if version:", "if False:"),
)


def misfits() -> list[str]:
    """What no longer applies: a text that does not stand in its file just once."""
    changes = {change for broken in BREAKS for change in broken.changes}
    counts = {change: (ROOT / CLIENT / change.file).read_text().count(change.old) for change in changes}
    return [f"{change.file} has {count} times {change.old!r}" for change, count in counts.items() if count != 1]


def copied(folder: Path) -> Path:
    """A copy of sources and tests to break."""
    for name in ("src", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def unnoticed(broken: Break, folder: Path) -> list[str]:
    """The ways to send on which no test of the trap fails, with the defence taken out in this copy."""
    before = {name: (folder / CLIENT / name).read_text() for name in {change.file for change in broken.changes}}
    try:
        for file, old, new in broken.changes:
            path = folder / CLIENT / file
            path.write_text(path.read_text().replace(old, new))
        failed = _failed(folder, broken.row)
    finally:
        for name, text in before.items():
            (folder / CLIENT / name).write_text(text)
    return [way for way in broken.on if not any(re.search(rf"[\[-]{way}[-\]]", name) for name in failed)]


def _failed(folder: Path, row: int) -> list[str]:
    options = ["-q", "--tb=no", "-rf", "-p", "no:cacheprovider", "-p", "no:randomly", "--timeout", "60"]
    names = [
        "tests/client/test_traps_address.py",
        "tests/client/test_traps_secrets.py",
        "tests/client/test_traps_wire.py",
    ]
    command = [sys.executable, "-m", "pytest", *options, "-k", f"trap_{row:02}", *names]
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1}:
        raise RuntimeError(f"The tests of trap {row} could not be run: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return re.findall(r"^FAILED (\S+)", done.stdout, re.MULTILINE)


def told(broken: Break) -> str:
    """One line: the trap, and what becomes of its defence."""
    words = (f"{c.file}: {' '.join(c.old.split())} → {' '.join(c.new.split())}" for c in broken.changes)
    return f"trap {broken.row:02}  " + "; ".join(words)


def main() -> None:
    """Break all, or the rows that are named, and say what the tests made of it."""
    import tempfile  # noqa: PLC0415 — of the script alone

    rows = set(map(int, sys.argv[1:]))
    if found := misfits():
        sys.exit("\n".join(found))
    missed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = copied(Path(name))
        for broken in BREAKS:
            if not rows or broken.row in rows:
                left = unnoticed(broken, folder)
                missed += bool(left)
                print("NOT NOTICED on " + ", ".join(left) if left else "noticed", told(broken), sep="\t", flush=True)
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
