"""Fixtures that tests share, and two guards: nothing reaches the network, nothing the user's settings or cache."""

import ipaddress
import os
import socket

import pytest
from platformdirs import user_cache_path

from rag.corpus import seeds_dir
from rag.encoding import load_encoder
from rag.pipeline import Pipeline


@pytest.fixture(scope="session", autouse=True)
def no_network():
    """Makes whatever leads away from this machine fail, and says so at the end where a library hid the failure."""
    refused = []
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def check(host):
        if not _is_here(host):
            refused.append(str(host))
            raise OSError(f"a test reached for {host}")

    def checked(method):
        def call(self, address):
            if self.family != getattr(socket, "AF_UNIX", None):
                check(address[0])
            return method(self, address)

        return call

    def checked_look_up(host, *arguments, **options):
        check(host)
        return look_up(host, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", checked(connect))
        patch.setattr(socket.socket, "connect_ex", checked(connect_ex))
        patch.setattr(socket, "getaddrinfo", checked_look_up)
        yield refused
    assert refused == []


def _is_here(host):
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost", socket.gethostname()):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


@pytest.fixture(scope="session", autouse=True)
def session_environment(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("RAG_")]:
            patch.delenv(name)
        if "PLAYWRIGHT_BROWSERS_PATH" not in os.environ:  # they lie in the cache folder too
            patch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(user_cache_path("ms-playwright")))
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def environment(tmp_path, monkeypatch):
    """A cache folder for each test alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture(scope="session")
def encoder():
    return load_encoder()


@pytest.fixture(scope="session")
def seeds_pipeline(encoder, tmp_path_factory):
    with Pipeline.build(seeds_dir(), tmp_path_factory.mktemp("seeds-index"), encoder=encoder) as pipeline:
        yield pipeline
