"""llama.cpp's own server over a model's file, until it is told to stop. Usage: serve.py MODEL NAME PORT [SLOTS]"""
import signal
import sys

import xllamacpp

params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.model_alias = {sys.argv[2]}
params.hostnames = ["127.0.0.1"]
params.port = int(sys.argv[3])
params.n_parallel = int(sys.argv[4]) if len(sys.argv) > 4 else 1
params.n_ctx = 32768 * params.n_parallel
params.cpuparams.n_threads = 1
server = xllamacpp.Server(params)
print(f"listening on {server.listening_address}", flush=True)
signal.sigwait({signal.SIGTERM, signal.SIGINT})
