"""`make bench`: every benchmark in turn."""

import runpy

for name in ("bench.pipeline", "bench.disclosure", "bench.cell_key"):
    print(f"\n{name}", flush=True)
    runpy.run_module(name, run_name="__main__")
