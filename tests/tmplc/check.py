"""Runs the template compiler over golden files and over everything it must refuse.

usage: check.py TMPLC RENDER TEST_FOLDER SOURCE_FOLDER CC...
With UPDATE_GOLDEN=1 the golden files are written anew; read the difference before you keep it."""
import difflib
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # nothing is left in the source folder
import refusals

tmplc, render, here, source = map(os.path.abspath, sys.argv[1:5])
cc = sys.argv[5:]
VIEW = '{{! view struct view_page "views.h" }}\n'
ENVIRONMENT = dict(os.environ, LC_ALL="C.UTF-8")
failures = []


def fail(name, what):
    failures.append(name)
    print(f"FAIL {name}: {what}")


def run(*command, cwd):
    return subprocess.run(command, cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True,
                          encoding="utf-8", timeout=60, check=False)


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as file:
        file.write(text)


def expect(name, result, text):
    if result.returncode != 1:
        fail(name, f"exit status {result.returncode}\n{result.stderr}")
    elif text not in result.stderr:
        fail(name, f"expected “{text}” in\n{result.stderr}")
    elif "Sanitizer" in result.stderr:
        fail(name, result.stderr)


def check_golden():
    for what in ("page", "note", "words"):
        for lang in ("en", "es"):
            path = os.path.join(here, "golden", f"{what}.{lang}.txt")
            result = run(render, what, lang, cwd=here)
            if result.returncode:
                fail(path, result.stderr)
                continue
            if os.environ.get("UPDATE_GOLDEN"):
                write(here, path, result.stdout)
            with open(path, encoding="utf-8", newline="") as file:
                golden = file.read()
            if golden != result.stdout:
                fail(path, "".join(difflib.unified_diff(golden.splitlines(True),
                                                        result.stdout.splitlines(True), "golden", "now")))


def check_refusals(folder):
    for kind, cases in (("html", refusals.HTML), ("txt", refusals.TXT)):
        for name, text, message in cases:
            write(folder, f"t.{kind}", VIEW + text + "\n")
            result = run(tmplc, "--template", "-c", "t.c", "-h", "t.h", f"t.{kind}", cwd=folder)
            if message is None:
                if result.returncode:
                    fail(name, f"should pass\n{result.stderr}")
            else:
                expect(name, result, f"t.{kind}:{message}")
    write(folder, "t.html", "<p></p>\n")
    expect("no view line", run(tmplc, "--template", "-c", "t.c", "-h", "t.h", "t.html", cwd=folder),
           "t.html:1:1: error: the first line must say {{! view struct")
    write(folder, "t.html", VIEW + "<p>\r\n</p>")
    expect("carriage return", run(tmplc, "--template", "-c", "t.c", "-h", "t.h", "t.html", cwd=folder),
           "t.html:2:4: error: carriage return")


def check_catalogs(folder):
    write(folder, "t.html", VIEW + "{{_ Find {x} | x=v.text }}\n")
    for name, text, message in refusals.PO:
        write(folder, "es.po", text)
        expect(name, run(tmplc, "--check", "--strict", "-c", "t.stamp", "t.html", "es.po", cwd=folder), message)
        result = run(tmplc, "--check", "-c", "t.stamp", "t.html", "es.po", cwd=folder)
        lenient = name in ("not there", "empty", "fuzzy", "unused", "other context",
                           "plural differs", "twice")
        if (result.returncode == 0) != lenient:
            fail(name, f"without --strict: exit status {result.returncode}\n{result.stderr}")
    for name, text, message in refusals.MSG:
        write(folder, "t.msg", text + "\n")
        expect(name, run(tmplc, "--words", "-c", "t.c", "-h", "t.h", "t.msg", cwd=folder), message)


def check_lists(folder):
    """--extract and --missing print what gettext's tools can read; a filled list passes --strict."""
    write(folder, "t.html", VIEW + '{{_ A "b" }} {{_c "x" A "b" }} {{_n v.count | {n} c | {n} d }}\n<p title="{{_ A "b" }}"></p>\n')
    write(folder, "es.po", 'msgid "A \\"b\\""\nmsgstr "B"\n')
    pot = run(tmplc, "--extract", "t.html", cwd=folder)
    wanted = ['#: t.html:2\n#: t.html:3\nmsgid "A \\"b\\""\nmsgstr ""\n', 'msgctxt "x"\nmsgid "A \\"b\\""\n',
              'msgid "{n} c"\nmsgid_plural "{n} d"\nmsgstr[0] ""\nmsgstr[1] ""\n']
    for part in wanted:
        if pot.returncode or part not in pot.stdout:
            fail("extract", pot.stdout + pot.stderr)
    missing = run(tmplc, "--missing", "es.po", "t.html", cwd=folder)
    if missing.returncode or missing.stdout.count("msgid ") != 2 or wanted[2] not in missing.stdout:
        fail("missing", missing.stdout + missing.stderr)
    filled = missing.stdout.replace('msgstr ""', 'msgstr "x"').replace('[0] ""', '[0] "{n} x"').replace('[1] ""', '[1] "{n} y"')
    write(folder, "es-more.po", filled)
    result = run(tmplc, "--check", "--strict", "-c", "t.stamp", "t.html", "es.po", "es-more.po", cwd=folder)
    if result.returncode:
        fail("filled", result.stderr)


def check_compiler(folder):
    """The C compiler's complaint names the template and its line."""
    flags = ["-std=gnu17", "-fsyntax-only", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-I", here, "-I",
             source, "-I", "."]
    run(tmplc, "--template", "--include-dir", "", "-c", "row.c", "-h", "row.tmpl.h", os.path.join(here, "row.html"), cwd=folder)
    for name, text, message in [("nothing wrong", "<p>{{ v.text }}</p>", None)] + refusals.C:
        write(folder, "t.html", VIEW + "\n" + text + "\n")
        made = run(tmplc, "--template", "--include-dir", "", "-c", "t.c", "-h", "t.tmpl.h", "t.html", cwd=folder)
        if made.returncode:
            fail(name, made.stderr)
            continue
        result = run(*cc, *flags, "t.c", cwd=folder)
        if message is None:
            if result.returncode:
                fail(name, result.stderr)
        elif result.returncode == 0 or "t.html:3" not in result.stderr or message not in result.stderr:
            fail(name, f"expected t.html:3 and “{message}” in\n{result.stderr}")


with tempfile.TemporaryDirectory() as scratch:
    check_golden()
    check_refusals(scratch)
    check_catalogs(scratch)
    check_lists(scratch)
    check_compiler(scratch)
print(f"{len(failures)} failures")
sys.exit(1 if failures else 0)
