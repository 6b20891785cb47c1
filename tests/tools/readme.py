"""`python -m tests.tools.readme` runs the commands of the README's tour and writes their output below them."""

import re
import subprocess
import tempfile
from pathlib import Path

from tests.live import free_port, serving, wait_until

README = Path(__file__).parents[2] / "README.md"

_BLOCK = re.compile(r"```console\n(?P<body>.*?)```", re.DOTALL)


def with_real_output(text: str, port: int, folder: Path) -> str:
    """Runs the commands of all console blocks in order, in one folder, and returns the text with their output."""

    def run(block: re.Match[str]) -> str:
        commands = [line for line in block["body"].splitlines() if line.startswith("$ ")]
        return "```console\n" + "".join(f"{line}\n{_output(line[2:], port, folder)}" for line in commands) + "```"

    return _BLOCK.sub(run, text)


def _output(command: str, port: int, folder: Path) -> str:
    written, real = "localhost:8000", f"localhost:{port}"
    command = command.replace(written, real)
    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=True)
    printed = done.stdout.replace("\r\n", "\n").replace(real, written)
    return printed if not printed or printed.endswith("\n") else f"{printed}\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), PORT=str(free_port())) as service:
        service.wait_for(seconds=60)
        # The daily job begins when the sample book has its windows. Until then, questions find other passages.
        wait_until(lambda: "maintenance done" in service.log_file.read_text("utf-8"), "the book is ready", seconds=60)
        README.write_text(with_real_output(README.read_text("utf-8"), service.port, Path(folder)), "utf-8")


if __name__ == "__main__":
    main()
