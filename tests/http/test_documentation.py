"""The documentation pages load only files of this service, and no other script may run in them."""

import re
from hashlib import sha256
from time import process_time

import httpx
import msgspec
import pytest

from plccoach_api import resources

Client = httpx.AsyncClient
PAGES = ["/docs", "/redoc"]


async def loaded_by(client: Client, page: str) -> list[str]:
    return re.findall(r'(?:src|href|url)="([^"]*)"', (await client.get(page)).text)


@pytest.mark.parametrize("page", PAGES)
async def test_a_page_has_its_own_content_security_policy(client: Client, page: str) -> None:
    response = await client.get(page)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    [policy] = response.headers.get_list("Content-Security-Policy")
    directives = dict(directive.split(" ", 1) for directive in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["connect-src"] == "'self'"
    assert "//" not in policy


@pytest.mark.parametrize("page", PAGES)
async def test_everything_that_a_page_loads_is_served_by_the_service(client: Client, page: str) -> None:
    urls = await loaded_by(client, page)
    assert len(urls) >= 4
    for url in urls:
        assert re.match(r"/[a-z]", url)
        response = await client.get(url)
        assert response.status_code == 200
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("page", PAGES)
async def test_an_asset_is_cached_until_it_changes(client: Client, page: str) -> None:
    assets = [url for url in await loaded_by(client, page) if url.startswith("/docs/")]
    assert assets
    for url in assets:
        response = await client.get(url)
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        _, docs, version, name = url.split("/")
        other_version = await client.get(f"/{docs}/{version[:-1]}-/{name}")
        assert other_version.headers["Cache-Control"] == "no-store"
        assert other_version.content == response.content


@pytest.mark.parametrize("name", ["README.md", "docs.html", "licenses", "..%2Fapp.py", "nothing.js"])
async def test_other_files_of_the_folder_are_not_served(client: Client, name: str) -> None:
    assert (await client.get(f"/docs/x/{name}")).status_code == 404


async def test_the_document_is_the_same_as_json_and_as_yaml(client: Client) -> None:
    json, yaml = await client.get("/openapi.json"), await client.get("/openapi.yaml")
    assert json.headers["Content-Type"] == "application/json"
    assert yaml.headers["Content-Type"].startswith("application/yaml")
    assert json.json()["openapi"] == "3.1.0"
    assert msgspec.yaml.decode(yaml.content) == json.json()


@pytest.mark.parametrize("path", ["/openapi.json", "/openapi.yaml"])
async def test_the_document_is_encoded_once(client: Client, path: str) -> None:
    first = await client.get(path)
    started = process_time()
    for _ in range(10):
        assert (await client.get(path)).content == first.content
    # To encode the YAML ten times takes more than a second.
    assert process_time() - started < 0.5


def test_the_files_from_npm_have_the_checksums_of_the_readme() -> None:
    folder = resources.API_DOCUMENTATION
    sums = re.findall(r"^([0-9a-f]{64})  (\S+)$", (folder / "README.md").read_text("utf-8"), re.MULTILINE)
    assert {name for _, name in sums} == {"redoc.standalone.js", "swagger-ui-bundle.js", "swagger-ui.css"}
    for expected, name in sums:
        assert sha256((folder / name).read_bytes()).hexdigest() == expected
