"""A real Milvus for tests: the standalone server of the PyPI package ``milvus``, version 2.3.5.

Deprecated upstream, but the only server that pip can fetch. Its wrapper starts a child and does not
end it reliably, so that the child is ended here, by its id.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

_READY_S = 120.0
_PREPARE = """
import sys
import milvus
config = milvus.MilvusServerConfig(data_dir=sys.argv[1], proxy_port=int(sys.argv[2]))
config.resolve()
milvus._initialize_data_files(config.base_data_dir)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class MilvusProcess:
    """The server's process over one data folder; may be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        # In a process of its own, since it leaves sockets open.
        paths = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        prepare = [sys.executable, "-c", _PREPARE, str(folder), str(self.port)]
        subprocess.run(prepare, env=paths, check=True)
        self._log = folder / "logs" / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        program = self.folder / "bin" / "milvus"
        health = free_port()
        places = {
            "MILVUS_RUN_DIR": str(self.folder / "run"),
            "LD_LIBRARY_PATH": str(program.parent),
        }
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [program, "run", "standalone"],
                cwd=self.folder,
                env=os.environ
                | {"DEPLOY_MODE": "STANDALONE", "METRICS_PORT": str(health)}
                | places,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        begun = time.monotonic()
        while not _is_well(health):
            if self._process.poll() is not None or time.monotonic() - begun > _READY_S:
                self.stop()
                said = self._log.read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"the Milvus server did not start: {said[-2000:]}")
            time.sleep(0.2)

    def signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=30)
            self._process = None


def _is_well(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as reply:
            return b"OK" in reply.read()
    except (urllib.error.URLError, OSError):
        return False


def is_runnable() -> bool:
    """Whether the package is here, and for this system."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        import milvus  # noqa: F401
    except ImportError:
        return False
    return True
