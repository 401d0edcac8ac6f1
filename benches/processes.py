"""Whole processes, measured from outside: wall time, instructions, peak memory."""

import os
import re
import shutil
import statistics
import subprocess
import time

# What runs longer than this is started less often, in seconds, and its instructions are not counted.
LONG = 0.02
RUNS_OF_LONG_ONES = 7


class Command:
    """A command under test, and what was measured of it."""

    def __init__(self, label, arguments, environment):
        self.label = label
        self.arguments = [str(argument) for argument in arguments]
        self.environment = {name: str(value) for name, value in environment.items()}
        self.seconds = []
        self.ratios = []
        self.instructions = None
        self.kilobytes = None

    def run(self, outputs):
        """Runs it and returns how long it took. posix_spawn copies no memory of this process."""
        start = time.perf_counter_ns()
        child = os.posix_spawn(self.arguments[0], self.arguments, self.environment, file_actions=outputs)
        _, status = os.waitpid(child, 0)
        took = time.perf_counter_ns() - start
        if status != 0:
            self.fail()
        return took / 1e9

    def fail(self):
        again = subprocess.run(
            self.arguments, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        raise SystemExit(f"benches/run: error: {self.label} failed ({again.returncode}): {again.stderr}")

    def is_long(self):
        return statistics.median(self.seconds) > LONG

    def median(self):
        return statistics.median(self.seconds)

    def ratio(self):
        """The median of the ratios to the base of the same round: the speed of the machine cancels out."""
        return statistics.median(self.ratios)


def silence():
    """File actions that give a child /dev/null for everything. A closed stream would cost Rust's runtime an open."""
    return [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]


def measure_wall(commands, rounds):
    """Runs all commands in turn, round after round; the first command is the base of the ratios.

    The base runs right before each of the others, so that both have the machine at the same speed.
    """
    base, others = commands[0], commands[1:]
    outputs = silence()
    for command in commands:
        for _ in range(3):
            command.run(outputs)
        command.seconds.append(command.run(outputs))
    for number in range(rounds):
        for command in others:
            if number >= RUNS_OF_LONG_ONES and command.is_long():
                continue
            base_took = base.run(outputs)
            took = command.run(outputs)
            base.seconds.append(base_took)
            command.seconds.append(took)
            command.ratios.append(took / base_took)
    base.ratios.append(1.0)


def count_instructions(command):
    """Counts a command's instructions with callgrind, if it is there."""
    if shutil.which("valgrind") is None or command.is_long():
        return
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command.arguments],
        env=command.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    counted = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or not counted:
        raise SystemExit(f"benches/run: error: valgrind failed with {command.label}: {run.stderr}")
    command.instructions = int(counted[1])


def measure_memory(command):
    """Takes the peak of a command's resident memory from GNU time, if it is there.

    A child that Python starts itself would be charged with Python's memory.
    """
    timer = "/usr/bin/time"
    if not os.access(timer, os.X_OK):
        return
    run = subprocess.run(
        [timer, "-f", "%M", *command.arguments],
        env=command.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    last = run.stderr.strip().rsplit("\n", 1)[-1]
    if run.returncode == 0 and last.isdigit():
        command.kilobytes = int(last)
