"""The head-end's page on a free port, in a thread, for the tests: Web(headend, clock)."""

import http.client
import json
import socket
import threading
import time

import uvicorn

from tools.headend.api import make_app

START_S = 20


class Web:
    """A context manager; `url` is its address, `desk` what it stands on."""

    def __init__(self, headend, clock, **options):
        self.app = make_app(headend, clock, **options)
        self.desk = self.app.state.desk
        self.door = socket.socket()
        self.door.bind(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        config = uvicorn.Config(self.app, log_level="error", lifespan="off")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, args=([self.door],), daemon=True)

    def __enter__(self):
        self.thread.start()
        end_s = time.monotonic() + START_S
        while not self.server.started:
            assert time.monotonic() < end_s and self.thread.is_alive(), "the page did not start"
            time.sleep(0.01)
        return self

    def __exit__(self, *_):
        self.server.should_exit = True
        self.thread.join(START_S)
        self.door.close()

    def ask(self, method, path, body=None, **headers):
        """(status, headers, text) of one request; `headers` in place of the usual ones."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {
            "Host": f"127.0.0.1:{self.port}",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        line.request(method, path, body, sent)
        answer = line.getresponse()
        text = answer.read().decode()
        line.close()
        return answer.status, answer.headers, text

    def get(self, path):
        """The JSON of a path that must be there."""
        status, _, text = self.ask("GET", path)
        assert status == 200, text
        return json.loads(text)

    def post(self, path, body, wanted=201):
        status, _, text = self.ask("POST", path, body)
        assert status == wanted, text
        return json.loads(text)
