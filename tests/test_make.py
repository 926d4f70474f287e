"""What make says where no Python can be used: in a copy that has no environment yet."""

import os
import shutil
import subprocess

from operations.home.settings import ROOT

SHIM = """#!/bin/sh
echo "pyenv: python3: command not found" >&2
echo "The python3 command exists in these Python versions: 3.12.1" >&2
exit 127
"""
OLD = """#!/bin/sh
[ "$1" = --version ] && echo "Python 3.9.2" && exit 0
exit 1
"""


def made(folder, script, place):
    """Run make with a `python3` of this content in `place`."""
    program = folder / place / "python3"
    program.parent.mkdir(parents=True)
    program.write_text(script)
    program.chmod(0o755)
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path}
    environment.pop("PYTHON", None)
    words = ["make", "release"]
    return subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_a_shim_of_pyenv_without_a_version_is_named_with_what_to_do(tmp_path):
    done = made(tmp_path, SHIM, ".pyenv/shims")
    assert done.returncode != 0
    assert "found no Python that runs as python3." in done.stdout
    assert "python3 is a shim of pyenv" in done.stdout
    assert "pyenv local 3.13" in done.stdout
    assert "command not found" not in done.stdout + done.stderr


def test_an_old_python_is_named_with_what_to_do(tmp_path):
    done = made(tmp_path, OLD, "bin")
    assert done.returncode != 0
    assert "Python 3.11 to 3.13 is needed; found Python 3.9.2." in done.stdout
    assert "make PYTHON=python3.13 release" in done.stdout
