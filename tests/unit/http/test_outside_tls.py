"""Over TLS the name that was asked for is proved, wherever the connection goes."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from dom.errors import Busy
from dom.http import outside
from dom.http.outside import post

HOST = "hooks.example.com"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a certificate for the host, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    text = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path_factory.mktemp("tls") / "host.pem"
    path.write_bytes(text + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def serving(certificate: Path, said: bytes, seen: list[bytes]) -> Iterator[int]:
    """The port of somebody who answers one request so; `seen` is the request."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            connection = context.wrap_socket(server.accept()[0], server_side=True)
            with connection:
                seen.append(connection.recv(65536))
                connection.sendall(said)
                while connection.recv(65536):
                    pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        server.close()
        thread.join(2)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name leads to this machine, which counts as the Internet."""
    resolve = socket.getaddrinfo

    def resolved(_: str, port: int, *more: int, **rest: int) -> object:
        return resolve("127.0.0.1", port, *more, **rest)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    monkeypatch.setattr(outside, "is_public", lambda _: True)


@pytest.mark.usefixtures("here")
def test_who_proves_its_name_gets_the_request(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    seen: list[bytes] = []
    with serving(certificate, b"HTTP/1.1 202 Accepted\r\n\r\n", seen) as port:
        assert post(f"https://{HOST}:{port}/x?y=1", b"{}", {"X-A": "b"}).status == 202
    (request,) = seen
    assert request.startswith(b"POST /x?y=1 HTTP/1.1\r\n")
    assert f"Host: {HOST}:{port}\r\n".encode() in request


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", [HOST, "other.example.com"])
def test_who_cannot_prove_it_gets_nothing(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    if name != HOST:  # else nobody vouches for it
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    seen: list[bytes] = []
    with serving(certificate, b"", seen) as port, pytest.raises(Busy, match="SSLCert"):
        post(f"https://{name}:{port}/x", b"{}", {})
    assert seen == []


@pytest.mark.usefixtures("here")
def test_a_handshake_and_an_answer_that_never_come_are_not_waited_for(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "SECONDS", 0.4)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    began = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as hangs, pytest.raises(Busy):
        post(f"https://{HOST}:{hangs.getsockname()[1]}/x", b"{}", {})
    with serving(certificate, b"HTTP/1.1 200 OK\r\n", []) as port, pytest.raises(Busy):
        post(f"https://{HOST}:{port}/x", b"{}", {})
    assert time.monotonic() - began < 3
