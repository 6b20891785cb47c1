set shell := ["sh", "-eu", "-c"]
set dotenv-load := false

python := ".venv/bin/python"
coach := ".venv/bin/plccoach-api"

# List the recipes.
default:
    @{{just_executable()}} --list --unsorted

# Make .venv from the lock, or bring it up to date; several may call it at once.
[private]
venv:
    #!/usr/bin/env python3
    import fcntl, hashlib, pathlib, shutil, subprocess, sys
    lock, project = pathlib.Path("requirements-dev.lock"), pathlib.Path("pyproject.toml")
    # Scripts in it begin with their own path, so one that was copied along with the folder is no use.
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
        # The lock is whole. pip would look for what "granian[all]" may be, and find a release it has no hash of.
        subprocess.run([*pip, "--no-deps", "--require-hashes", "--requirement", str(lock)], check=True)
        subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", "."], check=True)
        stamp.write_text(wanted)

# Serve for development: reload, embedded database, readable log.
run: venv
    @exec {{coach}} serve --reload

# Serve as in production: no reload, WORKERS processes, JSON log.
serve: venv
    @exec {{coach}} serve

# Run the tests.
test *ARGS: venv
    @exec {{python}} -m pytest {{ARGS}}

# Run the tests that take their time: services as processes, killed ones, frozen databases, large sets of data.
test-slow *ARGS: venv
    @exec {{python}} -m pytest tests/slow {{ARGS}}

# Run the tests that need curl, Chromium and Node.js on this machine.
test-system *ARGS: venv
    @exec {{python}} -m pytest tests/system {{ARGS}}

# Check what CI checks: format, lint, types, SQL, OpenAPI, and that the lock is whole.
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

# Bring the database's schema to its head.
migrate: venv
    @exec {{coach}} migrate

# Bring books into the corpus: files, or folders of them (PDF, EPUB, Markdown, plain text).
ingest +PATHS: venv
    @exec {{coach}} ingest {{PATHS}}

# Fill a developer's database with believable people and 1,000 conversations.
seed *ARGS: venv
    @exec {{python}} -m tests.tools.seed {{ARGS}}

# Run the README's commands again and write what they print.
readme: venv
    {{python}} -m tests.tools.readme

# Lock the dependencies: hashes, no addresses.
lock *ARGS: venv
    .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
        --python-version 3.11 --extra aws pyproject.toml --output-file requirements.lock {{ARGS}}
    .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
        --python-version 3.11 --all-extras --group dev --group bench pyproject.toml \
        --constraint requirements.lock --output-file requirements-dev.lock {{ARGS}}

# docker when its daemon answers, else podman, which keeps an image's health check only in docker's format.
engine := env("CONTAINER_ENGINE", `docker version >/dev/null 2>&1 && echo docker || echo podman`)
export BUILDAH_FORMAT := "docker"

# Build the container image, with docker or podman.
image:
    @exec {{engine}} build --file Containerfile --tag plccoach-api ${PIP_INDEX_URL:+--build-arg PIP_INDEX_URL} \
        --label org.opencontainers.image.revision="$(git describe --always --dirty 2>/dev/null)" .

# Build the image and test it as an orchestrator would run it.
image-test: image venv
    @CONTAINER_ENGINE={{engine}} exec {{python}} -m pytest --numprocesses=0 tests/image

# Serve for development in containers: reload, a PostgreSQL of its own; returns when both are healthy.
up:
    @exec {{ if engine == "podman" { "podman-compose" } else { "docker compose" } }} up --detach --build --wait

# Measure the service beside the ceiling and the rival of tests/tools/bench; writes docs/benchmark.md.
bench *ARGS: venv
    @exec {{python}} -m tests.tools.bench.run {{ARGS}}

# Measure 500 answers that are read at once while they are written; writes docs/benchmark-streams.md.
bench-stream *ARGS: venv
    @exec {{python}} -m tests.tools.bench.streams.run {{ARGS}}

# Measure how passages are found among 100,000, beside the peer's way; writes docs/benchmark-retrieval.md.
bench-retrieval *ARGS: venv
    @exec {{python}} -m tests.tools.bench.retrieval.run {{ARGS}}

# Kill clients, replicas, the database and the model a hundred times, and judge what is left; `--seed` repeats a run.
chaos *ARGS: venv
    @exec {{python}} -m tests.tools.chaos.run {{ARGS}}

# Measure what the coach finds, refuses and cites; `just eval --beir FOLDER` for a collection in the BEIR layout.
eval *ARGS: venv
    @exec {{python}} -m tests.tools.eval.run {{ARGS}}

# Write alembic/schema.sql again, from what the migrations make.
schema: venv
    @exec {{python}} -m tests.tools.schema_dump

# Write the committed OpenAPI document anew.
openapi: venv
    {{coach}} openapi docs/openapi.json

# Lint it: by the specification, then by Redocly's rules. Needs Node.js.
[private]
lint-openapi: venv
    {{python}} -m openapi_spec_validator docs/openapi.json
    REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true \
        npx --yes @redocly/cli@2.77.0 lint --config docs/redocly.yaml docs/openapi.json
