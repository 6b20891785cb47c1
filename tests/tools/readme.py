"""Runs the commands of the README's console blocks and puts their output below them: `python -m tests.readme`."""

import re
import subprocess
import tempfile
from pathlib import Path

from tests.live import free_port, serving

README = Path(__file__).parents[2] / "README.md"

_BLOCK = re.compile(r"```console\n(?P<body>.*?)```", re.DOTALL)


def with_real_output(text: str, port: int, folder: Path) -> str:
    """The same text with every console block's commands run afresh, in order, in one folder."""

    def run(block: re.Match[str]) -> str:
        commands = [line for line in block["body"].splitlines() if line.startswith("$ ")]
        return "```console\n" + "".join(f"{line}\n{_output(line[2:], port, folder)}" for line in commands) + "```"

    return _BLOCK.sub(run, text)


def _output(command: str, port: int, folder: Path) -> str:
    real = command.replace("localhost:8000", f"localhost:{port}")
    done = subprocess.run(["bash", "-c", real], cwd=folder, capture_output=True, text=True, check=True)
    printed = done.stdout.replace("\r\n", "\n")
    return printed if not printed or printed.endswith("\n") else f"{printed}\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), PORT=str(free_port())) as service:
        service.wait_for(seconds=60)
        README.write_text(with_real_output(README.read_text("utf-8"), service.port, Path(folder)), "utf-8")


if __name__ == "__main__":
    main()
