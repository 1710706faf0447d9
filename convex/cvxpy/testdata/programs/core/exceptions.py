# --- order of handlers
for x in [ValueError("v"), KeyError("k"), TypeError("t"), ZeroDivisionError("z")]:
    try:
        raise x
    except (KeyError, TypeError) as e:
        print("tuple", repr(e), str(e))
    except ArithmeticError as e:
        print("arith", e)
    except Exception as e:
        print("other", type(e).__name__, e)
    else:
        print("else")
    finally:
        print("finally")
# --- else and finally
try:
    x = 1
except ValueError:
    print("no")
else:
    print("else", x)
finally:
    print("finally")
# --- name is unbound after
try:
    1 / 0
except ZeroDivisionError as e:
    pass
try:
    e
except NameError as n:
    print(n)
# --- nested
try:
    try:
        {}["a"]
    except KeyError:
        raise ValueError("inner")
except ValueError as e:
    print(e, repr(e.__context__), e.__cause__)
# --- cause
try:
    try:
        int("x")
    except ValueError as e:
        raise RuntimeError("outer") from e
except RuntimeError as e:
    print(e, "<-", e.__cause__)
# --- reraise
def f():
    try:
        raise ValueError("a")
    except ValueError:
        print("logging")
        raise
try:
    f()
except ValueError as e:
    print("again", e)
# --- bare except
try:
    undefined
except:
    print("bare")
# --- exception attributes
e = ValueError("a", 2)
print(e.args, str(e), repr(e))
print(str(ValueError()), repr(ValueError()), str(KeyError("k")), str(KeyError()), str(KeyError(1, 2)))
# --- hierarchy
print(issubclass(KeyError, LookupError), issubclass(IndexError, LookupError), issubclass(ZeroDivisionError, ArithmeticError), issubclass(FileNotFoundError, OSError), issubclass(ModuleNotFoundError, ImportError), issubclass(KeyboardInterrupt, Exception), issubclass(UnboundLocalError, NameError))
# --- exception in handler type
try:
    try:
        1 / 0
    except undefined_name:
        pass
except NameError as e:
    print(e, "/", repr(e.__context__))
# --- raise class
try:
    raise KeyError
except KeyError as e:
    print(repr(e), e.args)
# --- raise none active
try:
    raise
except RuntimeError as e:
    print(e)
# --- raise bad
for bad in ("text", 5, None, int):
    try:
        raise bad
    except TypeError as e:
        print(e)
# --- loop with continue in except
out = []
for s in ["1", "x", "3"]:
    try:
        out.append(int(s))
    except ValueError:
        continue
print(out)
# --- return in except
def safe(f, default=None):
    try:
        return f()
    except Exception as e:
        return f"{type(e).__name__}: {e}"
print(safe(lambda: 1 / 0), safe(lambda: [][0]), safe(lambda: {}["x"]), safe(lambda: None.x), safe(lambda: int("q")))
# --- assert
try:
    assert 1 == 2, "not equal"
except AssertionError as e:
    print(e)
try:
    assert False
except AssertionError as e:
    print(repr(e))
assert True
# --- stop iteration in for
def g():
    return
    yield
print(list(g()))
# --- context suppressed
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise ValueError("clean") from None
except ValueError as e:
    print(e.__suppress_context__, e.__cause__, repr(e.__context__))
# --- finally overrides
def f():
    try:
        1 / 0
    finally:
        return "swallowed"
print(f())
# --- equality
print(ValueError("a") == ValueError("a"), isinstance(ValueError(), Exception))
# --- notes
e = ValueError("x")
e.add_note("n1")
print(e.__notes__)
# --- exit caught
try:
    exit()
except SystemExit as e:
    print("exit", e.code)
# --- exception chaining messages
def convert(x):
    try:
        return float(x)
    except (TypeError, ValueError) as err:
        raise ValueError(f"bad value {x!r}: {err}")
for v in ["1.5", "abc", None]:
    try:
        print(convert(v))
    except ValueError as e:
        print(e)
