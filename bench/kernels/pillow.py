"""Times Pillow's resize for kernels.mjs: `pillow.py WIDTH HEIGHT TO_WIDTH TO_HEIGHT`, the RGB bytes on stdin.

Then each line of stdin names a filter and is answered by the milliseconds of one resize; `levels FILTER` is
answered by the result's RGB bytes in base64. The first answer is Pillow's version.
"""

import base64
import sys
import time

try:
    import PIL
    from PIL import Image
except ImportError:
    print("absent", flush=True)
    sys.exit()

width, height, to_width, to_height = map(int, sys.argv[1:])
image = Image.frombytes("RGB", (width, height), sys.stdin.buffer.read(width * height * 3))
filters = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
print(PIL.__version__, flush=True)

for line in sys.stdin.buffer:
    *levels, name = line.decode().split()
    image.resize((to_width, to_height), filters[name])  # Does not count: see timeRound.
    start = time.perf_counter()
    result = image.resize((to_width, to_height), filters[name])
    elapsed = (time.perf_counter() - start) * 1000
    print(base64.b64encode(result.tobytes()).decode() if levels else elapsed, flush=True)
