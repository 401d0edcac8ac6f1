"""Reads shared files with botocore: a JSON list of them on stdin, what it made of each on stdout."""

import json
import pathlib
import sys
import tempfile

from botocore import configloader


def values(group, sections):
    for section, settings in sections.items():
        for key, value in settings.items():
            if isinstance(value, dict):
                yield [group, section, key, None, ""]
                for nested, text in value.items():
                    yield [group, section, key, nested, text]
            else:
                yield [group, section, key, None, value]


def read(kind, path):
    try:
        if kind == "config":
            loaded = configloader.load_config(path)
        else:
            loaded = {"profiles": configloader.raw_config_parse(path)}
    except Exception as error:
        cause = getattr(error, "kwargs", {}).get("error", error)
        return {"refused": f"{type(cause).__name__}: {cause}"}
    groups = {name: loaded.get(name, {}) for name in ("profiles", "sso_sessions", "services")}
    return {
        "names": [[group, name] for group, sections in groups.items() for name in sections],
        "values": [value for group, sections in groups.items() for value in values(group, sections)],
    }


with tempfile.TemporaryDirectory() as directory:
    path = pathlib.Path(directory, "file")
    readings = []
    for file in json.load(sys.stdin):
        path.write_bytes(bytes.fromhex(file["bytes"]))
        readings.append(read(file["kind"], str(path)))
json.dump(readings, sys.stdout)
