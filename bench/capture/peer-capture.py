"""What the seeds of this project did, in the Python of the system: capture, blur, save. Prints a line of JSON.

peer-capture.py 8 JPEG: eight shots, in a process that has loaded everything.
peer-capture.py start JPEG: one, and all that it cost since the process was started.
"""
import io
import json
import os
import resource
import sys
import time

from PIL import Image, ImageFilter, ImageGrab

shots, name = sys.argv[1:]
ways = {
    "blurred JPEG": (True, "JPEG"),
    "blurred WebP": (True, "WEBP"),
    "blurred PNG": (True, "PNG"),
    "JPEG": (False, "JPEG"),
    "WebP": (False, "WEBP"),
}


def shot(blur, form):
    picture = ImageGrab.grab(xdisplay=os.environ["DISPLAY"]).convert("RGB")
    if blur:
        picture = picture.filter(ImageFilter.GaussianBlur(12))
    out = io.BytesIO()
    picture.save(out, form)
    return len(out.getvalue())


def cpu_ms():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return 1000 * (usage.ru_utime + usage.ru_stime)


way = ways[name]
size = shot(*way)
if shots == "start":
    cpus, walls = [cpu_ms()], [0]
else:
    cpus, walls = [], []
    for _ in range(int(shots)):
        before, began = cpu_ms(), time.monotonic()
        size = shot(*way)
        cpus.append(cpu_ms() - before)
        walls.append(1000 * (time.monotonic() - began))
print(json.dumps({"way": name, "cpuMs": cpus, "wallMs": walls, "bytes": size}))
