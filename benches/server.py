"""A model server for measurements: on loopback, as fast as a script can be, its answers told by the path.

`/text/BYTES/…` and `/list/BYTES/…` answer with one document, `/chat/EVENTS/…`, `/varied/EVENTS/…` and
`/responses/EVENTS/…` with a stream. Used by `.ci/budget` and `benches/compare`.
"""

import os
import socketserver
import ssl
import threading

MIB = 1024 * 1024
TLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "fixtures", "tls")
TOKENS = ["The", " quick", " brown", " fox", ",", " café", " said", ' \\"yes\\"', " \\n", " 🦀"]
HEAD = "HTTP/1.1 200 OK\r\nContent-Type: {}\r\n{}\r\n\r\n"
CHAT = ('data: {"id":"chatcmpl-0123456789abcdefghijklmno","object":"chat.completion.chunk","created":1700000000,'
        '"model":"m","service_tier":"default","system_fingerprint":"fp_0123456789",'
        '"choices":[{"index":0,"delta":{"content":"TOKEN"},"logprobs":null,"finish_reason":null}]VARYING}\n\n')
RESPONSES = ('event: response.output_text.delta\ndata: {"type":"response.output_text.delta","sequence_number":NUMBER,'
             '"item_id":"msg_0123456789","output_index":0,"content_index":0,"delta":"TOKEN","logprobs":[]VARYING}\n\n')
END = {
    "chat": 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
    "responses": 'data: {"type":"response.completed","response":{"id":"r","status":"completed","output":[]}}\n\n',
}
ITEM = '{\\"name\\":\\"Ada\\",\\"age\\":36,\\"note\\":\\"wrote the first program\\",\\"tags\\":[\\"a\\",\\"b\\"]}'


def events(kind, count):
    """The events of a stream with `count` tokens: alike but for the token (`chat`), or with a second difference, as
    OpenAI's (`varied`, `responses`)."""
    for number in range(count):
        event = RESPONSES if kind == "responses" else CHAT
        event = event.replace("TOKEN", TOKENS[number % len(TOKENS)]).replace("NUMBER", str(number + 4))
        yield event.replace("VARYING", "" if kind == "chat" else f',"obfuscation":"{number:08x}"')
    yield END.get(kind, END["chat"])


class Handler(socketserver.StreamRequestHandler):
    """Reads one request and answers as its path says."""

    def handle(self):
        try:
            self.answer()
        except ConnectionError:
            # The client was content with less.
            pass

    def answer(self):
        """Drops the body, then answers."""
        _, kind, size, *_ = self.rfile.readline().split()[1].decode().split("/")
        left = 0
        while (line := self.rfile.readline().strip()):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                left = int(value)
            if name.lower() == b"expect":
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        while left:
            left -= len(self.rfile.read(min(left, MIB)))
        if kind in ("text", "list"):
            self.whole(kind, int(size))
        else:
            self.stream(kind, int(size))

    def whole(self, kind, size):
        """One document whose content has about `size` bytes: words, or a list of people."""
        if kind == "text":
            content = ("word " * (size // 5)).encode()
        else:
            content = b"[%s]" % b",".join([ITEM.encode()] * (size // len(ITEM)))
        parts = (b'{"choices":[{"index":0,"message":{"content":"', content, b'"},"finish_reason":"stop"}]}')
        length = sum(map(len, parts))
        self.wfile.write(HEAD.format("application/json", f"Content-Length: {length}").encode())
        for part in parts:
            self.wfile.write(part)

    def stream(self, kind, count):
        """A stream, many events in one write, as a fast server's reach a client."""
        for block in self.server.blocks(kind, count):
            self.wfile.write(block)


class Server(socketserver.ThreadingTCPServer):
    """Serves until the script ends."""

    daemon_threads = True

    def __init__(self, secure=False):
        super().__init__(("127.0.0.1", 0), Handler)
        self.context, self.made = None, {}
        if secure:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(os.path.join(TLS, "server.pem"), os.path.join(TLS, "server.key"))
        self.url = f"{'https' if secure else 'http'}://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def blocks(self, kind, count):
        """A stream as it is written, a chunk an event; made once."""
        if (kind, count) not in self.made:
            block, blocks = HEAD.format("text/event-stream", "Transfer-Encoding: chunked").encode(), []
            for event in map(str.encode, events(kind, count)):
                block += b"%x\r\n%s\r\n" % (len(event), event)
                if len(block) > 60_000:
                    blocks.append(block)
                    block = b""
            self.made[kind, count] = [*blocks, block + b"0\r\n\r\n"]
        return self.made[kind, count]

    def finish_request(self, request, client_address):
        if self.context:
            request = self.context.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)
