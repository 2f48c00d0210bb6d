"""What the measures of the hub share: a hub on a folder, senders of alerts through its ingest socket, a client of its API."""
import collections, http.client, json, os, signal, socket, struct, subprocess, sys, threading, time

BATCH = 1000
WINDOW = 4
HELLO, WELCOME, REFUSED, BATCHED, STORED = 1, 2, 3, 4, 5


class Hub:
    """`vigil hub` on a folder, killed and started again where it is told to."""

    def __init__(self, vigil, folder):
        self.vigil, self.folder, self.process, self.peak = vigil, folder, None, 0
        self.config = os.path.join(folder, "vigil.yaml")
        self.ingest = os.path.join(folder, "data/ingest/ingest.sock")
        self.api = os.path.join(folder, "data/run/api.sock")
        self.resident = []
        with open(self.config, "w") as file:
            file.write(f"data: {folder}/data\nsensor: {{enabled: no}}\nscan: {{enabled: no}}\n")

    def start(self):
        self.process = subprocess.Popen(
            [self.vigil, "hub", "--config", self.config], stdout=subprocess.PIPE, stderr=open(self.folder + "/hub.log", "a"),
            text=True)
        for line in self.process.stdout:
            if "hub ready on" in line:
                return
        sys.exit(f"storm: the hub did not start: {open(self.folder + '/hub.log').read()[-2000:]}")

    def kill(self):
        self.watch()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self):
        self.watch()
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            sys.exit("storm: the hub does not end")

    def watch(self):
        """Resident memory, in KiB."""
        try:
            with open(f"/proc/{self.process.pid}/status") as file:
                fields = dict(line.split(":", 1) for line in file if ":" in line)
            self.resident.append(int(fields["VmRSS"].split()[0]))
            self.peak = max(self.peak, int(fields["VmHWM"].split()[0]))
        except (OSError, KeyError):
            pass


class Plan:
    """Alert n of the storm: its rule, victim and source follow from n, its flow id is n."""

    def __init__(self, options):
        self.keys, self.sources = max(options.keys, 1), max(options.sources, 1)
        self.rules = max(1, min(200, self.keys // 100 or 1))

    def line(self, number, now):
        key = number * 7919 % self.keys
        rule, victim = key % self.rules, key // self.rules
        source = number * 104729 % self.sources
        severity = 1 + rule % 4
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1e6):06d}+0000"
        return (
            f'{{"timestamp":"{stamp}","flow_id":{number},"event_type":"alert",'
            f'"src_ip":"11.{source >> 16 & 255}.{source >> 8 & 255}.{source & 255}","src_port":{1024 + number % 60000},'
            f'"dest_ip":"10.{victim >> 16 & 255}.{victim >> 8 & 255}.{victim & 255}","dest_port":443,"proto":"TCP",'
            f'"alert":{{"action":"allowed","gid":1,"signature_id":{3000000 + rule},"rev":1,'
            f'"signature":"STORM rule {rule}: exploit of a service","category":"attack","severity":{severity}}},'
            f'"http":{{"hostname":"h{victim}.example","url":"/cgi/{number % 5000}?q=1","status":{200 if number % 3 else 404}}}}}'
        ).encode()


class Sender(threading.Thread):
    """One role: holds each alert until the hub says that it is stored, and comes back with it when the hub was away."""

    def __init__(self, hub, plan, index, boot=None):
        super().__init__(daemon=True)
        self.hub, self.plan = hub, plan
        self.source, self.boot = f"storm-{index}", boot or index + 1
        self.held = collections.deque()     # (sequence, number, line), oldest first
        self.lock = threading.Lock()
        self.sequence = self.acknowledged = self.given = 0
        self.waits, self.over, self.refusals = [], threading.Event(), 0

    def give(self, numbers):
        now = time.time()
        lines = [(number, self.plan.line(number, now)) for number in numbers]
        with self.lock:
            for number, line in lines:
                self.sequence += 1
                self.held.append((self.sequence, number, line))
            self.given += len(lines)

    def run(self):
        while not self.over.is_set():
            try:
                self.talk()
            except (OSError, ConnectionError):
                time.sleep(0.02)

    def talk(self):
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        wire.settimeout(60)
        wire.connect(self.hub.ingest)
        with wire:
            hello = dict(version=1, role="sensor", source=self.source, boot=self.boot, pid=os.getpid())
            self.say(wire, HELLO, json.dumps(hello).encode())
            kind, body = self.hear(wire)
            if kind != WELCOME:
                raise ConnectionError(body)
            for mark in json.loads(body)["marks"]:
                if mark["source"] == self.source and mark["boot"] == self.boot:
                    self.drop(mark["last"])
            sent, waiting = self.acknowledged, collections.deque()
            while not self.over.is_set():
                batch = self.next(sent) if len(waiting) < WINDOW else []
                if batch:
                    self.say(wire, BATCHED, self.packed(batch))
                    sent = batch[-1][0]
                    waiting.append((sent, time.monotonic()))
                    continue
                if not waiting:
                    time.sleep(0.005)
                    continue
                kind, body = self.hear(wire)
                if kind == REFUSED:
                    self.refusals += 1
                    raise ConnectionError(body)
                if kind == STORED:
                    last = json.loads(body)["last"]
                    self.drop(last)
                    while waiting and waiting[0][0] <= last:
                        self.waits.append(time.monotonic() - waiting.popleft()[1])

    def next(self, sent):
        with self.lock:
            first = sent - self.acknowledged
            return [self.held[i] for i in range(first, min(first + BATCH, len(self.held)))]

    def drop(self, last):
        with self.lock:
            while self.held and self.held[0][0] <= last:
                self.held.popleft()
            self.acknowledged = max(self.acknowledged, last)

    def packed(self, batch):
        source = self.source.encode()
        parts = [struct.pack(">B", len(source)), source, struct.pack(">QQI", self.boot, batch[0][0], len(batch))]
        for _, _, line in batch:
            parts.append(struct.pack(">BI", 1, len(line)) + line)
        return b"".join(parts)

    @staticmethod
    def say(wire, kind, body):
        wire.sendall(struct.pack(">IB", len(body) + 1, kind) + body)

    @staticmethod
    def hear(wire):
        def read(count):
            data = bytearray()
            while len(data) < count:
                piece = wire.recv(count - len(data))
                if not piece:
                    raise ConnectionError("closed")
                data += piece
            return bytes(data)
        length, kind = struct.unpack(">IB", read(5))
        return kind, read(length - 1)


class Caller:
    """The API over its Unix socket; each call's time is kept under its name."""

    def __init__(self, hub):
        self.hub, self.times, self.failures, self.firsts = hub, collections.defaultdict(list), 0, []
        self.slow = []      # (when, how long) of acts over 100 ms

    def call(self, name, method, path, body=None):
        connection = http.client.HTTPConnection("vigil", timeout=60)
        connection.connect = lambda: setattr(connection, "sock", self.wire())
        start = time.monotonic()
        try:
            connection.request(method, "/v1" + path, json.dumps(body) if body else None, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            data = json.loads(answer.read())
            if answer.status != 200:
                self.failures += 1
                self.firsts.append(f"{path}: {data}")
                return None
            spent = time.monotonic() - start
            self.times[name].append(spent)
            if name == "act" and spent > 0.1:
                self.slow.append((start, spent))
            return data
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            connection.close()

    def wire(self):
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        wire.settimeout(60)
        wire.connect(self.hub.api)
        return wire


def figures(times):
    if not times:
        return None
    times = sorted(times)
    at = lambda share: round(1000 * times[min(int(len(times) * share), len(times) - 1)], 1)
    return dict(count=len(times), p50=at(0.5), p99=at(0.99), most=round(1000 * times[-1], 1))


def feed(options, senders):
    """Hands over the burst, then the steady rain."""
    for index, sender in enumerate(senders):
        sender.give(range(1 + index, options.burst + 1, len(senders)))
    number, start = options.burst, time.monotonic()
    total = int(options.rate * options.seconds)
    while number < options.burst + total:
        due = options.burst + min(total, int((time.monotonic() - start) * options.rate))
        for index, sender in enumerate(senders):
            fresh = [n for n in range(number + 1, due + 1) if n % len(senders) == index]
            if fresh:
                sender.give(fresh)
        number = max(number, due)
        time.sleep(0.05)
    return number


def settle(senders, patience):
    """Waits until the hub has said *stored* of everything; whether it has."""
    end = time.monotonic() + patience
    while time.monotonic() < end and any(sender.held for sender in senders):
        time.sleep(0.05)
    return not any(sender.held for sender in senders)
