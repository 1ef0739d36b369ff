"""What all parts of the torture share: the program, folders of cases, what was tried and what was found."""
import concurrent.futures, hashlib, os, pathlib, random, shutil, signal, subprocess, sys, tempfile, threading, time

SMALL = ["--set", "model.hidden=16", "--set", "model.layers=1", "--set", "stages.0.epochs=1"]
HANG = 60  # seconds, and 10 of processor time


class Torture:
    """A run of the torture: `case` gives a folder of its own, `run` runs the program, `found` notes a fault."""

    def __init__(self, cloze, here, seed, long, workers):
        self.cloze, self.here, self.long, self.workers = str(cloze), here, long, workers
        self.seed, self.work = seed, pathlib.Path(tempfile.mkdtemp(prefix="cloze-torture-"))
        self.tried, self.findings, self.notes = {}, [], {}
        self.lock = threading.Lock()
        self.faults = self.work / "faults.so"
        subprocess.run(["clang", "-shared", "-fPIC", "-O1", "-o", str(self.faults), str(here / "torture.d/faults.c"), "-ldl"],
                       check=True)
        self.base = self.work / "base"
        self.prepare()

    def chance(self, name): return random.Random(f"{self.seed}/{name}")

    def environment(self, fault=None):
        environment = dict(os.environ, TMPDIR=str(self.work), SWIFT_BACKTRACE="enable=no")
        if fault: environment.update(CLOZE_FAULT=fault, LD_PRELOAD=str(self.faults))
        return environment

    def start(self, folder, *words, fault=None, stdin=subprocess.DEVNULL):
        return subprocess.Popen([self.cloze, *words], cwd=folder, env=self.environment(fault), stdin=stdin,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, folder, *words, fault=None, input=None, timeout=HANG):
        """The exit code, stdout and stderr; a hang and a crash are findings."""
        try:
            done = subprocess.run([self.cloze, *words], cwd=folder, env=self.environment(fault), capture_output=True,
                                  timeout=timeout, **({"stdin": subprocess.DEVNULL} if input is None else {"input": input}))
        except subprocess.TimeoutExpired:
            self.found(f"{' '.join(words)} [{fault}]: hung over {timeout} s")
            return 2, "", "cloze: (hung)"
        return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")

    def judge(self, where, code, errors):
        """Whether a run ended as it may: 0, or a sentence and 1 or 2."""
        if code < 0 or code > 2 and code != 130: self.found(f"{where}: crashed with {code}: {errors.strip()[-300:]}")
        elif code == 1 and "cloze: " not in errors and '{"error":{' not in errors: self.found(f"{where}: said nothing: {errors.strip()[-200:]}")
        for raw in ("NSCocoaErrorDomain", "DecodingError", "Fatal error", "\x1b"):
            if raw in errors: self.found(f"{where}: says {raw!r}: {errors.strip()[-200:]}")
        return code

    def note(self, kind, count=1):
        with self.lock: self.tried[kind] = self.tried.get(kind, 0) + count

    def found(self, text):
        with self.lock:
            self.findings.append(text)
            print(f"FOUND {text}", flush=True)

    def case(self, name, of=None):
        """A fresh copy of the base, removed when the block ends."""
        return Case(self, name, of or self.base)

    def each(self, cases, work, until):
        """Calls `work(case)` for the cases, some at once, until the time is up; how many were done."""
        done = 0
        with concurrent.futures.ThreadPoolExecutor(self.workers) as pool:
            waiting = set()
            for case in cases:
                if time.monotonic() > until: break
                waiting.add(pool.submit(work, case))
                if len(waiting) >= 2 * self.workers:
                    finished, waiting = concurrent.futures.wait(waiting, return_when=concurrent.futures.FIRST_COMPLETED)
                    for future in finished: future.result()
                    done += len(finished)
            for future in waiting: future.result()
        return done + len(waiting)

    def prepare(self):
        """A log, another, two models, a store, lists: what the cases start from."""
        base = self.base
        base.mkdir()

        def must(*words):
            code, out, errors = self.run(base, *words, timeout=300)
            if code != 0: sys.exit(f"torture: {' '.join(words)} failed before anything was tried: {errors}")
            return out
        for name, users, items in (("log", 60, 30), ("more", 40, 34)):
            must("synthesize", f"{name}.csv", "--users", str(users), "--items", str(items), "--clusters", "3", "--length", "8")
        must("train", "log.csv", "--model", "model", *SMALL)
        must("train", "more.csv", "--model", "other", *SMALL)
        (base / "model/notes.txt").write_text("mine")
        must("import", "log.csv", "--store", "shop.sqlite")
        self.pairs, self.lists, self.sizes = {}, set(), set()
        for model in ("other", "model"):  # the pair of "model" stands there, that of "other" is to come
            must("embed", model, "--items-to", "items.npy")
            self.pairs[digest(base / "items.npy")] = digest(base / "items.ids.json")
        for top in ("10", "3"):
            must("recommend", "model", "--log", "log.csv", "--top", top, "--output", "next.csv")
            self.lists.add(digest(base / "next.csv"))
        self.similar = must("similar", "model", "--all")


class Case:
    counter = 0

    def __init__(self, torture, name, of):
        with torture.lock:
            Case.counter += 1
            self.folder = torture.work / f"case{Case.counter}"
        self.of = of

    def __enter__(self):
        shutil.copytree(self.of, self.folder, symlinks=True)
        return self.folder

    def __exit__(self, *_): shutil.rmtree(self.folder, ignore_errors=True)


def digest(path): return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def leftovers(folder):
    hidden = (".partial", ".lock", ".growing", ".journal", ".pending")
    return [str(p.relative_to(folder)) for p in folder.rglob("*")
            if p.name.startswith(".") and p.name.endswith(hidden) or p.name.endswith(("-journal", "-wal", "-shm"))]
