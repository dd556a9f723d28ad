#!/usr/bin/env python3
"""A crowd for benchmarks: COUNT processes with FILES open files each, half of them sockets, and a server beside them.

Usage: crowd.py COUNT FILES. Prints the server's port when all run, and ends them when standard input ends.
"""

import os
import signal
import socket
import sys

count, files = int(sys.argv[1]), int(sys.argv[2])
server = socket.create_server(("127.0.0.1", 0))
ready, done = os.pipe()
children = []
for _ in range(count):
    child = os.fork()
    if child == 0:
        server.close()
        os.close(ready)
        held = [os.open("/dev/null", os.O_RDONLY) for _ in range(files // 2)]
        held += [socket.socket() for _ in range(files // 2)]
        os.write(done, b".")
        while True:
            signal.pause()
    children.append(child)
arrived = 0
while arrived < count:
    arrived += len(os.read(ready, 4096))
print(server.getsockname()[1], flush=True)
sys.stdin.read()
for child in children:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
