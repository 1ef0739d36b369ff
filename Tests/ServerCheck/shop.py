"""A shop in a folder of its own, and servers that answer for it; what the checks of `cloze serve` share."""
import http.client, json, os, shutil, signal, socket, subprocess, sys, tempfile, threading, time

cloze = os.path.abspath(sys.argv[1])
work = tempfile.mkdtemp(prefix="cloze-server-")
SMALL = ["--set", "model.hidden=16", "--set", "model.layers=1", "--set", "stages.0.epochs=1"]
WORDS = ["amber", "birch", "copper", "delta", "ember", "flint", "garnet", "hazel", "iris", "juniper"]


def run(*words, says=""):
    done = subprocess.run([cloze, *words], cwd=work, capture_output=True)
    assert done.returncode == 0 and says in done.stderr.decode(), (words, done.stderr.decode())
    return done.stdout


def title(item):
    """What an item of the shop is called: i12 is Copper birch 12."""
    number = int(item[1:])
    return f"{WORDS[number % 10].capitalize()} {WORDS[number // 10 % 10]} {number}"


def make(users):
    """A store with a log and titles, and two small models of it, model0 and model1; model is the first."""
    run("synthesize", "log.csv", "--users", str(users), "--items", "120", "--clusters", "6", "--length", "12")
    rows = open(f"{work}/log.csv").read().splitlines()
    ids = sorted({row.split(",")[1] for row in rows[1:]})
    names = {name: f"i{number}" for number, name in enumerate(ids)}
    with open(f"{work}/named.csv", "w") as file:
        file.write(rows[0] + "\n" + "".join(f"{u},{names[i]},{t}\n" for u, i, t in (row.split(",")[:3] for row in rows[1:])))
    seen = dict.fromkeys(row.split(",")[0] for row in rows[1:])
    with open(f"{work}/users.csv", "w") as file:
        file.write("user\n" + "\n".join(seen) + "\n")
    with open(f"{work}/items.csv", "w") as file:
        file.write("item,title\n" + "".join(f"{name},{title(name)}\n" for name in names.values()))
    run("import", "named.csv", "--store", "shop.sqlite")
    run("import-items", "items.csv", "--store", "shop.sqlite")
    for number in range(2):
        run("train", "shop.sqlite", "--model", f"model{number}", *SMALL, "--set", f"seed={number + 1}")
    shutil.copytree(f"{work}/model0", f"{work}/model")


def end():
    """Ends what still runs and takes the folder away."""
    for process in Server.all:
        if process.poll() is None:
            process.kill()
    shutil.rmtree(work, ignore_errors=True)


class Server:
    """A process that listens on a port of its own choice."""
    all = []

    def __init__(self, *words, model="model"):
        self.process = subprocess.Popen(
            [cloze, "serve", model, "--port", "0", "--threads", "2", *words], cwd=work, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE)
        Server.all.append(self.process)
        self.lines = []
        for line in self.process.stderr:
            self.lines.append(line.decode())
            if "listening on http" in self.lines[-1]:
                break
        assert self.process.poll() is None and "listening on http" in self.lines[-1], self.lines
        self.port = int(self.lines[-1].rsplit(":", 1)[1])
        threading.Thread(target=lambda: self.lines.extend(l.decode() for l in self.process.stderr), daemon=True).start()

    def says(self, words, seconds=60):
        """Waits until a line of its log has these words."""
        end = time.monotonic() + seconds
        while not any(words in line for line in list(self.lines)):
            assert time.monotonic() < end and self.process.poll() is None, (words, self.lines)
            time.sleep(0.05)

    def connection(self, timeout=60):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def ask(self, method, path, body=None, headers={}, connection=None):
        link = connection or self.connection()
        data = json.dumps(body).encode() if isinstance(body, (dict, list)) else body
        link.request(method, path, data, {"content-type": "application/json", **headers} if data is not None else headers)
        answer = link.getresponse()
        text = answer.read()
        if connection is None:
            link.close()
        return answer.status, text

    def raw(self, data, timeout=20):
        """What comes back for bytes as they are, until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as link:
            link.sendall(data)
            link.shutdown(socket.SHUT_WR)
            parts = []
            try:
                while part := link.recv(65536):
                    parts.append(part)
            except ConnectionResetError:
                pass
            return b"".join(parts)

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        code = self.process.wait(60)
        assert code == 0, (code, self.lines)


def done(what):
    print(f"test-server: {what}", flush=True)
