"""The harness itself: every database that tests believe they run on is there, with its data."""

from sqlalchemy import create_engine, inspect, text


def _rows(url: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        tables = inspect(engine).get_table_names()
        total = sum(connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in tables)
    engine.dispose()
    return total


def test_a_fresh_database_is_empty(database_url):
    assert _rows(database_url) == 0


def test_chinook_is_whole(chinook_url):
    assert _rows(chinook_url) == 15_607


def test_sakila_is_whole(sakila_url):
    assert _rows(sakila_url) > 46_000
