"""The suite cannot reach beyond this machine."""

from __future__ import annotations

import socket

import pytest

refused = pytest.raises(pytest.fail.Exception, match="reached for the network")


def test_a_connection_to_another_machine_is_refused():
    with socket.socket() as client, refused:
        client.connect(("192.0.2.1", 80))


def test_a_connection_over_ipv6_is_refused():
    with socket.socket(socket.AF_INET6) as client, refused:
        client.connect(("2001:db8::1", 80))


def test_a_datagram_to_another_machine_is_refused():
    with socket.socket(type=socket.SOCK_DGRAM) as client, refused:
        client.sendto(b"", ("192.0.2.1", 53))


def test_a_look_up_of_a_name_is_refused():
    with refused:
        socket.getaddrinfo("example.org", 443)


def test_listening_to_other_machines_is_refused():
    with socket.socket() as server, refused:
        server.bind(("192.0.2.1", 0))


def test_a_server_on_this_machine_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = ("localhost", server.getsockname()[1])
        with socket.create_connection(address) as client:
            server.accept()[0].close()
            assert client.recv(1) == b""
