"""Stores all files of a folder by STOW-RS (PS3.18 10.5): ADDRESS CREDENTIALS-FILE FOLDER. Waits until the server is there."""
import os
import sys
import time
import urllib.error
import urllib.request

address, credentials, folder = sys.argv[1:]
token = open(credentials, encoding="utf-8").read().split("=", 1)[1].strip()
PORTION = 50


def ask(path, data=None, content_type=None):
    request = urllib.request.Request(address + path, data=data, headers={
        "Authorization": "Bearer " + token, "Accept": "application/dicom+json"})
    if content_type:
        request.add_header("Content-Type", content_type)
    with urllib.request.urlopen(request) as answer:
        return answer.status


for attempt in range(150):
    try:
        ask("/studies?limit=1")
        break
    except urllib.error.HTTPError:
        raise
    except OSError:
        if attempt == 149:
            sys.exit("the server does not answer")
        time.sleep(0.2)

files = sorted(os.path.join(at, f) for at, _, names in os.walk(folder) for f in names)
for start in range(0, len(files), PORTION):
    body = b""
    for name in files[start:start + PORTION]:
        with open(name, "rb") as f:
            body += b"--scanbridge-part\r\nContent-Type: application/dicom\r\n\r\n" + f.read() + b"\r\n"
    status = ask("/studies", body + b"--scanbridge-part--\r\n",
                 'multipart/related; type="application/dicom"; boundary=scanbridge-part')
    if status != 200:
        sys.exit("status %d" % status)
print("%d files stored" % len(files))
