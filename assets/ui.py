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
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import uvicorn
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import GrpcServerTarget
from dagster._grpc.client import DagsterGrpcClient
from dagster_webserver.app import create_app_from_workspace_process_context

from assets.build_runs import BuildRuns
from assets.desk import Desk, beside
from assets.instance import environment, instance
from operations.desk.addresses import DESK
from operations.errors import ServiceError
from operations.home.settings import ROOT, Settings
from operations.serving.guard import Guard

LOCATION = "connect_to_work"
PATIENCE_SECONDS = 240
WAIT_SECONDS = 15
QUIET = ["--log-level", "warning"]
CODE = ["dagster", "code-server", "start", "-m", "assets.definitions", "--location-name", LOCATION]
DAEMON = ["dagster._daemon", "run"]


Announce = Callable[[str, str], None]


def serve(settings: Settings, port: int, announce: Announce) -> None:
    """Serve the UI until Ctrl-C or SIGTERM, then end every process that it started.

    `announce` is given the addresses of Dagster and of the desk, which hold the token of this
    start. Raises `ServiceError` when the port is taken or one of the processes ends.
    """
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
            _serve(taken, listener, Path(private) / "code", announce)
    except KeyboardInterrupt:
        return


def _serve(settings: Settings, listener: socket.socket, code: Path, announce: Announce) -> None:
    server = {"host": "localhost", "socket": str(code), "location_name": LOCATION}
    workspace = code.with_name("workspace.yaml")
    workspace.write_text(json.dumps({"load_from": [{"grpc_server": server}]}))
    with _tethered([*CODE, "--socket", str(code)]) as code_server:
        _await(code, code_server)
        with (
            _tethered([*DAEMON, "--workspace", str(workspace)]) as daemon,
            instance(settings) as held,
            WorkspaceProcessContext(held, _target(code)) as context,
        ):
            port, token = settings.ui_port, secrets.token_urlsafe(32)
            dagster = create_app_from_workspace_process_context(context)
            guard = Guard(beside(Desk(settings, BuildRuns(held)).app(), dagster), port, token)
            here = f"http://127.0.0.1:{port}"
            announce(f"{here}/?token={token}", f"{here}{DESK}?token={token}")
            _answer(guard, listener, {"code server": code_server, "daemon": daemon})


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
def _tethered(module: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a module in another process; it and all that it starts end with this block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "operations.serving.tether", *module, *QUIET],
        cwd=ROOT,
        stdin=subprocess.PIPE,
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


def _await(code: Path, process: subprocess.Popen[bytes]) -> None:
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
    raise ServiceError("Dagster's code server did not start; what it said is above.")


def _answer(
    guard: Guard, listener: socket.socket, needed: dict[str, subprocess.Popen[bytes]]
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
        raise ServiceError(f"Dagster's {ended[0]} has ended, so the UI has too. Start it again.")


def _end_with(process: subprocess.Popen[bytes], server: uvicorn.Server) -> None:
    process.wait()
    server.should_exit = True
