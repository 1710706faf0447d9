"""Runs the programs of one file under CPython and prints what they did.

usage: python oracle.py FILE.py...

A file holds several programs, each headed by a line "# --- name". For each
program it prints the head line, what the program wrote to standard output
(each line behind "> ") and the traceback of an uncaught exception (each line
behind "! "), without the frames of libraries.
"""
import contextlib
import io
import os
import re
import sys
import tempfile
import types
import warnings


def programs(path):
    name, lines = None, []
    with open(path, encoding="utf-8", newline="") as f:
        for line in f:
            if line.startswith("# --- "):
                if name is not None:
                    yield name, "".join(lines)
                name, lines = line[6:].strip(), []
            elif name is not None:
                lines.append(line)
    if name is not None:
        yield name, "".join(lines)


def own_frames(text):
    """Drops the frames that do not belong to the program."""
    out, skip = [], False
    for line in text.split("\n"):
        if line.startswith('  File "'):
            skip = not line.startswith('  File "program.py"') and "<fstring>" not in line
        elif not line.startswith("    ") and not line.startswith("  [Previous line"):
            skip = False
        if not skip:
            out.append(line)
    return "\n".join(out)


def run(source, folder):
    path = os.path.join(folder, "program.py")
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write(source)
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    if "cvxpy" in sys.modules:
        sys.modules["cvxpy.lin_ops.lin_utils"].ID_COUNTER.count = 1
    stdout, stderr = io.StringIO(), io.StringIO()
    failed = None
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        try:
            code = compile(source, "program.py", "exec")
            exec(code, module.__dict__)
        except BaseException as e:
            failed = e
            tb = e.__traceback__.tb_next
            strip(e, set())
            stderr.truncate(0)
            stderr.seek(0)
            sys.__excepthook__(type(e), e, tb)
    return stdout.getvalue(), own_frames(stderr.getvalue()) if failed is not None else ""


def strip(e, seen):
    """Removes this file's frames from the exceptions behind e."""
    if e is None or id(e) in seen:
        return
    seen.add(id(e))
    tb = e.__traceback__
    while tb is not None and tb.tb_frame.f_code.co_filename == __file__:
        tb = tb.tb_next
    e.__traceback__ = tb
    strip(e.__cause__, seen)
    strip(e.__context__, seen)


def prefixed(text, mark):
    if text.endswith("\n"):
        text = text[:-1]
    elif text == "":
        return
    for line in text.split("\n"):
        yield (mark + " " + line).rstrip()


def main():
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for path in sys.argv[1:]:
            for name, source in programs(path):
                stdout, error = run(source, folder)
                sys.stdout.write("# --- " + name + "\n")
                for line in list(prefixed(stdout, ">")) + list(prefixed(error, "!")):
                    line = re.sub(r"0x[0-9a-f]{6,}", "0x0", line)
                    line = re.sub(r"repeated [0-9]+ more times", "repeated N more times", line)
                    sys.stdout.write(line + "\n")


__file__ = os.path.abspath(__file__)
files = [os.path.abspath(p) for p in sys.argv[1:]]
sys.argv[1:] = files
main()
