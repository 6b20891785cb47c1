set shell := ["sh", "-eu", "-c"]
set dotenv-load := false
# Arguments reach a command as "$@", so that a path may have spaces.
set positional-arguments
# Only a recipe that uses a variable computes it: a docker client that hangs must not keep `just run` from starting.
set lazy

python := ".venv/bin/python"
coach := ".venv/bin/plccoach-api"

# List the recipes.
default:
    @{{just_executable()}} --list --unsorted

# The Python that makes .venv: PYTHON, or that of README's first command, or python3.
base := env("PYTHON", if path_exists(".just/bin/python") == "true" { ".just/bin/python" } else { "python3" })

# Create or update .venv, with all tools or with what serving needs. A file lock lets several processes call this at once.
[private, no-exit-message]
venv lock="requirements-dev.lock":
    #!/usr/bin/env {{base}}
    import fcntl, hashlib, pathlib, shutil, signal, subprocess, sys
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    root, project, stamp = pathlib.Path.cwd(), pathlib.Path("pyproject.toml"), pathlib.Path(".venv/.installed")
    if not (3, 11) <= sys.version_info < (3, 15):
        version = sys.version.split()[0]
        sys.exit(f"Python 3.11 to 3.14 is needed; {sys.executable} is {version}. Name another: PYTHON=python3.12 just run")
    try:
        turn = open(".venv.lock", "w")
    except OSError as error:
        sys.exit(f"cannot write into {root} ({error.strerror}): copy the project into a folder of your own")
    # The scripts in .venv contain its absolute path, so a copy of the project's folder needs a new .venv.
    home = f"{sys.version} {root}\n"
    def stamp_of(lock):
        return home + lock + hashlib.sha256(pathlib.Path(lock).read_bytes() + project.read_bytes()).hexdigest()
    def pip(*arguments):
        command = [".venv/bin/python", "-m", "pip", "install", "--no-deps", "--disable-pip-version-check", *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        for line in process.stdout:
            if sys.stderr.isatty() and line.startswith(("Collecting", "Installing")):
                print("\033[K" + line.partition(" (from")[0].strip()[:78], end="\r", file=sys.stderr, flush=True)
        if process.wait():
            sys.exit("the installation failed; see pip's message above")
    with turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        installed = stamp.read_text() if stamp.exists() else ""
        # All tools include what serving needs.
        if installed in {stamp_of("{{lock}}"), stamp_of("requirements-dev.lock")}:
            sys.exit()
        print("installing into .venv: {{lock}}", file=sys.stderr)
        if not installed.startswith(home):
            shutil.rmtree(".venv", ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", ".venv"], check=True)
        # --no-deps, because the lock is complete. Else pip resolves "granian[all]" and picks a release without a hash.
        pip("--require-hashes", "--requirement", "{{lock}}")
        pip("--no-build-isolation", "--editable", ".")
        stamp.write_text(stamp_of("{{lock}}"))
        print("installed\033[K" if sys.stderr.isatty() else "installed", file=sys.stderr)

# Serve for development, with reload, the embedded database and a readable log.
run: (venv "requirements-run.lock")
    @exec {{coach}} serve --reload

# Serve as in production, without reload, with WORKERS processes and a JSON log.
serve: (venv "requirements-run.lock")
    @exec {{coach}} serve

# Four processes share two cores, because a test waits for the database and for other processes in half of its time.
# Without bytecode on the disk, each of them would compile every test for two seconds.
# Run the tests.
test *ARGS: venv
    @PYTHONDONTWRITEBYTECODE= exec {{python}} -m pytest --numprocesses=4 "$@"

# Run the slow tests: services as processes, kills, frozen databases, hostile files, large sets of data.
test-slow *ARGS: venv
    @exec {{python}} -m pytest -m slow "$@"

# Run the tests that need curl, Chromium, promtool, systemd-analyze and Node.js on this machine.
test-system *ARGS: venv
    @exec {{python}} -m pytest tests/system "$@"

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
migrate: (venv "requirements-run.lock")
    @exec {{coach}} migrate

# Load books into the corpus, from files or folders (PDF, EPUB, DOCX, Markdown, plain text).
ingest +PATHS: (venv "requirements-run.lock")
    @exec {{coach}} ingest "$@"

# Fill a development database with realistic users and 1,500 conversations.
seed *ARGS: venv
    @exec {{python}} -m tests.tools.seed "$@"

# Serve a scripted model on loopback, to develop a front end with; it prints the settings that use it.
model *ARGS: venv
    @exec {{python}} -m tests.tools.front_end_model "$@"

# Run the commands of README.md and write their output into it.
readme: venv
    {{python}} -m tests.tools.readme

# Lock the dependencies, with hashes and without the address of a package index.
lock *ARGS: venv
    .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
        --python-version 3.11 --extra aws --extra mcp --extra otel pyproject.toml --output-file requirements.lock "$@"
    .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
        --python-version 3.11 --all-extras --group build pyproject.toml \
        --constraint requirements.lock --output-file requirements-run.lock "$@"
    .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
        --python-version 3.11 --all-extras --group dev --group bench pyproject.toml \
        --constraint requirements-run.lock --output-file requirements-dev.lock "$@"

# Use docker if its daemon answers, else podman. podman stores a health check only in docker's image format.
engine := env("CONTAINER_ENGINE", `python3 -c 'import subprocess; subprocess.run(["docker", "version"], timeout=5, check=True, capture_output=True)' 2>/dev/null && echo docker || echo podman`)
export BUILDAH_FORMAT := "docker"

# Build the container image, with docker or podman.
image:
    @exec {{engine}} build --file Containerfile --tag plccoach-api ${PIP_INDEX_URL:+--build-arg PIP_INDEX_URL} \
        --label org.opencontainers.image.revision="$(git describe --always --dirty 2>/dev/null)" .

# Build the development image, with the tests and all tools.
[private]
development-image:
    @exec {{engine}} build --file Containerfile --target development --tag plccoach-api:development ${PIP_INDEX_URL:+--build-arg PIP_INDEX_URL} .

# Build the images, and test the production image as an orchestrator runs it.
image-test: image development-image venv
    @CONTAINER_ENGINE={{engine}} exec {{python}} -m pytest --numprocesses=0 tests/image

# Serve for development in containers, with reload and a PostgreSQL; returns when both are healthy.
up:
    @exec {{ if engine == "podman" { "podman-compose" } else { "docker compose" } }} up --detach --build --wait

# Measure requests beside a ceiling and a rival; writes docs/benchmark.md. `--tree NAME=FOLDER` adds a checkout.
bench *ARGS: venv
    @exec {{python}} -m tests.tools.bench.run "$@"

# Measure 500 answers that are streamed at the same time; writes docs/benchmark-streams.md. `--tree NAME=FOLDER` adds a checkout.
bench-stream *ARGS: venv
    @exec {{python}} -m tests.tools.bench.streams.run "$@"

# Measure retrieval among 100,000 passages, beside the method of another project; writes docs/benchmark-retrieval.md. `--tree` as above.
bench-retrieval *ARGS: venv
    @exec {{python}} -m tests.tools.bench.retrieval.run "$@"

# Measure how the cost of requests grows with conversations, passages and sessions; writes docs/benchmark-growth.md.
bench-growth *ARGS: venv
    @exec {{python}} -m tests.tools.bench.growth.run "$@"

# Load 100 synthetic books of 300 pages, and print the seconds of a page and the peak memory. `--format pdf` takes longer.
bench-ingest *ARGS: venv
    @exec {{python}} -m tests.tools.bench.ingest "$@"

# Let incidents hit clients, replicas, the database and the model under load, and judge what remains; `--seed` repeats a run.
chaos *ARGS: venv
    @exec {{python}} -m tests.tools.chaos.run "$@"

# Kill a primary under load, promote its standby, and count the acknowledged answers that are lost; `--asynchronous` loses some.
failover *ARGS: venv
    @exec {{python}} -m tests.tools.chaos.failover "$@"

# Tell a service to stop twenty times, idle and under load, and check that it ends in time; `--stops` is the number.
stops *ARGS: venv
    @exec {{python}} -m tests.tools.chaos.stops "$@"

# Measure what the coach finds, answers, refuses and shows; `just eval --beir FOLDER` reads a collection in the BEIR layout.
eval *ARGS: venv
    @exec {{python}} -m tests.tools.eval.run "$@"

# Ask the coach through the wire dialects of many models' services, and through ten thousand random streams.
dialects *ARGS: venv
    @exec {{python}} -m tests.tools.dialects.run "$@"

# Fit the weights that judge whether the passages of a search answer a question; writes rules/relevance.toml.
relevance *ARGS: venv
    @exec {{python}} -m tests.tools.relevance "$@"

# Generate alembic/schema.sql from the migrations.
schema: venv
    @exec {{python}} -m tests.tools.schema_dump

# Generate docs/openapi.json.
openapi: (venv "requirements-run.lock")
    {{coach}} openapi docs/openapi.json

# Lint docs/openapi.json by the specification and by the rules of Redocly and Spectral. Needs Node.js.
[private]
lint-openapi: (venv "requirements-run.lock")
    {{python}} -m openapi_spec_validator docs/openapi.json
    REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true \
        npx --yes @redocly/cli@2.77.0 lint --config docs/redocly.yaml docs/openapi.json
    npx --yes @stoplight/spectral-cli@6.16.3 lint --ruleset docs/spectral.yaml --fail-severity warn docs/openapi.json
