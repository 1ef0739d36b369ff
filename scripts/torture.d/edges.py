"""Numbers of the command line at their edges, files that are no files, signals while a command waits, mount points."""
import os, re, signal, subprocess, sys, time
from harness import SMALL

EDGES = ["9223372036854775807", "-9223372036854775808", "18446744073709551615", "1e309", "-1", "0", "nan", "inf", "1e-320", "", "0x10", "²"]
BASES = {
    "recommend": ["recommend", "model", "--log", "log.csv"], "similar": ["similar", "model", "--all"],
    "evaluate": ["evaluate", "--log", "log.csv"], "check": ["check", "log.csv"], "synthesize": ["synthesize", "s.csv"],
    "explain": ["explain", "model", "--history", "1,2", "--allow-unknown"], "import": ["import", "more.csv", "--store", "shop.sqlite"],
    "train": ["train", "log.csv", "--model", "new", *SMALL], "compare": ["compare", "log.csv", "--output", "c", "--poolings", "tail,mean", *SMALL],
    "pretrain": ["pretrain", "lines.txt", "--validation", "lines.txt", "--model", "new", *SMALL], "embed": ["embed", "model", "--items-to", "v.npy"],
}


def numeric(t, command):
    """The options of a command that take a number: those whose help names one, or that refuse a word as no number."""
    help = t.run(t.base, command, "--help")[1]
    return sorted(set(re.findall(r"(--[a-z-]+) <(?:n|[a-z-]*(?:top|seed|users|items|clusters|length|skew|threads|epochs|batch|rate|share|seconds|minutes|factor|resamples|prefixes|seeds|hidden|layers|heads|dropout|bad|every|negatives|rating)[a-z-]*)>", help)))


def torture(t, until):
    (t.base / "lines.txt").write_text("a b c\nb c d\n" * 20)
    for check in (pipes, waiting, mounts): check(t)
    cases = [(command, option, edge) for command in BASES for option in numeric(t, command) for edge in EDGES]
    t.chance("edges").shuffle(cases)

    def one(case):
        command, option, edge = case
        with t.case(command) as folder:
            process = subprocess.Popen([t.cloze, *BASES[command], option, edge], cwd=folder, env=t.environment(), stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            try:
                errors = process.communicate(timeout=20)[1].decode(errors="replace")
                t.judge(f"{command} {option} {edge}", process.returncode, errors)
            except subprocess.TimeoutExpired:  # a great number of epochs takes its time: Ctrl-C ends it
                process.send_signal(signal.SIGINT)
                try: errors = process.communicate(timeout=30)[1].decode(errors="replace")
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.communicate()
                    t.found(f"{command} {option} {edge}: runs on, also after Ctrl-C")
                else:
                    # 0: what was left took no longer than the signal.
                    if process.returncode not in (0, 130, -signal.SIGINT):
                        t.found(f"{command} {option} {edge}: ended with {process.returncode} after Ctrl-C: {errors.strip()[-200:]}")
        t.note("numbers")
    t.each(cases, one, until)


def pipes(t):
    """A pipe where a file is expected is read, refused, or waited for until Ctrl-C; one signal is enough."""
    cases = (["check", "pipe"], ["import", "pipe", "--store", "new.sqlite"], ["train", "pipe", "--model", "new"],
                  ["recommend", "pipe", "--log", "log.csv"], ["recommend", "model", "--log", "pipe"], ["similar", "model", "--all", "--output", "pipe"],
                  ["recommend", "model", "--log", "log.csv", "--output", "pipe.csv"], ["recommend", "model", "--histories", "pipe"],
                  ["recommend", "model", "--store", "pipe", "--into", "t"], ["train", "log.csv", "--model", "new", "--config", "pipe"],
                  ["recommend", "model", "--log", "log.csv", "--users", "pipe"], ["report", "pipe"], ["diff", "pipe", "pipe"],
                  ["check", "pipe", "--repair"], ["evaluate", "pipe", "--log", "log.csv"], ["similar", "piped", "--all"])

    def one(words):
        with t.case("pipe") as folder:
            for name in ("pipe", "pipe.csv"): os.mkfifo(folder / name)
            os.mkdir(folder / "piped")
            for name in ("config.json", "model.safetensors", "vocab.txt", "cloze.json"): os.mkfifo(folder / "piped" / name)
            one_signal(t, folder, words, None)
    t.each(cases, one, time.monotonic() + 600)


def waiting(t):
    """A command that waits for standard input ends at the first Ctrl-C."""
    cases = (["check", "-"], ["import", "-", "--store", "new.sqlite"], ["recommend", "model", "--histories", "-"],
                  ["recommend", "model", "--store", "shop.sqlite", "--into", "best", "--histories", "-"],
                  ["recommend", "model", "--histories", "-", "--output", "next.csv"], ["train", "-", "--model", "new"],
                  ["evaluate", "--log", "-"])
    beginnings = (b"", b'{"user":"u","items":[]}\n', b"user,item,timestamp\nu,i,1\n")

    def one(case):
        words, first = case
        with t.case("waiting") as folder:
            reading, writing = os.pipe()
            if first: os.write(writing, first)
            one_signal(t, folder, words, reading)
            os.close(writing)
    t.each([(words, first) for words in cases for first in beginnings], one, time.monotonic() + 600)


def one_signal(t, folder, words, stdin):
    process = subprocess.Popen([t.cloze, *words], cwd=folder, env=t.environment(), stdin=subprocess.DEVNULL if stdin is None else stdin,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if stdin is not None: os.close(stdin)
    what = f"{' '.join(words)} at a pipe"
    try:
        errors = process.communicate(timeout=3 if t.long else 1)[1].decode(errors="replace")
        t.judge(what, process.returncode, errors)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
        try:
            errors = process.communicate(timeout=10)[1].decode(errors="replace")
            if process.returncode not in (130, -signal.SIGINT): t.found(f"{what}: ended with {process.returncode} after Ctrl-C: {errors.strip()[-200:]}")
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            t.found(f"{what}: one Ctrl-C does not end it")
    t.note("pipes and signals")


def mounts(t):
    """A model in a real mount point; skipped where this process may not mount."""
    with t.case("mount") as folder:
        (folder / "volume").mkdir()
        (folder / "disk").mkdir()
        script = f"""mount --bind disk volume && for seed in 1 2; do
            '{t.cloze}' train log.csv --model volume --seed $seed {' '.join(SMALL)} || exit 1; done
            '{t.cloze}' similar volume --all > out.csv && '{t.cloze}' recommend volume --log log.csv --output next.csv && ls -A volume"""
        done = subprocess.run(["unshare", "-m", "sh", "-c", "mount --bind disk volume"], cwd=folder, capture_output=True)
        if done.returncode != 0: return t.note("mount points skipped: this process may not mount")
        done = subprocess.run(["unshare", "-m", "sh", "-c", script], cwd=folder, env=t.environment(), capture_output=True)
        if done.returncode != 0: t.found(f"a model in a mount point: {done.stderr.decode(errors='replace')[-300:]}")
        elif hidden := [name for name in done.stdout.decode().split() if name.startswith(".")]: t.found(f"a mount point is left with {hidden}")
        t.note("mount points")
