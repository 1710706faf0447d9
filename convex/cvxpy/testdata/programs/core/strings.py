# --- methods
s = "  Hello, World  "
print(s.strip(), s.lstrip() + "|", "|" + s.rstrip(), s.upper(), s.lower(), s.strip().title(), s.swapcase(), "hello".capitalize(), "xxhixx".strip("x"), "a.b.c".split("."), "a b  c".split(), "a,b,c".split(",", 1), "a,b,c".rsplit(",", 1))
print("-".join(["a", "b"]), "".join(map(str, range(5))), "hello".replace("l", "L"), "hello".replace("l", "L", 1), "hello".find("l"), "hello".rfind("l"), "hello".find("z"), "hello".index("e"), "hello".count("l"), "hello".startswith("he"), "hello".endswith(("x", "lo")), "hello".startswith("l", 2))
print("42".zfill(5), "-42".zfill(5), "a".ljust(3, "."), "a".rjust(3), "a".center(4, "*"), "ab".center(5, "*"), "1,2".partition(","), "a-b-c".rpartition("-"), "abc".partition("x"), "prefix_x".removeprefix("prefix_"), "x.py".removesuffix(".py"))
print("abc".isalpha(), "123".isdigit(), "a1".isalnum(), " ".isspace(), "ABC".isupper(), "abc".islower(), "1.5".isnumeric(), "".isalpha(), "a\nb\r\nc".splitlines(), "a\nb".splitlines(True), "var_1".isidentifier(), "tItLe wORD".title(), "a\tb".split("\t"))
# --- f strings
x, y, name = 3.14159, 42, "bob"
print(f"{x:.2f} {y:5d}| {y:<5}| {y:>5}| {y:^5}| {y:05d} {y:+d} {x:8.3f}| {x:e} {x:.3e} {x:g} {name:>6} {name:*^7} {name!r} {name!s:>5}")
print(f"{y:,} {1234567:,} {1234567.891:,.2f} {0.256:.1%} {255:x} {255:X} {255:#x} {5:b} {5:#b} {8:o} {65:c} {1e10:.3g} {123456789:.3g} {1234567:_}")
print(f"{x=} {y = } {name=!s} {x=:.1f} {{braces}} {'nested ' + 'quotes'} {y if y > 3 else 0} {[i for i in range(3)]} {dict(a=1)['a']} {x:{6}.{2}f} {'a' 'b'}")
print(f"{x!r:>10}", f"{None}", f"{True}", f"{[1, 'a']}", f"{(1,)}", f"{1:<3}|", f"{'é':>3}|", f"{3:4}|{3.0:4}|{'a':4}|")
print(f"{1e16} {1e15} {1e-5} {0.0001} {1/3} {100.0} {1e100} {2**70} {-0.0} {float('inf')} {float('nan')}")
print(f"{12345.678:10.1f}|{12345.678:<10.1f}|{12345.678:^10.1f}|{-5:>4}|{-5:<4}|{-5:04}|{5: }|{-5: }")
# --- format function
print("{} {}".format(1, 2), "{1} {0}".format("a", "b"), "{x} {y:.1f}".format(x=1, y=2.55), "{0[1]} {0[0]}".format([1, 2]), "{a.real}".format(a=5), "{:>{w}}".format("a", w=5), "{!r}".format("a"), "{{}}".format(), "{:,}".format(10**6), format(3.14159, ".2f"), format("a", ">3"), "{d[key]}".format(d={"key": 7}))
# --- percent
print("%d %s %r %.2f %5d| %-5d| %05d %x %X %o %e %g %% %c %+d" % (1, "a", "b", 3.14159, 42, 42, 42, 255, 255, 8, 12345.678, 0.0001, "z", 5))
print("%s" % [1, 2], "%s" % (1,), "%(name)s is %(n)d" % {"name": "x", "n": 3}, "%5.1f|%-8s|%8s|" % (2.25, "ab", "cd"), "%d" % 3.9, "%s" % None, "%.3s" % "abcdef", "%*d" % (5, 3), "%i" % 7, "%10.3e|" % 12345.6789)
# --- float reprs
for v in [0.1, 1.0, 1e5, 123456789.123, 1e22, 1e21, 1e16, 9999999999999998.0, 1.5e-7, 0.00012, 1/3, 2/3, 100/3, 5e-324, 1.7976931348623157e308, -1.5, 1e3, 3.0e10, 0.1 + 0.2]:
    print(v, repr(v), str(v), end="; ")
print()
# --- general format
for v in [0.0, 1.0, 10.0, 123456.0, 1234567.0, 0.0001, 0.00001, 1.5, 1e100]:
    print(f"{v:g} {v:.3g} {v:.10g} {v:} {v:.3} {v:#.3g} {v:n}", end="; ")
print()
# --- rounding in format
print(f"{0.5:.0f} {1.5:.0f} {2.5:.0f} {2.675:.2f} {1.005:.2f} {0.125:.2f} {1e-10:.3f} {999.9995:.3f} {1.25:.1f} {1.35:.1f}")
# --- round
print(round(0.5), round(1.5), round(2.5), round(-0.5), round(2.675, 2), round(1234.5678, 2), round(1234.5678, -2), round(5, 2), round(15, -1), round(25, -1), round(1e300), round(3.7), round(-3.7), round(2.5, 0), round(0.1 + 0.2, 10))
# --- escapes
print("a\tb\\n\'\"\x41\u00e9\101", r"raw\n", "multi" "part", """triple
line""", 'single \'quoted\'', "it's", 'say "hi"', "both ' and \"")
print(repr("a\tb\n\\'"), repr("it's"), repr('"'), repr("both ' \""), repr("\x00\x7f\xa0é\u200b"), ascii("é"), repr("日本"))
# --- comparisons
print("a" < "b", "a" < "B", "abc" < "abd", "Z" < "a", "" < "a", "10" < "9", max("abc"), sorted(["b", "A", "a"]), "é" > "z")
# --- iteration
for i, c in enumerate("héy"): print(i, c, ord(c), end=" ")
print([chr(97 + i) for i in range(3)], list("abc"), "abc" * 2, "a" + "b", "b" in "abc", "ac" in "abc")
# --- conversions
print(int("42"), int("  -7 "), int("1_000"), int("ff", 16), int("0b11", 2), int("0x1f", 0), int(3.99), int(-3.99), int(True), float("3.5"), float("1e-3"), float(" inf "), float("-nan") != 0, str(3.0), str(None), str([1, "a"]), bool("False"), int("٣"))
# --- bad conversions
for f, v in [(int, "4.2"), (int, ""), (int, "a1"), (float, ""), (float, "1,5"), (float, "1__0"), (int, "1_"), (int, "0x10"), (float, "0x10"), (int, "é")]:
    try:
        print(f(v))
    except ValueError as e:
        print(e)
# --- concatenation errors
for f in [lambda: "a" + 1, lambda: 1 + "a", lambda: "a" * "b", lambda: "a" - "b", lambda: "abc"["x"], lambda: "abc".foo, lambda: "a" % 5, lambda: "%d" % "x", lambda: ",".join([1, 2]), lambda: "abc"[10], lambda: "a" < 1, lambda: "{}".format()]:
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
# --- string building
rows = [("solar", 12.5), ("wind", 7.25)]
for name, v in rows:
    print(f"{name:<10}{v:>8.2f} kW")
print("=" * 20, "-" * 5, sep="\n")
print("\n".join(f"{i}: {'#' * i}" for i in range(3)))
# --- unicode names
λ_buy = [0.1, 0.2]
Δt = 0.25
print(λ_buy[0] * Δt, "λ_(t)_(B)")
# --- multi line f string
t = 3
print(f"""
T = {t}
half = {t / 2:.1f}
""".strip())
# --- format alignment numbers
print("|{:>10.2f}|{:<10.2f}|{:^10.2f}|{:010.2f}|{:+.1f}|{:=+8d}|{:*>8}|".format(1.5, 1.5, 1.5, 1.5, 1.5, 42, "x"))
# --- nested format specs
for w in (4, 6):
    for p in (0, 2):
        print(f"{3.14159:{w}.{p}f}|", end="")
print()
# --- print options
print(1, 2, sep=""); print("a", "b", sep="\n"); print("x", end=""); print(); print(); print("a", None, True, [1], sep=", "); print(*[1, 2], sep="-"); print("flush", flush=True)
# --- startswith slices
key = "price_t_12"
print(key.split("_")[-1], key[-2:], key.startswith("price"), int(key.rsplit("_", 1)[1]) + 1)
# --- bool formatting
print(f"{True:d} {True} {False:5} {True:>6}", "%d" % True, "{:.1f}".format(True))
