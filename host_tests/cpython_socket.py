"""Importing it gives CPython's sockets what MicroPython's streams have: readinto() and write().

None stands for EAGAIN, as there. Source: MicroPython documentation, socket and io.
"""

import socket


def readinto(made, buf):
    try:
        return made.recv_into(buf)
    except BlockingIOError:
        return None


def write(made, data):
    try:
        return made.send(data)
    except BlockingIOError:
        return None


class StreamSocket(socket.socket):
    readinto = readinto
    write = write


socket.socket = StreamSocket
