"""Two processes at once on one thing, slowed down at every call that changes a file."""
import os, shutil, signal, subprocess, time
from harness import SMALL, digest, leftovers

DELAY = "delay:3000"  # microseconds at most, before each call


def pair(t, folder, first, second):
    """Both runs at once; their exit codes and what they said."""
    runs = [t.start(folder, *words, fault=DELAY) for words in (first, second)]
    results = []
    for run, words in zip(runs, (first, second)):
        try:
            _, errors = run.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            run.kill()
            t.found(f"two at once: {' '.join(words)} hung")
            errors = b""
        errors = errors.decode(errors="replace")
        t.judge(f"two at once: {' '.join(words)}", run.returncode, errors)
        results.append((run.returncode, errors))
    return results


def imports(t, folder):
    os.remove(folder / "shop.sqlite")
    a, b = pair(t, folder, ["import", "log.csv", "--store", "shop.sqlite"], ["import", "more.csv", "--store", "shop.sqlite"])
    good = [code == 0 for code, _ in (a, b)]
    if not any(good): return f"neither import came through: {a[1]} {b[1]}"
    code, out, errors = t.run(folder, "check", "shop.sqlite")
    if code != 0: return f"an import said 0, and the store is not whole: {errors}"
    wanted = 2 if all(good) else 1
    if f"{wanted} import" not in out: return f"{wanted} imports said 0, and the store has others: {out.splitlines()[-1]}"


def tables(t, folder):
    words = ["recommend", "model", "--store", "shop.sqlite", "--into", "best"]
    a, b = pair(t, folder, words, words)
    if 0 not in (a[0], b[0]): return f"neither table came through: {a[1]} {b[1]}"
    import sqlite3
    with sqlite3.connect(folder / "shop.sqlite") as store:
        rows = store.execute("SELECT count(*), count(DISTINCT user || char(0) || rank), count(DISTINCT user) FROM best").fetchone()
    if rows != (600, 600, 60): return f"the table has (rows, distinct, users) {rows}, expected (600, 600, 60)"


def files(t, folder):
    os.remove(folder / "next.csv")
    words = ["recommend", "model", "--log", "log.csv", "--output", "next.csv"]
    a, b = pair(t, folder, words, words)
    if 0 not in (a[0], b[0]): return f"neither file came through: {a[1]} {b[1]}"
    if digest(folder / "next.csv") not in t.lists: return "the file is not the whole list"


def trainings(t, folder):
    a, b = pair(t, folder, ["train", "log.csv", "--model", "model", "--seed", "3", *SMALL],
                ["train", "log.csv", "--model", "model", "--seed", "4", *SMALL])
    if 0 not in (a[0], b[0]): return f"neither training came through: {a[1]} {b[1]}"
    code, _, errors = t.run(folder, "similar", "model", "--all")
    if code != 0 or "unverified" in errors: return f"the model is not whole: {errors}"
    if (folder / "model/notes.txt").read_text() != "mine": return "a user's file was lost"


def amendments(t, folder):
    a, b = pair(t, folder, ["evaluate", "model", "--log", "log.csv", "--record"], ["export", "model", "--to", "hf"])
    if (a[0], b[0]) != (0, 0): return f"one of two was refused: {a[1]} {b[1]}"
    code, out, errors = t.run(folder, "similar", "model", "--all")
    if code != 0 or "unverified" in errors: return f"the model is not whole: {errors}"
    if not (folder / "model/parity.json").exists(): return "what one of two wrote is lost"


def readers(t, folder):
    """A model is read while another takes its place, again and again."""
    answers = {t.similar}
    shutil.copytree(folder / "model", folder / "kept")
    trainer = t.start(folder, "train", "log.csv", "--model", "model", "--seed", "5", *SMALL, fault=DELAY)
    while trainer.poll() is None:
        code, out, errors = t.run(folder, "similar", "model", "--all")
        if code != 0: return f"a reader was refused while the model was replaced: {errors}"
        answers.add(out)
    if len(answers) > 3: return "a reader saw neither the old nor the new model"


RACES = {"two imports": imports, "two recommend --into": tables, "two recommend --output": files, "two trainings": trainings,
         "evaluate --record and export": amendments, "readers of a model that is replaced": readers}


def torture(t, until):
    names = list(RACES)

    def one(number):
        name = names[number % len(names)]
        with t.case(name) as folder:
            if fault := RACES[name](t, folder): t.found(f"{name}: {fault}")
            t.note(name)
            if left := leftovers(folder): t.found(f"{name}: leaves {left}")
    t.each(range(10_000 if t.long else 60), one, until)
