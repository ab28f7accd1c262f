"""Has LiteLLM ask a server for each answer that it is given, and writes what LiteLLM's own logging says of each call, a line each.

Arguments: the log; a JSON file of [{"task", "prompt", "answer", "kept_in"}]. Prints how many calls were logged, by which version.
"""

import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path

# No request to anywhere: prices are those that the package brings.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm
from litellm.integrations.custom_logger import CustomLogger

log, wanted = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
answers = {one["prompt"]: one["answer"] for one in wanted}


class Server(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        message = {"role": "assistant", "content": answers[asked["messages"][-1]["content"]]}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
        body = json.dumps({"id": "chatcmpl-1", "object": "chat.completion", "created": 1764000000, "model": asked["model"], "choices": [choice], "usage": usage}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Logger(CustomLogger):
    def __init__(self):
        super().__init__()
        self.lines = []
        self.more = threading.Condition()

    def log_success_event(self, kwargs, response_obj, start_time, end_time):
        with self.more:
            self.lines.append(json.dumps(kwargs["standard_logging_object"], default=str))
            self.more.notify()


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
logger = Logger()
litellm.callbacks = [logger]
litellm.telemetry = False
for one in wanted:
    litellm.completion(
        model="openai/gpt-oss-20b",
        api_base=f"http://127.0.0.1:{server.server_port}/v1",
        api_key="none",
        messages=[{"role": "system", "content": "Repair."}, {"role": "user", "content": one["prompt"]}],
        # What LiteLLM keeps of a caller's metadata: on its proxy the first, in its SDK and on the proxy the second.
        metadata={one["kept_in"]: {"task": one["task"], "outcome": "merged"}},
    )
with logger.more:
    logger.more.wait_for(lambda: len(logger.lines) == len(wanted), timeout=30)
log.write_text("".join(f"{line}\n" for line in logger.lines))
print(json.dumps({"calls": len(logger.lines), "version": version("litellm")}))
