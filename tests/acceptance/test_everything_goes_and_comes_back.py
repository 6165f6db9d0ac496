"""The test that counts most: delete every row of every table through HTTP, undo every job, compare the dumps."""

from __future__ import annotations

from typing import Any

import pytest

from serving import Api, create_key, dump, serving

CONFIG = """
[defaults]
confirm_above = 1000000
items_per_hour = 100000000
"""

# Columns that the host's own triggers rewrite on UPDATE: a link that was set to NULL and is written back is one.
SAKILA_TRIGGERS: list[tuple[str, str]] = []


def delete_all(api: Api) -> list[str]:
    """Empty every table by a preview of all rows and its token; returns the jobs in the order they ran."""
    jobs = []
    for resource in api("GET", "/").json()["resources"]:
        name = resource["name"]
        preview = api(
            "POST", api.item(name, "bulk_delete") + "/preview", json={"filter": {"all": True}, "cascade": True}
        )
        assert preview.status_code == 200, preview.text
        found = preview.json()
        if not found["count"]:
            continue
        answer = api("POST", api.item(name, "bulk_delete"), json={"confirm_token": found["confirm_token"]})
        assert answer.status_code in (200, 202), answer.text
        job = api.wait(answer.json()["job_id"])
        failed = api("GET", f"/bulk_jobs/{job['job_id']}/items?status=failed&limit=3").json()["items"]
        assert job["state"] == "completed", (job, failed)
        assert job["summary"]["deleted"] == found["count"] == job["summary"]["requested"]
        jobs.append(job["job_id"])
    return jobs


def undo_all(api: Api, jobs: list[str]) -> None:
    for job_id in reversed(jobs):
        answer = api("POST", f"/bulk_jobs/{job_id}/restore")
        assert answer.status_code in (200, 202), answer.text
        job = api.wait(answer.json()["job_id"])
        items = api("GET", f"/bulk_jobs/{job['job_id']}/items?status=failed").json()["items"]
        assert job["state"] == "completed", (job, items[:3])


def audited(api: Api, action: str, member: str) -> int:
    """How many rows the audit's entries of this kind name."""
    total, cursor = 0, ""
    while cursor is not None:
        page = api("GET", f"/audit?limit=1000&action={action}{cursor and '&cursor=' + cursor}").json()
        total += sum(len(entry[member]) for entry in page["items"])
        cursor = page["next_cursor"]
    return total


def there_and_back(url: str, leave_out: list[tuple[str, str]]) -> None:
    before = dump(url, leave_out)
    rows = sum(map(len, before.values()))
    with serving(url, config=CONFIG) as base:
        api = Api(base, create_key(url))
        jobs = delete_all(api)
        assert {name: len(found) for name, found in dump(url).items() if found} == {}
        assert audited(api, "bulk_delete", "deleted") == rows
        undo_all(api, jobs)
        assert audited(api, "bulk_restore", "restored") == rows
    after: dict[str, Any] = dump(url, leave_out)
    for name, found in before.items():
        assert after[name] == found, name


def test_chinook(chinook_url):
    there_and_back(chinook_url, [])


@pytest.mark.timeout(240)
def test_sakila(sakila_url):
    there_and_back(sakila_url, SAKILA_TRIGGERS)
