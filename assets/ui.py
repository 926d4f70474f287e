"""The UI on loopback: Dagster's web server and the desk behind the guard, daemon, code server."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import uvicorn
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import GrpcServerTarget
from dagster._grpc.client import DagsterGrpcClient
from dagster_webserver.app import create_app_from_workspace_process_context
from starlette.types import ASGIApp

from assets.build_runs import BuildRuns
from assets.desk import Desk, route_desk
from assets.forms import LOCATION
from assets.instance import environment, instance
from operations.desk.addresses import DESK
from operations.desk.audience import TEAM, Audience
from operations.errors import BusyError, ServiceError
from operations.home.locks import Wait, holder, holding, named
from operations.home.settings import ROOT, Settings
from operations.serving.closed import closed
from operations.serving.faults import Faults
from operations.serving.guard import Guard
from operations.serving.proxy import Proxy, proxy_in
from operations.serving.viewing import Viewing

PATIENCE_SECONDS = 240
WAIT_SECONDS = 15
QUIET = ["--log-level", "warning"]
CODE = ["dagster", "code-server", "start", "-m", "assets.definitions", "--location-name", LOCATION]
DAEMON = ["dagster._daemon", "run"]


Announce = Callable[[str, str], None]


def serve(
    settings: Settings,
    port: int,
    announce: Announce,
    *,
    read_only: bool = False,
    audience: Audience = TEAM,
) -> None:
    """Serve the UI until Ctrl-C or SIGTERM, then end every process that it started.

    `announce` is given the addresses of Dagster and of the desk, which hold the token of this
    start. One that is `read_only` launches nothing and runs no sensor; one for viewers shows only
    what the desk has for them, and no Dagster. Raises `ServiceError` when the port is taken or one
    of the processes ends, and `SettingsError` for a proxy that cannot be right.
    """
    proxy = proxy_in(os.environ)
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    try:
        with (
            _listening(port) as listener,
            tempfile.TemporaryDirectory(prefix="ctw-") as private,
        ):
            taken = replace(settings, ui_port=listener.getsockname()[1])
            os.environ.update(environment(taken) | {"TMPDIR": private})
            log = _log_of(taken)
            with _code_server(Path(private) / "code", log) as code_server:
                served = Served(taken, Path(private) / "code", code_server, proxy, log)
                served.answer(listener, announce, read_only=read_only, audience=audience)
    except KeyboardInterrupt:
        return


def _log_of(settings: Settings) -> Path:
    """Make the file for what Dagster's own processes and runs say; the terminal stays quiet."""
    log = settings.home / "dagster" / f"ui-{os.getpid()}.log"
    for old in log.parent.glob("ui-*.log"):
        if not Path(f"/proc/{old.stem.removeprefix('ui-')}").exists():
            old.unlink(missing_ok=True)
    log.touch(mode=0o600)
    return log


@contextmanager
def _code_server(code: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run Dagster's code server, and go on once it answers."""
    server = {"host": "localhost", "socket": str(code), "location_name": LOCATION}
    _workspace(code).write_text(json.dumps({"load_from": [{"grpc_server": server}]}))
    with _tethered([*CODE, "--socket", str(code)], log) as process:
        _await(code, process, log)
        yield process


def _workspace(code: Path) -> Path:
    return code.with_name("workspace.yaml")


@dataclass(frozen=True)
class Served:
    """What stands behind a UI: home, code server and its socket, the proxy in front, the log."""

    settings: Settings
    code: Path
    code_server: subprocess.Popen[bytes]
    proxy: Proxy | None
    log: Path

    def answer(
        self,
        listener: socket.socket,
        announce: Announce,
        *,
        read_only: bool,
        audience: Audience,
    ) -> None:
        """Answer requests until a signal comes; with a daemon, unless it is `read_only`."""
        needed = {"code server": self.code_server}
        with ExitStack() as stack:
            if not read_only:
                stack.enter_context(_only_daemon(self.settings))
                daemon = _tethered([*DAEMON, "--workspace", str(_workspace(self.code))], self.log)
                needed["daemon"] = stack.enter_context(daemon)
            held = stack.enter_context(instance(self.settings))
            if audience == TEAM:
                target = _target(self.code)
                context = WorkspaceProcessContext(held, target, read_only=read_only)
                dagster = create_app_from_workspace_process_context(stack.enter_context(context))
                other: ASGIApp = Faults(Viewing(dagster) if read_only else dagster, self.log)
            else:
                other = partial(closed, desk=DESK)
            app = route_desk(
                Desk(self.settings, BuildRuns(held), audience, decides=not read_only).app(), other
            )
            port, token = self.settings.ui_port, secrets.token_urlsafe(32)
            here = f"http://127.0.0.1:{port}"
            announce(f"{here}/?token={token}", f"{here}{DESK}?token={token}")
            _answer(Guard(app, port, token, self.proxy), listener, needed, self.log)


@contextmanager
def _only_daemon(settings: Settings) -> Iterator[None]:
    """Be the only UI with a daemon for a home: Dagster supports one daemon for an instance."""
    file = settings.home / "locks" / "ui.lock"
    with ExitStack() as stack:
        stack.enter_context(named(f"ctw ui on port {settings.ui_port}"))
        try:
            stack.enter_context(holding(file, Wait("the daemon of this home", 0)))
        except BusyError:
            raise ServiceError(
                f"A UI for this home runs already: {holder(file)}. Open the address that it "
                "printed, or end it. Another one beside it can only read: ctw ui --read-only"
            ) from None
        yield


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """Take the port on loopback, before anything else is started."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            listener.listen()
        except OSError as error:
            raise ServiceError(
                f"Port {port} on loopback cannot be used ({error.strerror}). If a ctw ui runs "
                f"there, open the address that it printed: http://127.0.0.1:{port}/?token=... "
                f"Otherwise choose another port: ctw ui --port {port + 1}"
            ) from None
        yield listener


@contextmanager
def _tethered(module: Sequence[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a module in another process; it and all that it starts end with this block.

    What they say is added to a file.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "operations.serving.tether", *module, *QUIET],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _let_go(process)
        try:
            process.wait(WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _let_go(process: subprocess.Popen[bytes]) -> None:
    """Close the pipe that keeps a process up."""
    assert process.stdin is not None
    process.stdin.close()


def _target(code: Path) -> GrpcServerTarget:
    return GrpcServerTarget(host="localhost", port=None, socket=str(code), location_name=LOCATION)


def _await(code: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the code server answers."""
    client = DagsterGrpcClient(host="localhost", socket=str(code))
    until = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            client.ping("")
        except DagsterUserCodeUnreachableError:
            time.sleep(0.2)
        else:
            return
    raise ServiceError(f"Dagster's code server did not start; what it wrote is in {log}.")


def _answer(
    guard: Guard,
    listener: socket.socket,
    needed: dict[str, subprocess.Popen[bytes]],
    log: Path,
) -> None:
    """Answer requests until a signal comes or a process that is needed ends."""
    server = uvicorn.Server(
        uvicorn.Config(
            guard,
            log_level="warning",
            access_log=False,
            lifespan="off",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=3,
        )
    )
    for process in needed.values():
        threading.Thread(target=_end_with, args=(process, server), daemon=True).start()
    try:
        server.run(sockets=[listener])
        ended = [name for name, process in needed.items() if process.poll() is not None]
    finally:
        for process in needed.values():
            _let_go(process)
    if ended:
        raise ServiceError(
            f"Dagster's {ended[0]} has ended, so the UI has too; what it wrote is in {log}. "
            "Start it again."
        )


def _end_with(process: subprocess.Popen[bytes], server: uvicorn.Server) -> None:
    process.wait()
    server.should_exit = True
