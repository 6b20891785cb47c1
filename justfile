set shell := ["bash", "-euo", "pipefail", "-c"]
set dotenv-load := false

python := ".venv/bin/python"
coach := ".venv/bin/plccoach-api"

# List the recipes.
default:
    @just --list --unsorted

# Make .venv from the lock, or bring it up to date; several may call it at once.
[private]
venv:
    #!/usr/bin/env python3
    import fcntl, hashlib, pathlib, shutil, subprocess, sys
    lock = pathlib.Path("requirements-dev.lock")
    wanted = hashlib.sha256(lock.read_bytes() + pathlib.Path("pyproject.toml").read_bytes()).hexdigest()
    stamp = pathlib.Path(".venv/.installed")
    with open(".venv.lock", "w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == wanted:
            sys.exit()
        print("installing into .venv", file=sys.stderr)
        shutil.rmtree(".venv", ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", ".venv"], check=True)
        pip = [".venv/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "--requirement", str(lock)], check=True)
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

# Lock the dependencies: hashes, no addresses.
lock: venv
    .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
        --python-version 3.11 --extra aws pyproject.toml --output-file requirements.lock
    .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
        --python-version 3.11 --all-extras --group dev --group bench pyproject.toml \
        --constraint requirements.lock --output-file requirements-dev.lock
