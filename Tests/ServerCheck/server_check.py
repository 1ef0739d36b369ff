#!/usr/bin/env python3
"""Asks a built `cloze serve` over real sockets: python3 server_check.py CLOZE [FUZZ]

What is checked: the rows of thousands of histories are the bytes that `cloze recommend` writes; events are answered from at
once and stand in the store; models are replaced under load, by POST, SIGHUP and by looking at the disk, without a request
that fails; SIGTERM loses no request that was taken; keys guard every route but health; TLS; slow, large and malformed
requests; a full queue. Nothing but Python's own library is needed.
"""
import http.client, json, os, random, shutil, signal, socket, ssl, subprocess, sys, threading, time
from shop import SMALL, Server, cloze, done, end, make, run, title, work

fuzz = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
KEY, ADMIN = "0123456789abcdef-api", "0123456789abcdef-admin"


def rows_are_the_same():
    server = Server("--store", "shop.sqlite", "--watch", "0")
    users = [line.split(",")[0] for line in open(f"{work}/users.csv").read().splitlines()[1:]]
    for words, rules in [
        ([], {}), (["--exclude-seen", "--top", "7"], {"exclude_seen": True, "k": 7}),
        (["--probabilities", "--top", "3"], {"probabilities": True, "k": 3})]:
        expected = run("recommend", "model", "--store", "shop.sqlite", *words)
        # Everybody in calls of 500, and each alone from eight connections at once.
        together = b""
        for start in range(0, len(users), 500):
            status, text = server.ask(
                "POST", "/v1/recommend", {"requests": [{"user": u} for u in users[start:start + 500]], **rules},
                {"accept": "text/csv"})
            assert status == 200, text
            together += text if start == 0 else text.split(b"\n", 1)[1]
        assert together == expected, "many in a call differ from cloze recommend"
        alone, errors = {}, []

        def ask(part):
            link = server.connection()
            for user in part:
                status, text = server.ask(
                    "POST", "/v1/recommend", {"user": user, **rules}, {"accept": "text/csv"}, link)
                if status != 200:
                    errors.append(text)
                alone[user] = text.split(b"\n", 1)[1]
        threads = [threading.Thread(target=ask, args=(users[part::8],)) for part in range(8)]
        [t.start() for t in threads], [t.join() for t in threads]
        assert not errors, errors[:3]
        head = expected.split(b"\n", 1)[0] + b"\n"
        assert head + b"".join(alone[user] for user in users) == expected, "single calls differ from cloze recommend"
    done(f"{len(users)} histories under three rules, together and alone, give the bytes of cloze recommend")
    status, text = server.ask("POST", "/v1/events", {"events": [{"user": "zoe", "item": "i1"}, {"user": "zoe", "item": "i2"}]})
    assert status == 201, text
    status, text = server.ask("POST", "/v1/recommend", {"user": "zoe"}, {"accept": "text/csv"})
    assert text == run("recommend", "model", "--store", "shop.sqlite", "--users", "zoe", says="2 new events, 1 new user,"), text
    done("events are answered from at once, as cloze recommend does from the store, which has only grown for it")
    model_of_a_growing_store(server)
    assert b"events of" in run("check", "shop.sqlite")
    done("SIGTERM ends it with 0, the store is whole")


def sessions_that_go_on():
    """Sessions of one item more per request, in a cache that holds them, in one that does not, and without one."""
    random.seed(5)
    sessions = [[f"i{random.randrange(100)}" for _ in range(30)] for _ in range(60)]
    with open(f"{work}/sessions.jsonl", "w") as file:
        for number, session in enumerate(sessions):
            for length in range(1, 31):
                file.write(json.dumps({"user": f"{number} {length}", "items": session[:length]}) + "\n")
    expected = {}
    for line in run("recommend", "model", "--histories", "sessions.jsonl").decode().splitlines()[1:]:
        name, rest = line.split(",", 1)
        expected.setdefault(name, []).append(rest)
    for size, limit in [("256MB", 256_000_000), ("80kB", 80_000), ("0", 0)]:
        server, wrong = Server("--session-cache", size), []

        def go(part):
            link = server.connection()
            for length in range(1, 31):
                for number in range(part, 60, 8):
                    status, text = server.ask(
                        "POST", "/v1/recommend", {"items": sessions[number][:length]}, {"accept": "text/csv"}, link)
                    rows = [line.split(",", 1)[1] for line in text.decode().splitlines()[1:]]
                    if status != 200 or rows != expected[f"{number} {length}"]:
                        wrong.append((number, length, text))
        threads = [threading.Thread(target=go, args=(part,)) for part in range(8)]
        [t.start() for t in threads], [t.join() for t in threads]
        assert not wrong, wrong[:2]
        lines = [line.rsplit(" ", 1) for line in server.ask("GET", "/metrics")[1].decode().splitlines() if line[0] != "#"]
        counts = {name: float(value) for name, value in lines if name.startswith("cloze_session_cache")}
        if size == "0":
            assert not counts, counts
        else:
            known = {word: counts[f'cloze_session_cache_histories_total{{name="model",found="{word}"}}']
                     for word in ["identical", "extended", "none"]}
            assert sum(known.values()) == 1800 and known["extended"] > (1700 if size == "256MB" else 0), counts
            assert counts['cloze_session_cache_limit_bytes{name="model"}'] == limit, counts
            assert 0 < counts['cloze_session_cache_bytes{name="model"}'] <= limit, counts
        server.stop()
    done("1800 histories of sessions that go on give the bytes of cloze recommend, however much of them is kept")


def model_of_a_growing_store(server):
    """A model that is trained while events come belongs to the store all the same, however many came since."""
    def post(number, user="yan"):
        status, text = server.ask("POST", "/v1/events", {"user": user, "item": f"i{number % 100}"})
        assert status == 201, text
    [post(number) for number in range(20)]
    words = [cloze, "train", "shop.sqlite", "--model", "grown", *SMALL, "--set", "seed=3"]
    training = subprocess.Popen(words, cwd=work, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    count = 0
    while training.poll() is None:
        post(count, "xia")
        count += 1
    assert training.returncode == 0, training.stderr.read().decode()
    post(7)
    last = run("recommend", "grown", "--store", "shop.sqlite", "--users", "yan", says=" new event")
    run("evaluate", "grown", "--log", "shop.sqlite")
    server.stop()
    other = Server("--store", "shop.sqlite", "--watch", "0", model="grown")
    status, text = other.ask("POST", "/v1/recommend", {"user": "yan"}, {"accept": "text/csv"})
    assert (status, text) == (200, last), text
    other.stop()
    done(f"a model that is trained while {count} events come is still one of that store")


def put_model(number):
    shutil.copytree(f"{work}/model{number}", f"{work}/next")
    os.rename(f"{work}/model", f"{work}/last")
    os.rename(f"{work}/next", f"{work}/model")
    shutil.rmtree(f"{work}/last")


def titles_and_two_models():
    server = Server("--store", "shop.sqlite", "--compare", "model1", "--watch", "0")
    def ask(path, body=None):
        status, text = server.ask("GET" if body is None else "POST", path, body)
        assert status == 200, (path, text)
        return json.loads(text)
    model = ask("/v1/model")
    assert (model["name"], model["compared"]["name"], model["titles"]) == ("model", "model1", True)
    assert model["model"] != model["compared"]["model"]
    first = ask("/v1/recommend", {"items": ["i1", "i2"]})
    for name, expected in [("model1", model["compared"]["model"]), (model["compared"]["model"],) * 2, ("model", model["model"])]:
        assert ask("/v1/recommend", {"items": ["i1", "i2"], "model": name})["model"] == expected
    for entry in first["items"]:
        assert entry["title"] == title(entry["item"]), entry
    # The compared model answers for users of the same store, with what has come since, as the command does.
    status, text = server.ask("POST", "/v1/events", {"user": "vic", "item": "i3"})
    assert status == 201
    status, text = server.ask("POST", "/v1/recommend", {"user": "vic", "model": "model1"}, {"accept": "text/csv"})
    assert text == run("recommend", "model1", "--store", "shop.sqlite", "--users", "vic"), text
    # Rows have titles where the command would write them, and JSON has none where the request says so.
    for accept, ending in [("text/csv", "csv"), ("application/x-ndjson", "jsonl")]:
        run("recommend", "model", "--store", "shop.sqlite", "--users", "vic", "--titles", "--output", f"vic.{ending}")
        status, text = server.ask("POST", "/v1/recommend", {"user": "vic", "titles": True}, {"accept": accept})
        assert (status, text) == (200, open(f"{work}/vic.{ending}", "rb").read()), text
    plain = ask("/v1/recommend", {"items": ["i1", "i2"], "titles": False})
    assert [{k: v for k, v in e.items() if k != "title"} for e in first["items"]] == plain["items"], plain
    assert ask("/v1/items/i12")["title"] == title("i12")
    assert set(ask("/v1/items?count=3&search=hazel%20bi")["titles"]) == {title("i17"), title("i117")}
    near = ask("/v1/similar", {"item": "i5", "k": 2, "model": "model1"})
    assert near["title"] == title("i5") and all(e["title"] == title(e["item"]) for e in near["similar"])
    why = ask("/v1/explain", {"items": ["i1", "i2"], "item": "i9", "model": "model1"})
    assert why["title"] == title("i9") and [p["title"] for p in why["history"]] == [title("i1"), title("i2")]
    assert ask("/v1/users/vic")["titles"] == [title("i3")]
    assert server.ask("POST", "/v1/recommend", {"items": [], "model": "x"})[0] == 404
    server.stop()
    done("titles stand in every answer; a second model answers under its name, from the same histories")


def nothing_fails_while_models_change():
    server = Server("--store", "shop.sqlite", "--watch", "1", "--admin-key-file", "admin")
    stop, failures, counts, seen = threading.Event(), [], [], set()

    def ask():
        link, count = server.connection(), 0
        while not stop.is_set():
            status, text = server.ask("POST", "/v1/recommend", {"items": ["i1", "i2"]}, connection=link)
            if status != 200:
                failures.append((status, text))
            seen.add(json.loads(text)["model"])
            count += 1
        counts.append(count)
    threads = [threading.Thread(target=ask) for _ in range(6)]
    [t.start() for t in threads]
    try:
        for number in range(100):
            put_model(number % 2)
            status, text = server.ask("POST", "/admin/reload", b"", {"x-api-key": ADMIN})
            assert status == 200, text
        # Each is waited for: a model that SIGHUP had loaded already would not be a replaced one.
        server.process.send_signal(signal.SIGHUP)
        server.says('"reason":"SIGHUP"')
        put_model(0)
        server.says('"reason":"replaced"')
    finally:
        stop.set()
        [t.join() for t in threads]
    assert not failures, failures[:3]
    assert len(seen) == 2
    server.stop()
    done(f"100 reloads, SIGHUP and a replaced file under load: none of {sum(counts)} requests failed")


def stopping_loses_nothing():
    server = Server("--store", "shop.sqlite", "--watch", "0")
    lost, answered, started = [], [], threading.Barrier(9)

    def ask():
        link = server.connection()
        started.wait()
        while True:
            try:
                link.request("POST", "/v1/recommend", json.dumps({"items": ["i1"] * 50}), {"content-type": "application/json"})
            except OSError:
                return  # The door is closed.
            try:
                answer = link.getresponse()
                text = answer.read()
            except (http.client.RemoteDisconnected, ConnectionResetError):
                return  # Closed between two requests, before this one was taken.
            except Exception as error:
                lost.append(error)
                return
            (answered if answer.status == 200 else lost).append((answer.status, text))
            if answer.getheader("connection") == "close":
                return
    threads = [threading.Thread(target=ask) for _ in range(8)]
    [t.start() for t in threads]
    started.wait()
    time.sleep(0.5)
    server.stop()
    [t.join(30) for t in threads]
    assert answered and not lost, lost[:3]
    done(f"SIGTERM under load: {len(answered)} requests were answered, none was cut short")


def keys_and_tls():
    server = Server("--api-key-file", "keys", "--admin-key-file", "admin", "--rate-limit", "1000")
    for path in ["/", "/v1/model", "/metrics", "/openapi.json", "/cloze.js", "/v1/items/i1", "/nothing"]:
        assert server.ask("GET", path)[0] in (401, 404), path
        if path != "/nothing":
            assert server.ask("GET", path, headers={"authorization": f"Bearer {KEY}"})[0] == 200, path
    assert server.ask("GET", "/health/live")[0] == server.ask("GET", "/health/ready")[0] == 200
    for path in ["/v1/recommend", "/v1/events", "/mcp", "/admin/reload"]:
        assert server.ask("POST", path, {})[0] == 401
    assert server.ask("POST", "/admin/reload", b"", {"x-api-key": KEY})[0] == 403
    server.stop()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], cwd=work, check=True, capture_output=True)
    server = Server("--tls-cert", "cert.pem", "--tls-key", "key.pem")
    link = http.client.HTTPSConnection(
        "localhost", server.port, context=ssl.create_default_context(cafile=f"{work}/cert.pem"), timeout=20)
    link.request("GET", "/v1/model")
    assert link.getresponse().status == 200
    assert b"200 OK" not in server.raw(b"GET /v1/model HTTP/1.1\r\nhost: localhost\r\n\r\n")
    link.close()
    server.stop()
    done("keys guard every route but health; TLS answers, plain HTTP beside it does not")


def bad_clients():
    server = Server("--idle-timeout", "2", "--max-body", "2048")
    start = time.time()
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as slow:
        slow.sendall(b"POST /v1/recommend HTTP/1.1\r\nhost: localhost\r\n")
        assert slow.recv(100) == b"", "headers that do not end"
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as slow:
        slow.sendall(b"POST /v1/recommend HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{")
        try:
            for _ in range(60):
                time.sleep(0.2)
                slow.sendall(b" ")
            assert False, "a body that does not end"
        except OSError:
            pass
    assert time.time() - start < 60
    assert server.ask("POST", "/v1/recommend", b" " * 4096)[0] == 413
    chunked = b"POST /v1/recommend HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n" + b"400\r\n" + b" " * 1024 + b"\r\n"
    assert b" 413 " in server.raw(chunked + b"400\r\n" + b" " * 1024 + b"\r\n" + b"400\r\n" + b" " * 1024 + b"\r\n0\r\n\r\n")
    assert server.raw(b"GET / HTTP/1.1\r\nhost: localhost\r\nx: " + b"a" * 40000 + b"\r\n\r\n").split(b" ")[1:2] in ([b"400"], [b"431"], [])
    assert b" 421 " in server.raw(b"GET /v1/model HTTP/1.1\r\nhost: evil.example\r\n\r\n")
    done("slow headers, slow bodies, large bodies, large headers and foreign hosts are refused")
    draw = random.Random(7)
    seeds = [b'{"items": ["i1", "i2"], "k": 5}', b'{"requests": [{"user": "x"}, {"items": []}]}', b'{"item": "i1", "by": "cosine"}',
             b'{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}']
    paths = [b"/v1/recommend", b"/v1/similar", b"/v1/score", b"/v1/explain", b"/v1/events", b"/mcp", b"/v1/items/%", b"/v1/users/a", b"/?x", b"//", b"*"]
    link = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    statuses = {}
    for number in range(fuzz):
        body = bytearray(draw.choice(seeds))
        for _ in range(draw.randrange(5)):
            place = draw.randrange(len(body) + 1)
            body[place:place + draw.randrange(3)] = bytes(draw.randrange(256) for _ in range(draw.randrange(3)))
        method = draw.choice([b"POST", b"POST", b"POST", b"GET", b"PUT", b"HEAD", b"OPTIONS", b"TRACE", b"X\x00"])
        request = b"%s %s HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%s" % (
            method, draw.choice(paths), len(body), body)
        if draw.random() < 0.2:
            place = draw.randrange(len(request))
            request = request[:place] + bytes(draw.randrange(256) for _ in range(4)) + request[place + draw.randrange(6):]
        answer = server.raw(request)
        status = answer[9:12] or b"closed"
        statuses[status] = statuses.get(status, 0) + 1
        assert not status.startswith(b"5"), (request, answer)
    link.close()
    assert server.ask("GET", "/health/live")[0] == 200
    server.stop()
    told = ", ".join(f"{k.decode()}: {v}" for k, v in sorted(statuses.items()))
    done(f"{fuzz} malformed requests, no 5xx ({told})")


def a_service_counts():
    check = os.environ.get("METRICS_CHECK")
    if check is None:
        return done("no METRICS_CHECK, so what a service counts is not looked at")
    subprocess.run([check, "model", "shop.sqlite"], cwd=work, check=True, stdout=subprocess.DEVNULL)
    done("ClozeKit's service counts with swift-metrics what it does, and nothing else")


def a_full_queue_says_so():
    server = Server("--queue", "1", "--batch", "1", "--threads", "1")
    statuses, retry = [], []

    def ask():
        link = server.connection()
        for _ in range(20):
            link.request("POST", "/v1/explain", json.dumps({"items": [f"i{n}" for n in range(30)]}), {"content-type": "application/json"})
            answer = link.getresponse()
            answer.read()
            statuses.append(answer.status)
            if answer.status == 503:
                retry.append(answer.getheader("retry-after"))
    threads = [threading.Thread(target=ask) for _ in range(12)]
    [t.start() for t in threads], [t.join() for t in threads]
    assert set(statuses) == {200, 503} and set(retry) == {"1"}, (set(statuses), set(retry))
    server.stop(signal.SIGINT)
    done(f"a full queue: {statuses.count(200)} answers, {statuses.count(503)} times 503 with retry-after")


try:
    make(users=3000)
    for name, key in [("keys", KEY), ("admin", ADMIN)]:
        with open(f"{work}/{name}", "w") as file:
            file.write(f"# keys\n{key}\n")
    rows_are_the_same()
    sessions_that_go_on()
    titles_and_two_models()
    nothing_fails_while_models_change()
    stopping_loses_nothing()
    keys_and_tls()
    bad_clients()
    a_full_queue_says_so()
    a_service_counts()
finally:
    end()
