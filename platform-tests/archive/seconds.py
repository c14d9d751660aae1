"""Prints how many seconds a node took, from the table that the batch executor prints at the end."""
import re
import sys

found = None
for line in open(sys.argv[1], encoding="utf-8", errors="replace"):
    row = re.match(re.escape(sys.argv[2]) + r".*?  EXECUTED\s+([\d:.]+) (s|min|h)\b", line)
    if row:
        found = 0.0
        for part in row.group(1).split(":"):
            found = found * 60 + float(part)
if found is None:
    sys.exit("no time of " + sys.argv[2])
print(found)
