"""The pages of a folder, with the scripts and styles that they load."""

from functools import cached_property
from hashlib import sha256
from pathlib import Path, PurePath
from string import Template

from litestar import Response

from plccoach_api import problems

_MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_IMMUTABLE = "public, max-age=31536000, immutable"


class StaticFiles:
    """Serves the files of a folder below `prefix`, which is followed by the version of all files.

    It is one version for all, because modules import each other by relative addresses. The files are read at the first
    request: most processes never need them.
    """

    def __init__(self, folder: Path, prefix: str) -> None:
        self._folder = folder
        self._prefix = prefix

    def page(
        self, name: str, policy: str, texts: dict[str, str] | None = None, status_code: int = 200
    ) -> Response[str]:
        """Returns a page with its content security policy. `texts` are markup; `$files` is the address of the files."""
        template = Template(self._files[name].decode())
        content = template.substitute(texts or {}, files=f"{self._prefix}/{self._version}")
        headers = {"Content-Security-Policy": policy}
        return Response(content, status_code=status_code, media_type="text/html", headers=headers)

    def asset(self, version: str, name: str) -> Response[bytes]:
        """Returns a script, a style or an image. Raises NotFound for any other file.

        A browser keeps a file of the current version forever, and a file of another version not at all.
        """
        media_type = _MEDIA_TYPES.get(PurePath(name).suffix)
        if media_type is None or name not in self._files:
            raise problems.NotFound
        headers = {"Cache-Control": _IMMUTABLE} if version == self._version else {}
        return Response(self._files[name], media_type=media_type, headers=headers)

    @cached_property
    def _files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self._folder.iterdir()) if path.is_file()}

    @cached_property
    def _version(self) -> str:
        found = sha256()
        for name, content in self._files.items():
            found.update(name.encode() + b"\0" + content + b"\0")
        return found.hexdigest()[:16]
