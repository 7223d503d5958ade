"""Serves one AWS server on a free port of 127.0.0.1 for as long as standard input stays open.

The test process holds the other end of that pipe, so the server ends with it even if it is killed. The
port is printed on standard output once connections are accepted; everything else goes to the log file,
which is removed at an orderly end and so stays only when there is something to read in it.

Usage: serve.py moto|ministack LOG
"""

import os
import socket
import sys
import threading


def end_with_stdin(log):
    while os.read(0, 1024):
        pass
    try:
        os.unlink(log)
    finally:
        os._exit(0)


def announce(port):
    """Tells the port to the test process, which reads one line and then no more."""
    os.write(1, f"{port}\n".encode())
    os.dup2(2, 1)


def serve_moto():
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    announce(server.get_host_and_port()[1])
    threading.Event().wait()


def serve_ministack():
    # Its own main takes a port number, which another process could take first: it gets a socket instead.
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    port = listener.getsockname()[1]
    os.environ["BIND_HOST"] = "127.0.0.1"
    os.environ["GATEWAY_PORT"] = str(port)

    import asyncio

    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.app import app

    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    announce(port)
    asyncio.run(serve(app, config))


def main():
    kind, log = sys.argv[1:]
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 2)
    threading.Thread(target=end_with_stdin, args=(log,), daemon=True).start()
    {"moto": serve_moto, "ministack": serve_ministack}[kind]()


main()
