"""One cold start in a process of its own: `python -m benchmarks.fresh MODULE FUNCTION < event`.

Prints {"ms", "answer"}: from before the import of the module to after its first answer.
"""

import importlib
import json
import os
import sys
import time


def main(module: str, function: str) -> None:
    event = json.load(sys.stdin)
    began = time.perf_counter()
    answer = getattr(importlib.import_module(module), function)(event, None)
    took = (time.perf_counter() - began) * 1000
    print(json.dumps({"ms": took, "answer": answer}), flush=True)
    os._exit(0)  # idle threads of connection pools are not what is measured


if __name__ == "__main__":
    main(*sys.argv[1:])
