"""Every call that changes a file: killed before it, failing, and a disk that is full after so many bytes."""
import itertools, json, re, time
from harness import SMALL, digest, leftovers


def model_is_whole(t, folder):
    code, _, errors = t.run(folder, "similar", "model", "--all")
    notes = folder / "model/notes.txt"
    if code != 0: return f"the model cannot be opened: {errors.strip()}"
    if "unverified" in errors: return "the model has lost its checksums"
    if not notes.exists() or notes.read_text() != "mine": return "a user's file was lost"


def export_is_whole(t, folder):
    target = folder / "exported"
    if not target.exists(): return None
    names = [path.name for path in target.iterdir()]
    wanted = ["check.py", "config.json", "model.safetensors", "parity.json", "vocab.txt"]
    if missing := [name for name in wanted if name not in names]: return f"the export lacks {missing}"
    if json.loads((target / "parity.json").read_text()) is None: return "parity.json is empty"


def pair_is_whole(t, folder):
    vectors, ids = folder / "items.npy", folder / "items.ids.json"
    if vectors.exists() and ids.exists() and t.pairs.get(digest(vectors)) != digest(ids): return "ids stand beside other vectors"


def file_is_whole(t, folder):
    if digest(folder / "next.csv") not in (None, *t.lists): return "the list is neither old nor new"


def store_is_whole(t, folder):
    if not (folder / "shop.sqlite").exists(): return None
    code, out, errors = t.run(folder, "check", "shop.sqlite")
    if code != 0: return None if "no events" in errors else f"the store is not whole: {errors.strip()}"
    if not any(f", {n} events" in out for n in t.sizes): return f"the store holds part of an import: {out.splitlines()[-1]}"


CASES = {
    "train": (["train", "log.csv", "--model", "model", "--seed", "2", *SMALL], model_is_whole),
    "evaluate --record": (["evaluate", "model", "--log", "log.csv", "--record"], model_is_whole),
    "export": (["export", "model", "--to", "hf", "--output", "exported"], export_is_whole),
    "embed": (["embed", "other", "--items-to", "items.npy"], pair_is_whole),
    "recommend to a file": (["recommend", "model", "--log", "log.csv", "--output", "next.csv"], file_is_whole),
    "recommend into a table": (["recommend", "model", "--store", "shop.sqlite", "--into", "best", "--force"], store_is_whole),
    "import": (["import", "more.csv", "--store", "shop.sqlite"], store_is_whole),
}


def torture(t, until):
    for number, (name, (words, check)) in enumerate(CASES.items()):
        with t.case(name) as folder:
            count = folder / "count"
            code, _, errors = t.run(folder, *words, fault=f"count:{count}", timeout=300)
            if code != 0: return t.found(f"{name}: fails without a fault: {errors}")
            calls, written = map(int, count.read_text().split())
            for state in (t.base, folder):
                out = t.run(state, "check", "shop.sqlite")[1]
                t.sizes.add(int(re.search(r" imports?, (\d+) ", out.splitlines()[-1])[1]))
        kinds = [[f"kill:{n}" for n in range(1, calls + 1)], [f"fail:{n}:{e}" for n in range(1, calls + 1) for e in (5, 28)],
                 [f"disk:{b}" for b in range(0, written + 1, max(1, written // (5_000 if t.long else 400)))]]
        for points in kinds: t.chance(name).shuffle(points)
        # As many of each as there are, so that a sample has all kinds.
        points = [point for row in itertools.zip_longest(*kinds) for point in row if point]

        def one(point):
            where = f"{name} [{point}]"
            with t.case(name) as folder:
                code, _, errors = t.run(folder, *words, fault=point, timeout=300)
                t.note(f"{name}, {point.split(':')[0]}")
                if point.startswith("kill"):
                    if code not in (0, -9): t.found(f"{where}: ended with {code}: {errors.strip()[-300:]}")
                else: t.judge(where, code, errors)
                if fault := check(t, folder): t.found(f"{where}: {fault}")
                code, _, errors = t.run(folder, *words, timeout=300)
                if code != 0 and "in the store already" not in errors:
                    t.found(f"{where}: the next run fails: {errors.strip()[-300:]}")
                if left := leftovers(folder): t.found(f"{where}: the next run leaves {left}")
        share = (until - time.monotonic()) / (len(CASES) - number)
        t.each(points, one, time.monotonic() + share)
