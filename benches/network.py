"""What asks AWS, which is the sandbox here: the cold login, and a crowd that finds no session."""

import os
import shlex
import statistics
import subprocess
import time
import urllib.parse
import urllib.request

import homes


class Sandbox:
    """A sandbox, ended by closing its standard input."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.variables = {}
        while "DAYPASS_SANDBOX_MFA_SEED" not in self.variables:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit("benches/run: error: the sandbox did not start")
            name, value = shlex.split(line)[1].split("=", 1)
            self.variables[name] = value

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.communicate()

    def ask(self, path, **query):
        address = f"{self.variables['DAYPASS_SANDBOX_CONTROL']}{path}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(address) as answer:
            return answer.read().decode().strip()

    def add_user(self, name):
        """Adds a user with a device; a user of its own for each login, since a device's code is good once."""
        lines = self.ask("/user", name=name, mfa_age_limit=8 * 3600).splitlines()
        return dict(line.split("=", 1) for line in lines)

    def environment(self, home):
        for_aws = {name: value for name, value in self.variables.items() if name.startswith("AWS_")}
        return {"HOME": str(home), "PATH": os.defpath, **for_aws}


def home_of(user, directory, program, more=""):
    config = homes.profile_section("work", user["mfa_serial"], program, more)
    credentials = (
        f"[work-long-term]\naws_access_key_id = {user['access_key_id']}\n"
        f"aws_secret_access_key = {user['secret_access_key']}\n"
    )
    return homes.write(directory, config, credentials)


def check(ended, what):
    if ended.returncode != 0:
        raise SystemExit(f"benches/run: error: {what} failed: {ended.stderr}")


def cold_logins(sandbox, program, directory, count):
    """Returns the seconds that each of several first logins took, each of another user."""
    seconds = []
    for number in range(count):
        user = sandbox.add_user(f"login-{number}")
        home = home_of(user, directory / f"login-{number}", program)
        code = sandbox.ask("/code", user=f"login-{number}", fresh=1)
        line = [program, "login", "work", "--code", code]
        start = time.perf_counter()
        run = subprocess.run(line, env=sandbox.environment(home), capture_output=True, text=True, check=False)
        seconds.append(time.perf_counter() - start)
        check(run, "login")
    return statistics.median(seconds)


def crowd(sandbox, program, directory, size):
    """Starts many credential-process at once where the session has expired and a command gives codes.

    Returns the seconds until the last was served, and how often AWS was asked for a session.
    """
    user = sandbox.add_user("crowd")
    code = sandbox.ask("/code", user="crowd", fresh=1)
    home = home_of(user, directory / "crowd", program, f"mfa_process = echo {code}\n")
    expired = homes.session_section("work-mfa", user["access_key_id"], homes.random.Random(0))
    expired = expired.replace("expiration = 2", "expiration = 1")
    with open(home / ".aws" / "credentials", "a", encoding="ascii") as file:
        file.write(expired.replace(homes.SERIAL, user["mfa_serial"]))
    before = int(sandbox.ask("/calls", action="GetSessionToken"))
    environment = sandbox.environment(home)
    start = time.perf_counter()
    callers = [
        subprocess.Popen(
            [program, "credential-process", "work"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(size)
    ]
    outputs = {caller.communicate()[0] for caller in callers}
    took = time.perf_counter() - start
    if len(outputs) != 1 or any(caller.returncode != 0 for caller in callers):
        raise SystemExit("benches/run: error: the crowd was not served with one session")
    return took, int(sandbox.ask("/calls", action="GetSessionToken")) - before
