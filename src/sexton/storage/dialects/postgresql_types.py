"""PostgreSQL's types as Sexton sees them, and where its catalogue tells them."""

from __future__ import annotations

import re

from sexton.resource import Kind

KINDS = {
    "int2": Kind.INTEGER,
    "int4": Kind.INTEGER,
    "int8": Kind.INTEGER,
    "bool": Kind.BOOLEAN,
    "float4": Kind.FLOAT,
    "float8": Kind.FLOAT,
    "numeric": Kind.DECIMAL,
    "text": Kind.TEXT,
    "varchar": Kind.TEXT,
    "bpchar": Kind.CHAR,
    "uuid": Kind.UUID,
    "bytea": Kind.BYTES,
    "date": Kind.DATE,
    "timestamp": Kind.TIMESTAMP,
    "timestamptz": Kind.TIMESTAMPTZ,
    "json": Kind.JSON,
    "jsonb": Kind.JSON,
}
BITS = {"int2": 16, "int4": 32, "int8": 64}
ID_FORMS = {
    Kind.BOOLEAN: re.compile(r"true|false"),
    Kind.FLOAT: re.compile(r"-?\d{1,40}(\.\d{1,40})?(e[+-]\d{1,3})?|NaN|-?Infinity"),
    Kind.DECIMAL: re.compile(r"-?\d{1,1000}(\.\d{1,1000})?|NaN"),
    Kind.UUID: re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    Kind.BYTES: re.compile(r"\\x([0-9a-f]{2})*"),
}
COLUMNS = """
SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, -1), coalesce(b.typname, y.typname),
       NOT a.attnotnull, a.attgenerated <> '', a.attidentity = 'a',
       CASE WHEN coalesce(b.typname, y.typname) = 'numeric' AND a.atttypmod > 4 THEN (a.atttypmod - 4) & 2047 END,
       coalesce((SELECT array_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = y.oid), '{}')
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type y ON y.oid = a.atttypid LEFT JOIN pg_type b ON b.oid = y.typbasetype
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') ORDER BY c.oid, a.attnum
"""
