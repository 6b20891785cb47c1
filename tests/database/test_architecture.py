"""The picture of the tables in docs/architecture.md."""

import re

from plccoach_api import resources

SCHEMA = (resources.MIGRATIONS / "schema.sql").read_text("utf-8")
PICTURE = (resources.MIGRATIONS.parent / "docs" / "architecture.md").read_text("utf-8").split("erDiagram")[1]


def test_the_picture_has_every_table_and_only_columns_that_exist() -> None:
    tables = dict(re.findall(r"^CREATE TABLE public\.(\w+) \((.*?)^\)", SCHEMA, re.DOTALL | re.MULTILINE))
    drawn = dict(re.findall(r"^    (\w+) \{(.*?)\}$", PICTURE, re.DOTALL | re.MULTILINE))
    assert {*drawn} == {*tables} - {"alembic_version", "schema_compatibility"}
    for table, columns in drawn.items():
        existing = re.findall(r'^    "?(\w+)"? ', tables[table], re.MULTILINE)
        assert {*re.findall(r"^\s*\w+ (\w+)", columns, re.MULTILINE)} <= {*existing}


def test_the_lines_of_the_picture_are_the_foreign_keys() -> None:
    keys = re.findall(
        r"ALTER TABLE ONLY public\.(\w+)\s+ADD CONSTRAINT \w+ FOREIGN KEY .* REFERENCES public\.(\w+)", SCHEMA
    )
    drawn = re.findall(r"^    (\w+) [|}][|o]--[|o][|{] (\w+) :", PICTURE, re.MULTILINE)
    assert sorted((child, parent) for parent, child in drawn) == sorted(keys)
