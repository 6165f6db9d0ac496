"""Contract 1.1, on every database."""

from __future__ import annotations

import pytest


def slug(answer):
    return answer.json()["type"].rpartition("/")[2]


def test_delete_then_retry_then_never_was(api):
    first = api("DELETE", "/products/p2")
    assert first.status_code == 204
    assert first.content == b""
    assert first.headers["Sexton-Audit-Id"]
    assert first.headers["Sexton-Restorable-Until"].endswith("Z")
    assert first.headers["Cache-Control"] == "no-store"
    again = api("DELETE", "/products/p2", headers={"X-Correlation-Id": "retry-1"})
    assert again.status_code == 410
    told = again.json()
    assert told["deleted_by"]["audit_id"] == first.headers["Sexton-Audit-Id"]
    assert told["deleted_by"]["correlation_id"] == first.headers["X-Correlation-Id"]
    assert told["deleted_by"]["same_key"] is True
    assert told["correlation_id"] == "retry-1" == again.headers["X-Correlation-Id"]
    assert api.other("acme")("DELETE", "/products/p2").json()["deleted_by"]["same_key"] is False
    assert api("DELETE", "/products/nope").status_code == 404
    assert api("DELETE", "/products/p2?allow_missing=true").status_code == 204
    assert api("DELETE", "/products/nope?allow_missing=true").status_code == 204


def test_another_account_cannot_tell(api):
    stranger = api.other("globex")
    mine, never = stranger("DELETE", "/products/p1"), stranger("DELETE", "/products/nope")
    assert mine.status_code == never.status_code == 404
    drop = {"correlation_id"}
    assert {k: v for k, v in mine.json().items() if k not in drop} == {
        k: v for k, v in never.json().items() if k not in drop
    }
    different = {"x-correlation-id", "ratelimit"}
    assert set(mine.headers) == set(never.headers)
    assert {k: v for k, v in mine.headers.items() if k not in different} == {
        k: v for k, v in never.headers.items() if k not in different
    }
    api("DELETE", "/products/p2")
    assert stranger("GET", "/products/p2").status_code == 404
    assert stranger("POST", "/products/p2/restore").status_code == 404
    assert stranger("PUT", "/products/p2/hold", json={"reason": "x"}).status_code == 404
    assert stranger("PATCH", "/products/p1", json={"tags": "x"}).status_code == 404
    assert api.sql("SELECT count(*) FROM products") == [(3,)]


def test_referenced(api):
    answer = api("DELETE", "/shops/1")
    assert answer.status_code == 409
    assert slug(answer) == "referenced"
    assert answer.json()["references"] == [
        {"resource": "products", "column": "shop_id", "count": 2, "sample_ids": ["p1", "p2"]}
    ]
    assert api.sql("SELECT count(*) FROM shops WHERE id = 1") == [(1,)]


def test_cascade_takes_and_restore_brings_back_everything(api):
    before = {t: api.sql(f"SELECT * FROM {t} ORDER BY 1, 2") for t in ("shops", "products", "reviews", "notes")}
    dry = api("DELETE", "/shops/1?cascade=true&dry_run=true").json()
    assert dry["would"] == "deleted"
    assert dry["dependents"] == [{"resource": "products", "count": 2}, {"resource": "reviews", "count": 2}]
    assert {t: api.sql(f"SELECT * FROM {t} ORDER BY 1, 2") for t in before} == before
    assert api("DELETE", "/shops/1?cascade=true").status_code == 204
    assert api.sql("SELECT id FROM products ORDER BY 1") == [("g1",), ("p3",)]
    assert api.sql("SELECT product_id FROM notes WHERE id = 1") == [(None,)]
    assert api("GET", "/products/p1").status_code == 410
    restored = api("POST", "/shops/1/restore")
    assert restored.status_code == 200
    assert restored.json()["name"] == "north"
    assert {t: api.sql(f"SELECT * FROM {t} ORDER BY 1, 2") for t in before} == before
    assert api("POST", "/shops/1/restore").status_code == 200


def test_a_child_deleted_earlier_keeps_its_own_tombstone(api):
    api("DELETE", "/products/p2")
    api("DELETE", "/shops/1?cascade=true")
    assert api("POST", "/shops/1/restore").status_code == 200
    assert api.sql("SELECT id FROM products ORDER BY 1") == [("g1",), ("p1",), ("p3",)]
    assert api("GET", "/products/p2").status_code == 410


def test_a_link_that_was_changed_since_is_left_alone(api):
    api("DELETE", "/products/p1?cascade=true")
    api.run("UPDATE notes SET product_id = 'p3' WHERE id = 1")
    api("POST", "/products/p1/restore")
    assert api.sql("SELECT product_id FROM notes WHERE id = 1") == [("p3",)]


def test_blocked_and_held(api):
    blocked = api("DELETE", "/shops/2")
    assert (blocked.status_code, slug(blocked), blocked.json()["detail"]) == (409, "blocked", "the shop is open")
    assert api("PUT", "/products/p2/hold", json={"reason": "case 4711"}).status_code == 200
    held = api("DELETE", "/products/p2")
    assert (held.status_code, slug(held)) == (409, "held")
    through = api("DELETE", "/shops/1?cascade=true")
    assert (through.status_code, slug(through)) == (409, "held")
    assert api("GET", "/holds").json()["items"][0]["reason"] == "case 4711"
    for path in ("/flags/f1", "/secrets_/s1"):
        assert api("PUT", f"{path}/hold", json={"reason": "x"}).status_code == 200
        kept = api("DELETE", path)
        assert (kept.status_code, slug(kept)) == (409, "held")
        assert api("GET", path).status_code == 200
    assert api("DELETE", "/products/p2/hold").status_code == 204
    assert api("DELETE", "/products/p2").status_code == 204


def test_versions(api):
    etag = api("GET", "/products/p2").headers["ETag"]
    api("PATCH", "/products/p2", json={"tags": "new"})
    stale = api("DELETE", "/products/p2", headers={"If-Match": etag})
    assert (stale.status_code, slug(stale)) == (412, "version-mismatch")
    fresh = api("GET", "/products/p2").headers["ETag"]
    assert fresh != etag
    assert api("DELETE", "/products/p2", headers={"If-Match": f"W/{fresh}"}).status_code == 412
    assert api("DELETE", "/products/p2", headers={"If-Match": fresh}).status_code == 204
    assert api("DELETE", "/products/p2", headers={"If-Match": fresh}).status_code == 410


def test_a_version_column_and_a_demand_for_it(api):
    assert api("GET", "/versions/v2").status_code == 404
    mine = api.other("default")
    assert mine("GET", "/versions/v2").headers["ETag"] == '"3"'
    missing = mine("DELETE", "/versions/v2")
    assert (missing.status_code, slug(missing)) == (428, "precondition-required")
    assert mine("PATCH", "/versions/v2", json={"body": "z"}, headers={"If-Match": '"3"'}).headers["ETag"] == '"4"'
    assert mine("DELETE", "/versions/v2", headers={"If-Match": '"3"'}).status_code == 412
    assert mine("DELETE", "/versions/v2", headers={"If-Match": '"4"'}).status_code == 204


def test_representation_body_and_unknown_parameters(api):
    shown = api("DELETE", "/products/p2", headers={"Prefer": "return=representation"})
    assert shown.status_code == 200
    assert set(shown.json()) == {"id", "status", "deleted_at", "restorable_until", "audit_id"}
    assert shown.json()["status"] == "deleted"
    body = api("DELETE", "/products/p3", json={"ids": ["p1"]})
    assert (body.status_code, slug(body)) == (400, "body-not-accepted")
    typo = api("DELETE", "/products/p3?cascde=true")
    assert (typo.status_code, typo.json()["errors"][0]["pointer"]) == (422, "?cascde")
    assert api("GET", "/products/p3").status_code == 200


@pytest.mark.parametrize("path", ["/products", "/products/"])
def test_the_collection_is_never_deleted(api, path):
    answer = api("DELETE", path)
    assert answer.status_code == 405
    assert answer.headers["Allow"]
    assert "bulk_delete" in answer.json()["detail"]
    assert api.sql("SELECT count(*) FROM products") == [(4,)]


def test_soft(api):
    assert api("DELETE", "/flags/f1").status_code == 204
    assert api.sql("SELECT deleted_at IS NULL FROM flags WHERE id = 'f1'")[0][0] in (0, False)
    assert api("GET", "/flags/f1").status_code == 410
    assert [i["id"] for i in api("GET", "/flags").json()["items"]] == ["f2"]
    assert [i["id"] for i in api("GET", "/flags?deleted=only").json()["items"]] == ["f1"]
    assert api("PATCH", "/flags/f1", json={"name": "x"}).status_code == 410
    assert api("PATCH", "/flags/f2", json={"deleted_at": "2026-01-01T00:00:00Z"}).status_code == 422
    first = api.sql("SELECT deleted_at FROM flags WHERE id = 'f1'")
    assert api("DELETE", "/flags/f1").status_code == 410
    assert api.sql("SELECT deleted_at FROM flags WHERE id = 'f1'") == first
    assert api("POST", "/flags/f1/restore").status_code == 200
    assert api.sql("SELECT deleted_at FROM flags WHERE id = 'f1'") == [(None,)]


def test_hard(api):
    gone = api("DELETE", "/secrets_/s1")
    assert gone.status_code == 204
    assert "Sexton-Restorable-Until" not in gone.headers
    assert api("DELETE", "/secrets_/s1").status_code == 410
    assert api("POST", "/secrets_/s1/restore").status_code == 410


def test_create_is_idempotent(api):
    body = {"id": "n1", "shop_id": 4, "price": "2.50"}
    made = api("POST", "/products", json=body)
    assert made.status_code == 201
    assert made.json()["price"] == "2.50"
    assert made.json()["account_id"] == "acme"
    assert made.headers["Location"] == "/api/v1/products/n1"
    assert api("POST", "/products", json=body).status_code == 200
    assert api("POST", "/products", json={**body, "price": "3.00"}).status_code == 409
    api("DELETE", "/products/n1")
    assert api("POST", "/products", json=body).status_code == 410
    assert api("POST", "/products", json={"id": "n2", "shop_id": 4711}).status_code == 409
    assert api("POST", "/products", json={"id": "n3", "colour": "red"}).status_code == 422
    assert api("POST", "/products", json={"id": "n4", "account_id": "globex"}).status_code == 422
    assert api("POST", "/products", json={"id": "n5", "price": "cheap"}).status_code == 422
    assert api.sql("SELECT count(*) FROM products WHERE id LIKE 'n%'") == [(0,)]


def test_idempotency_key(api):
    key = {"Idempotency-Key": '"abc"'}
    first = api("DELETE", "/products/p2", headers=key)
    again = api("DELETE", "/products/p2", headers={"Idempotency-Key": "abc"})
    assert first.status_code == again.status_code == 204
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Sexton-Audit-Id"] == first.headers["Sexton-Audit-Id"]
    other = api("DELETE", "/products/p3", headers=key)
    assert (other.status_code, slug(other)) == (422, "idempotency-key-reused")
    assert api("DELETE", "/products/p3", headers={"Idempotency-Key": "a b"}).status_code == 400
    refused = {"Idempotency-Key": "later"}
    assert api("DELETE", "/shops/2", headers=refused).status_code == 409
    api.run("UPDATE shops SET status = 'shut' WHERE id = 2")
    assert api("DELETE", "/shops/2", headers=refused).status_code == 204


def test_restore_conflicts_say_which(api):
    api("DELETE", "/shops/4")
    api.run("INSERT INTO shops VALUES (9, 'acme', 'west', 'shut')")
    taken = api("POST", "/shops/4/restore")
    assert (taken.status_code, slug(taken)) == (409, "restore-conflict")
    assert "name" in taken.json()["detail"]
    api("DELETE", "/products/p2")
    api("DELETE", "/shops/1?cascade=true")
    orphan = api("POST", "/products/p2/restore")
    assert (orphan.status_code, slug(orphan)) == (409, "restore-conflict")
    assert "shops" in orphan.json()["detail"]
    assert api("POST", "/products/never/restore").status_code == 404


def test_confirmation_of_a_large_cascade(make_api):
    script = (
        "CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a (id));"
        "CREATE INDEX ix ON b (a_id); INSERT INTO a VALUES (1);"
        + "".join(f"INSERT INTO b VALUES ({n}, 1);" for n in range(5))
    )
    api = make_api(script, defaults={"confirm_above": 3}).other("default")
    asked = api("DELETE", "/a/1?cascade=true")
    assert (asked.status_code, asked.json()["count"]) == (428, 6)
    assert api("DELETE", "/a/1?cascade=true&confirm=true").status_code == 204
    assert api.sql("SELECT count(*) FROM b") == [(0,)]


HOSTILE = [
    "*",
    "a%2Fb",
    "..%2F..%2Fproducts",
    "1;drop table shops",
    "1%3Bdrop%20table%20shops",
    "x" * 10_000,
    "%00",
    "p1%00",
    "%ff",
    "%25",
    "'",
    "1'%20OR%20'1'='1",
    "-1",
    "007",
    "7.0",
    "+7",
    "7%20",
    "%207",
    "1e0",
    "9" * 30,
    "abc",
    "true",
    "null",
    "p%31%31",
]


@pytest.mark.parametrize("resource", ["shops", "products", "flags", "notes"])
def test_hostile_ids_touch_nothing(api, resource):
    before = {t: api.sql(f"SELECT * FROM {t} ORDER BY 1, 2") for t in ("shops", "products", "flags", "notes")}
    for item_id in HOSTILE:
        for method in ("DELETE", "GET"):
            answer = api.client.request(
                method, f"/api/v1/{resource}/" + item_id, headers={"Authorization": f"Bearer {api.token}"}
            )
            assert answer.status_code in (404, 405), (method, item_id[:40], answer.status_code, answer.text[:300])
    assert {t: api.sql(f"SELECT * FROM {t} ORDER BY 1, 2") for t in before} == before


@pytest.mark.parametrize("odd", ["%00", "%ff", "%ed%a0%80"])
def test_odd_bytes_are_never_a_500(api, odd):
    paths = [
        f"/audit/{odd}",
        f"/bulk_jobs/{odd}",
        f"/bulk_jobs/{odd}/items",
        f"/audit?item_id={odd}",
        f"/audit?job_id={odd}",
    ]
    paths += [
        f"/bulk_jobs?state={odd}",
        f"/products?tags={odd}",
        f"/products/{odd}/hold",
        f"/{odd}/x",
        f"/products?{odd}=1",
    ]
    for path in paths:
        answer = api.client.request("GET", "/api/v1" + path, headers={"Authorization": f"Bearer {api.token}"})
        assert answer.status_code in (200, 404, 422), (path, answer.status_code)
    for method, path in (
        ("POST", f"/products/{odd}/restore"),
        ("DELETE", f"/products/{odd}/hold"),
        ("POST", f"/bulk_jobs/{odd}/cancel"),
    ):
        assert api(method, path).status_code in (404, 422), (method, path)
    for body in ({"ids": ["p2\u0000"]}, {"ids": ["nope"], "reason": "a\u0000b"}):
        assert api("POST", "/products/bulk_delete", json=body).status_code in (200, 422)
    assert api("POST", "/products", json={"id": "n\u0000"}).status_code in (201, 422)
    assert api("POST", "/products", json={"id": "n2", "tags": "a\u0000b"}).status_code in (201, 422)
    assert api("PUT", "/products/p2/hold", json={"reason": "a\u0000"}).status_code in (200, 422)
    quoted = {"Idempotency-Key": "k1", "If-Match": b'"\xe9"', "Prefer": 'wait=99999999999999, return="x'}
    assert api("DELETE", "/products/p3", headers=quoted).status_code in (409, 412)


def test_an_integer_for_a_text_key_and_a_text_for_an_integer_key(api):
    answer = api("POST", "/products/bulk_delete", json={"ids": [1, "p2"]}).json()
    assert [i["status"] for i in answer["deleted"]] == ["not_found", "deleted"]
    answer = api("POST", "/shops/bulk_delete", json={"ids": [7, "7", "seven", "7.0"]}).json()
    assert [i["status"] for i in answer["deleted"]] == ["deleted", "not_found", "not_found"]
    assert answer["summary"]["duplicates"] == 1


def test_authentication_and_scopes(api):
    assert api.client.get("/api/v1/products").status_code == 401
    bad = api.client.get("/api/v1/products", headers={"Authorization": f"Bearer {api.token}x"})
    assert bad.status_code == 401
    assert bad.headers["WWW-Authenticate"].startswith("Bearer")
    reader = api.other("acme", ["read"])
    refused = reader("DELETE", "/products/p2")
    assert (refused.status_code, refused.json()["scope"]) == (403, "delete")
    assert api("GET", "/reviews").status_code == 404


def test_lists(api):
    names = [r["name"] for r in api("GET", "/").json()["resources"]]
    assert names == ["flags", "notes", "plain", "products", "secrets_", "shops", "versions"]
    page = api("GET", "/products?limit=2").json()
    assert [i["id"] for i in page["items"]] == ["p1", "p2"]
    rest = api("GET", f"/products?limit=2&cursor={page['next_cursor']}").json()
    assert ([i["id"] for i in rest["items"]], rest["next_cursor"]) == (["p3"], None)
    assert [i["id"] for i in api("GET", "/products?tags=b").json()["items"]] == ["p2"]
    assert api("GET", "/products?cursor=abc").status_code == 400
    assert api("GET", f"/shops?cursor={page['next_cursor']}").status_code == 400
    assert api("GET", "/products?limit=0").status_code == 422
    assert api("GET", "/products?colour=red").status_code == 422
    api("DELETE", "/products/p2")
    trash = api("GET", "/products?deleted=only").json()["items"]
    assert [(i["id"], i["price"]) for i in trash] == [("p2", "1.00")]


def test_composite_keys_are_spelled_with_commas(make_api):
    script = """CREATE TABLE pair (a TEXT NOT NULL, b INTEGER NOT NULL, v TEXT, PRIMARY KEY (a, b));
    INSERT INTO pair VALUES ('x', 1, 'one'), ('x,y', 2, 'two'), ('100%', 3, 'three'), ('%2C', 4, 'four')"""
    api = make_api(script).other("default")
    ids = [item["_id"] for item in api("GET", "/pair").json()["items"]]
    assert sorted(ids) == ["%252C,4", "100%25,3", "x%2Cy,2", "x,1"]
    assert api("DELETE", "/pair/x%252Cy,2").status_code == 204
    assert api("DELETE", "/pair/x,y,2").status_code == 404
    assert api("POST", "/pair/x%252Cy,2/restore").json()["v"] == "two"
