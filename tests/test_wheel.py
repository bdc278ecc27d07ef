"""The built wheel in an environment of its own: what a user gets from pip."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ASK = """
import json, rag
a = rag.answer("How many chips will Nvidia supply?")
print(json.dumps({"short": a.short, "from": rag.__file__, "quotes": [c.quote for c in a.citations]}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """A fresh environment with the wheel; its dependencies come from the index in CI, else from this environment."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", str(wheel)]
    if os.environ.get("CI"):
        install += ["--constraint", str(ROOT / ".ci" / "constraints.txt")]
    else:
        install.append("--no-deps")
        site = next((folder / "lib").glob("python*/site-packages"))
        (site / "borrowed.pth").write_text(sysconfig.get_paths()["purelib"], encoding="utf-8")
    subprocess.run(install, check=True)
    return python


def run(python, folder, *arguments):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RAG_", "PYTHON"))}
    environment = kept | {"XDG_CACHE_HOME": str(folder / "cache"), "HOME": str(folder)}
    return subprocess.run([str(python), *arguments], cwd=folder, env=environment, capture_output=True, text=True)


def test_the_wheel_answers_from_an_empty_folder(python, tmp_path):
    done = run(python, tmp_path, "-c", ASK)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert "260,000" in said["short"]
    assert str(python.parent.parent) in said["from"]
    assert said["quotes"]


def test_the_command_is_installed(python, tmp_path):
    done = subprocess.run([str(python.parent / "rag"), "--version"], capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout.startswith("rag ")


def test_the_wheel_carries_the_seeds_the_types_and_nothing_of_the_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "rag/seeds/nvidia-south-korea.txt" in names
    assert "rag/py.typed" in names
    assert "rag/web/style.css" in names
    assert not any(name.startswith(("tests/", "evals/")) for name in names)
