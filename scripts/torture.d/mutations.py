"""Changed files, thousands a second: read in one process by MutationCheck, which is started again behind what kills it."""
import gzip, hashlib, json, os, pathlib, shutil, signal, sqlite3, struct, subprocess, tempfile, time, zipfile
from harness import SMALL

BATCH = 4_000
# The short form has the same changes on every machine, however fast.
SHORT = 24_000


def torture(t, until):
    if not os.access(t.check, os.X_OK):
        return t.found(f"there is no {t.check}; make it: swift build --configuration release --product MutationCheck")
    memory = pathlib.Path("/dev/shm")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="cloze-mutations-", dir=memory if os.access(memory, os.W_OK) else t.work))
    try:
        base = folder / "base"
        shutil.copytree(t.base, base)
        prepare(t, base)

        def one(first):
            number, end = first, first + BATCH
            while number < end and time.monotonic() < until: number = batch(t, base, folder / f"work{first}", number, end, until)
        t.each(range(0, 10**9 if t.long else SHORT, BATCH), one, until)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def batch(t, base, work, first, end, until):
    """Tries the numbers from `first` on; the number behind the last one tried."""
    process = subprocess.Popen([t.check, base, work, str(t.seed), str(first), str(end - first)], env=t.environment(),
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        out, errors = process.communicate(timeout=max(1, until - time.monotonic()) + 15)
    except subprocess.TimeoutExpired:
        process.kill()
        out, errors = process.communicate()
        process.returncode = 0
        end = 0  # the time is up
    for line in out.decode(errors="replace").splitlines():
        try: told = json.loads(line)
        except ValueError: continue
        if "fault" in told: t.found(f"mutation {told['number']} of {told['fault']}")
        else:
            for subject, outcomes in told.items():
                for outcome, count in outcomes.items(): t.note(f"mutations of {subject}", count if outcome != "unchanged" else 0)
    last = (work / "at").read_text(errors="replace") if (work / "at").exists() else ""
    shutil.rmtree(work, ignore_errors=True)
    if process.returncode == 0: return end or 10**18
    said = errors.decode(errors="replace").strip()
    if not last:
        raise SystemExit(f"torture: MutationCheck does not begin: {said[:1000]}")
    how = "hung over 10 s" if process.returncode in (-signal.SIGALRM, -signal.SIGPROF) else f"crashed with {process.returncode}"
    t.found(f"mutation {last.strip()}: {how}: {said[-600:]}")
    t.note("mutations that end the process")
    return int(last.split()[0]) + 1


def prepare(t, base):
    """Every kind of file, small."""
    def must(*words):
        code, out, errors = t.run(base, *words, timeout=300)
        if code != 0: raise SystemExit(f"torture: {' '.join(words)} failed before anything was changed: {errors}")
        return out

    must("synthesize", "cat.csv", "--users", "60", "--items", "40", "--clusters", "4", "--length", "9", "--categories")
    must("train", "cat.csv", "--model", "featured", "--items-from", "cat.items.csv", "--features", "cluster,place",
         "--split", "cold-items", *SMALL)
    must("train", "log.csv", "--model", "pooled", "--recipe", "bert4rec", "--set", "model.pooling=attention", "--epochs", "1", *SMALL[:4])
    must("export", "model", "--to", "hf", "--output", "hf")
    must("evaluate", "model", "--log", "log.csv", "--ranks", "ranks.json")
    must("evaluate", "pooled", "--log", "log.csv", "--ranks", "others.json")
    must("embed", "model", "--items-to", "vectors.safetensors")
    must("compare", "log.csv", "--output", "compared", "--poolings", "tail,mean", "--seeds", "1", "--epochs", "1", *SMALL[:4])
    for part in ("1", "2"): must("recommend", "model", "--log", "log.csv", "--shard", f"{part}/2", "--output", f"part{part}.csv")
    must("import", "cat.csv", "--store", "rich.sqlite")
    must("import-items", "cat.items.csv", "--store", "rich.sqlite")
    must("recommend", "featured", "--store", "rich.sqlite", "--into", "best")
    must("import", "log.csv", "--store", "served.sqlite")
    shutil.copytree(base / "model", base / "served")
    (base / "record").mkdir()
    shutil.copy(base / "model/record.json", base / "record")
    kept(t, base)
    fixtures = t.here.parent / "Tests/ModelFilesTests/Fixtures/pytorch"
    (base / "torch").mkdir()
    for name in ("bert.bin", "legacy.bin", "tensors.bin"): shutil.copy(fixtures / name, base / "torch")
    rows = [line.split(",") for line in (base / "log.csv").read_text().splitlines()]
    head, rows = rows[0], rows[1:120]
    objects = [dict(zip(head, row[:2] + [int(row[2])])) for row in rows]

    def lines(name, separator, header, cells): (base / name).write_text("\n".join([*header, *(separator.join(row) for row in cells)]) + "\n")
    lines("semicolons.csv", ";", [";".join(head)], rows)
    lines("log.inter", "\t", ["user_id:token\titem_id:token\ttimestamp:float"], rows)
    lines("ratings.dat", "::", [], [[str(1 + int(u[4:])), str(1 + int(i[4:])), "5", time] for u, i, time in rows])
    lines("plain.txt", " ", [], [row[:2] for row in rows])
    histories = {}
    for user, item, _ in rows: histories.setdefault(user, []).append(item)
    lines("sequences.txt", " ", [], [[user, *items] for user, items in histories.items()])
    lines("ids.txt", ",", [], [[row[1]] for row in rows])
    lines("groups.csv", ",", ["item,group"], [[row[1], f'"a, {index % 3}"'] for index, row in enumerate(rows)])
    lines("labels.csv", ",", ["user,label"], [[user, f"kind {index % 3}"] for index, user in enumerate(histories)])
    lines("lines.txt", " ", [], histories.values())
    lines("log.jsonl", "", [], [[json.dumps(value)] for value in objects])
    lines("histories.jsonl", "", [], [[json.dumps({"user": user, "items": items})] for user, items in histories.items()])
    lines("items.jsonl", "", [], [[json.dumps({"item_id": f"item{n}", "title": f"Title {n}", "genres": ["a", "b"][: n % 3], "price": n / 2})] for n in range(40)])
    (base / "log.json").write_text(json.dumps(objects))
    (base / "experiment.yaml").write_text("recipe: bert4rec\n" + must("settings", "--for", "log.csv", "--recipe", "bert4rec"))
    labeled(base, must, list(histories))
    requests(base, rows)
    lines("fold.csv", ",", [",".join(head)], rows[-30:])
    lines("ids.jsonl", "", [], [[json.dumps({"token_ids": [2, 5 + n, 6, 3], "position": 1, "segments": [0] * 4})] for n in range(9)])
    grown = (base / "part1.csv").read_bytes()
    numbers = struct.pack("<qq", 30, len(grown))
    (base / ".grown.csv.growing").write_bytes(grown + b"a row that was cut sh")
    (base / ".grown.csv.journal").write_text(json.dumps({"request": "lists of some users", "done": 30, "length": len(grown),
                                                         "sum": hashlib.sha256(grown + numbers).hexdigest()}))
    lines("keys.txt", "", ["# keys"], [[f"a key that is long enough {n}"] for n in range(3)])
    text = (base / "semicolons.csv").read_bytes()
    (base / "log.csv.gz").write_bytes(gzip.compress(text, mtime=0))
    for name, method in (("log.zip", zipfile.ZIP_DEFLATED), ("stored.zip", zipfile.ZIP_STORED)):
        with zipfile.ZipFile(base / name, "w", method) as archive: archive.writestr(zipfile.ZipInfo("visits.csv"), text, method)
    with sqlite3.connect(base / "foreign.sqlite") as store:
        store.execute("CREATE TABLE visits (user TEXT, item TEXT, timestamp INTEGER)")
        store.executemany("INSERT INTO visits VALUES (?, ?, ?)", rows)
    store.close()


def labeled(base, must, users):
    """A classifier, a regressor, a classifier as others have it, a model of word pieces, and a table that numpy writes."""
    (base / "numbers.csv").write_text("user,value\n" + "".join(f"{user},{n * 0.7}\n" for n, user in enumerate(users)))
    (base / "text.txt").write_text("".join(f"Some words about a {('red', 'blue', 'Grün')[n % 3]} thing, {n} of {n % 7}.\n" for n in range(60)))
    must("train", "log.csv", "--labels", "labels.csv", "--model", "classifier", *SMALL)
    must("train", "log.csv", "--labels", "numbers.csv", "--task", "regression", "--model", "regressor", *SMALL)
    shutil.copytree(base / "classifier", base / "classes", ignore=shutil.ignore_patterns("cloze.json", "classifier.json"))
    must("vocabulary", "text.txt", "--output", "words.txt", "--size", "60", "--min-frequency", "1")
    must("pretrain", "text.txt", "--validation", "text.txt", "--model", "words", "--tokens", "wordpiece", "--vocab", "words.txt", *SMALL)
    (base / "labeled.yaml").write_text(must("settings", "--for", "log.csv", "--labels", "labels.csv"))
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (12, 3), }".ljust(117) + "\n"
    (base / "wide.npy").write_bytes(b"\x93NUMPY\x02\x00" + struct.pack("<I", len(header)) + header.encode() + struct.pack("<36d", *range(36)))
    (base / "wide.ids.txt").write_text("".join(f"item{n}\n" for n in range(12)))


def requests(base, rows):
    """A line with the method and the path, and a body."""
    user, items = rows[0][0], [row[1] for row in rows[:6]]
    rules = {"k": 5, "exclude_seen": True, "exclude": items[:1], "max_per_group": 2, "probabilities": True}
    bodies = {
        "recommend": ("POST /v1/recommend", {"items": items, **rules}), "user": ("POST /v1/recommend", {"user": user, "only": items, "k": 3}),
        "lists": ("POST /v1/recommend", {"requests": [{"user": user}, {"items": items[:2], **rules}, {"items": []}], "k": 4, "model": "served"}),
        "score": ("POST /v1/score", {"items": items, "candidates": items[:3], "probabilities": True}),
        "similar": ("POST /v1/similar", {"items": items[:3], "k": 4, "by": "product"}),
        "explain": ("POST /v1/explain", {"user": user, "item": items[1], "exclude_seen": False}),
        "events": ("POST /v1/events", {"events": [{"user": user, "item": items[0], "time": 1700000000.5}, {"user": "new", "item": "new", "time": "2026-01-31T12:00:00Z"}]}),
        "tool": ("POST /mcp", {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-03-26", "capabilities": {}}}),
        "call": ("POST /mcp", {"jsonrpc": "2.0", "id": "a", "method": "tools/call", "params": {"name": "recommend", "arguments": {"items": items, "k": 3}}}),
    }
    (base / "requests").mkdir()
    for name, (line, body) in bodies.items(): (base / "requests" / name).write_text(f"{line}\n{json.dumps(body)}")
    for name, path in (("search", "/v1/items?search=item&count=5"), ("item", f"/v1/items/{items[0]}")): (base / "requests" / name).write_text(f"GET {path}")


def kept(t, base):
    """A training that was stopped, with what it depends on."""
    process = t.start(base, "train", "log.csv", "--model", "kept", "--keep-every", "0", "--set", "model.hidden=16", "--set",
                      "model.layers=1", "--set", "stages.0.epochs=2000", "--set", "stages.0.patience=0")
    state = base / ".kept.training/state.json"
    for _ in range(600):
        if state.exists() or process.poll() is not None: break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    if not state.exists(): raise SystemExit(f"torture: no training was kept: {errors.decode(errors='replace')}")
    shutil.rmtree(base / "kept", ignore_errors=True)
    (base / "identity.json").write_text(json.dumps(json.loads(state.read_text())["identity"]))
