"""Listeners of two worktrees that move between the ports and addresses of both."""

import os
import random

from world import FOREIGN, MINE, NONE

# The soak makes more.
MOVES = int(os.environ.get("PORTCTL_MOVES", 500))
ADDRESSES = ("127.0.0.1", "::1", "127.0.0.9")


def expected(listening, port, own):
    """Of the listeners that localhost reaches, foreign if one is; without any, of those elsewhere."""
    reached = [who for who, at, address in listening if at == port and address != ADDRESSES[2]]
    counting = reached or [who for who, at, _ in listening if at == port]
    if not counting:
        return NONE
    return MINE if set(counting) == {own} else FOREIGN


def test_each_worktree_is_warned_of_the_other_after_every_random_move(world):
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    choice = random.Random(seed).choice
    a = world.repository()
    worktrees = {"a": a, "b": a.worktree()}
    services = {name: worktree.port("web") for name, worktree in worktrees.items()}
    servers = {name: world.start(worktree) for name, worktree in worktrees.items()}
    query = {
        name: {part: world.daemon.allocation(service.port)[part] for part in ("app", "instance")}
        for name, service in services.items()
    }
    listening = set()
    for _ in range(MOVES):
        name = choice("ab")
        move = (name, services[choice("ab")].port, choice(ADDRESSES))
        if move in listening:
            servers[name].close(port=move[1], address=move[2])
        else:
            servers[name].listen(move[1], move[2], share=True)
        listening ^= {move}
        for own, service in services.items():
            answer = world.daemon.get("/v1/services/web/verdict", **query[own])
            assert answer["verdict"] == expected(listening, service.port, own), (move, listening, answer)
            [held] = world.daemon.get("/v1/allocations", wide="true", port=service.port)
            assert held["verdict"] == answer["verdict"] and (held["state"] == "conflict") == (
                answer["verdict"] == FOREIGN
            ), held
