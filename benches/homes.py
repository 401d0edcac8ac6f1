"""Homes with shared files as people have them, in which a session is good from now on."""

import random
import string
from datetime import datetime, timedelta, timezone

# Lengths as AWS gives them out.
KEY_ID = string.ascii_uppercase + string.digits
BASE64 = string.ascii_letters + string.digits + "+/"
SERIAL = "arn:aws:iam::123456789012:mfa/ada"


def moment(after=timedelta()):
    """A moment counted from now, as daypass and AWS write it."""
    return (datetime.now(timezone.utc) + after).strftime("%Y-%m-%dT%H:%M:%SZ")


def words(alphabet, length, random_source):
    return "".join(random_source.choices(alphabet, k=length))


def key_section(name, key_id, random_source):
    secret = words(BASE64, 40, random_source)
    return f"[{name}]\naws_access_key_id = {key_id}\naws_secret_access_key = {secret}\n\n"


def session_section(name, key_id, random_source):
    """A session of eight hours, made this moment."""
    return (
        f"[{name}]\n"
        f"aws_access_key_id = ASIA{words(KEY_ID, 16, random_source)}\n"
        f"aws_secret_access_key = {words(BASE64, 40, random_source)}\n"
        f"aws_session_token = {words(BASE64, 380, random_source)}\n"
        f"expiration = {moment(timedelta(hours=8))}\n"
        f"daypass_mfa_time = {moment()}\n"
        f"daypass_mfa_serial = {SERIAL}\n"
        f"daypass_source_access_key_id = {key_id}\n\n"
    )


def profile_section(name, serial, program, more=""):
    return (
        f"[profile {name}]\nregion = eu-west-1\noutput = json\nmfa_serial = {serial}\n"
        f"credential_process = {program} credential-process {name}\n{more}\n"
    )


def role_section(name, program):
    return (
        f"[profile {name}]\nrole_arn = arn:aws:iam::210987654321:role/{name}\nsource_profile = work\n"
        f"region = eu-west-1\ncredential_process = {program} credential-process {name}\n\n"
    )


def write(home, config, credentials):
    """Writes both shared files of a home and returns the home."""
    directory = home / ".aws"
    directory.mkdir(parents=True)
    (directory / "config").write_text(config)
    (directory / "credentials").touch(mode=0o600)
    (directory / "credentials").write_text(credentials)
    return home


def logged_in(home, profiles, program, sessions=None):
    """A home with this many profiles, of which so many (all, if not said) have a key and a session of their own
    and the others are roles; `work` is in the middle of both files."""
    source = random.Random(profiles)
    sessions = profiles if sessions is None else sessions
    first = (profiles - sessions) // 2
    config, credentials = "", ""
    for number in range(profiles):
        name = "work" if number == profiles // 2 else f"team-{number}"
        if not first <= number < first + sessions:
            config += role_section(name, program)
            continue
        key_id = "AKIA" + words(KEY_ID, 16, source)
        config += profile_section(name, SERIAL, program)
        credentials += key_section(f"{name}-long-term", key_id, source)
        credentials += session_section(f"{name}-mfa", key_id, source)
    return write(home, config, credentials)


def for_aws_mfa(home, profiles, program):
    """The same with a session in the section and the format of aws-mfa."""
    logged_in(home, profiles, program)
    source = random.Random(0)
    key_id = "AKIA" + words(KEY_ID, 16, source)
    expiry = datetime.now(timezone.utc) + timedelta(hours=8)
    with open(home / ".aws" / "credentials", "a", encoding="ascii") as file:
        file.write(key_section("peer-long-term", key_id, source))
        file.write(
            "[peer]\n"
            "assumed_role = False\n"
            f"aws_access_key_id = ASIA{words(KEY_ID, 16, source)}\n"
            f"aws_secret_access_key = {words(BASE64, 40, source)}\n"
            f"aws_session_token = {words(BASE64, 380, source)}\n"
            f"aws_security_token = {words(BASE64, 380, source)}\n"
            f"expiration = {expiry.strftime('%Y-%m-%d %H:%M:%S')}\n"
        )
    return home
