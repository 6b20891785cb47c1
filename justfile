set shell := ["sh", "-eu", "-c"]
set dotenv-load := false

python := ".venv/bin/python"
coach := ".venv/bin/plccoach-api"

# List the recipes.
default:
    @{{just_executable()}} --list --unsorted

# Create or update .venv from the lock. A file lock lets several processes call this at once.
[private]
venv:
    #!/usr/bin/env python3
    import fcntl, hashlib, pathlib, shutil, subprocess, sys
    lock, project = pathlib.Path("requirements-dev.lock"), pathlib.Path("pyproject.toml")
    # The scripts in .venv contain its absolute path, so a copy of the project's folder needs a new .venv.
    home = f"{sys.version} {pathlib.Path.cwd()}\n"
    wanted = home + hashlib.sha256(lock.read_bytes() + project.read_bytes()).hexdigest()
    stamp = pathlib.Path(".venv/.installed")
    with open(".venv.lock", "w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        installed = stamp.read_text() if stamp.exists() else ""
        if installed == wanted:
            sys.exit()
        print("installing into .venv", file=sys.stderr)
        if not installed.startswith(home):
            shutil.rmtree(".venv", ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", ".venv"], check=True)
        pip = [".venv/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        # --no-deps, because the lock is complete. Else pip resolves "granian[all]" and picks a release without a hash.
        subprocess.run([*pip, "--no-deps", "--require-hashes", "--requirement", str(lock)], check=True)
        subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", "."], check=True)
        stamp.write_text(wanted)

# Serve for development, with reload, the embedded database and a readable log.
run: venv
    @exec {{coach}} serve --reload

# Serve as in production, without reload, with WORKERS processes and a JSON log.
serve: venv
    @exec {{coach}} serve

# Run the tests.
test *ARGS: venv
    @exec {{python}} -m pytest {{ARGS}}

# Run the slow tests: services as processes, kills, frozen databases, large sets of data.
test-slow *ARGS: venv
    @exec {{python}} -m pytest tests/slow {{ARGS}}

# Run the tests that need curl, Chromium and Node.js on this machine.
test-system *ARGS: venv
    @exec {{python}} -m pytest tests/system {{ARGS}}

# Check what CI checks: format, lint, types, SQL, the OpenAPI document, and that the lock is complete.
check: venv && lint-openapi
    .venv/bin/ruff format --check --quiet
    .venv/bin/ruff check --quiet
    .venv/bin/mypy
    .venv/bin/sqlfluff lint --nocolor sql
    {{python}} -m pip check --disable-pip-version-check

# Format the code and the SQL.
fmt: venv
    .venv/bin/ruff format
    .venv/bin/ruff check --fix
    .venv/bin/sqlfluff fix --quiet sql

# Migrate the database's schema to the newest version.
migrate: venv
    @exec {{coach}} migrate

# Load books into the corpus, from files or folders (PDF, EPUB, DOCX, Markdown, plain text).
ingest +PATHS: venv
    @exec {{coach}} ingest {{PATHS}}

# Fill a development database with realistic users and 1,000 conversations.
seed *ARGS: venv
    @exec {{python}} -m tests.tools.seed {{ARGS}}

# Run the commands of README.md and write their output into it.
readme: venv
    {{python}} -m tests.tools.readme

# Lock the dependencies, with hashes and without the address of a package index.
lock *ARGS: venv
    .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
        --python-version 3.11 --extra aws pyproject.toml --output-file requirements.lock {{ARGS}}
    .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
        --python-version 3.11 --all-extras --group dev --group bench pyproject.toml \
        --constraint requirements.lock --output-file requirements-dev.lock {{ARGS}}

# Use docker if its daemon answers, else podman. podman stores a health check only in docker's image format.
engine := env("CONTAINER_ENGINE", `docker version >/dev/null 2>&1 && echo docker || echo podman`)
export BUILDAH_FORMAT := "docker"

# Build the container image, with docker or podman.
image:
    @exec {{engine}} build --file Containerfile --tag plccoach-api ${PIP_INDEX_URL:+--build-arg PIP_INDEX_URL} \
        --label org.opencontainers.image.revision="$(git describe --always --dirty 2>/dev/null)" .

# Build the image and test it as an orchestrator runs it.
image-test: image venv
    @CONTAINER_ENGINE={{engine}} exec {{python}} -m pytest --numprocesses=0 tests/image

# Serve for development in containers, with reload and a PostgreSQL; returns when both are healthy.
up:
    @exec {{ if engine == "podman" { "podman-compose" } else { "docker compose" } }} up --detach --build --wait

# Measure requests beside a ceiling and a rival; writes docs/benchmark.md. `--tree NAME=FOLDER` adds a checkout.
bench *ARGS: venv
    @exec {{python}} -m tests.tools.bench.run {{ARGS}}

# Measure 500 answers that are streamed at the same time; writes docs/benchmark-streams.md. `--tree NAME=FOLDER` adds a checkout.
bench-stream *ARGS: venv
    @exec {{python}} -m tests.tools.bench.streams.run {{ARGS}}

# Measure retrieval among 100,000 passages, beside the method of another project; writes docs/benchmark-retrieval.md. `--tree` as above.
bench-retrieval *ARGS: venv
    @exec {{python}} -m tests.tools.bench.retrieval.run {{ARGS}}

# Load 100 synthetic books of 300 pages, and print the seconds of a page and the peak memory. `--format pdf` takes longer.
bench-ingest *ARGS: venv
    @exec {{python}} -m tests.tools.bench.ingest {{ARGS}}

# Kill clients, replicas, the database and the model a hundred times, and check what remains; `--seed` repeats a run.
chaos *ARGS: venv
    @exec {{python}} -m tests.tools.chaos.run {{ARGS}}

# Measure what the coach finds, answers, refuses and shows; `just eval --beir FOLDER` reads a collection in the BEIR layout.
eval *ARGS: venv
    @exec {{python}} -m tests.tools.eval.run {{ARGS}}

# Ask the coach through the wire dialects of many models' services, and through ten thousand random streams.
dialects *ARGS: venv
    @exec {{python}} -m tests.tools.dialects.run {{ARGS}}

# Fit the weights that judge whether the passages of a search answer a question; writes rules/relevance.toml.
relevance *ARGS: venv
    @exec {{python}} -m tests.tools.relevance {{ARGS}}

# Generate alembic/schema.sql from the migrations.
schema: venv
    @exec {{python}} -m tests.tools.schema_dump

# Generate docs/openapi.json.
openapi: venv
    {{coach}} openapi docs/openapi.json

# Lint docs/openapi.json by the specification and by the rules of Redocly and Spectral. Needs Node.js.
[private]
lint-openapi: venv
    {{python}} -m openapi_spec_validator docs/openapi.json
    REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true \
        npx --yes @redocly/cli@2.77.0 lint --config docs/redocly.yaml docs/openapi.json
    npx --yes @stoplight/spectral-cli@6.16.3 lint --ruleset docs/spectral.yaml --fail-severity warn docs/openapi.json
