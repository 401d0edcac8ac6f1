"""Parses a credentials file with botocore in a loop until a file appears; prints how often.

Arguments: the credentials file, the file that ends it.
"""

import os
import sys

from botocore.configloader import raw_config_parse

path, stop = sys.argv[1:]
reads = 0
while not os.path.exists(stop):
    sections = raw_config_parse(path)
    reads += 1
    assert sections["last"] == {"name": "without an end of line"}, sections["last"]
    for name, section in sections.items():
        if name.endswith("-mfa"):
            assert len(section) in (1, 7, 8), (name, len(section))
        if name.startswith("editor-"):
            assert len(section) in (0, 7) and len(set(section.values())) <= 1, section
print(reads)
