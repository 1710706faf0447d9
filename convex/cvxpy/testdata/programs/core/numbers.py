# --- arithmetic
print(7 // 2, -7 // 2, 7 % 3, -7 % 3, 7 % -3, 7 / 2, 6 / 3, 2 ** 10, 2 ** -1, 0 ** 0, 7.5 // 2, -7.5 // 2, -7.5 % 2, 7 % 2.5, divmod(7, 2), divmod(-7, 2), divmod(7.5, 2), 1e3, 10 // 3 * 3 + 10 % 3)
# --- big integers
a = 2 ** 100
print(a, a // 3, a % 1000007, -a // 3, a * a, a + 1 - a, a >> 90, 1 << 70, a & 0xFF, a | 1, a ^ a, ~a, a == 2 ** 100, a > 1e30, a < float("inf"), hash(a) == hash(2.0 ** 100), a / 3, float(a), int(1e20), -a % 7, divmod(a, -7), abs(-a), pow(2, 100, 13), (a + 1) % 2 == 1)
# --- overflow into big
x = 9223372036854775807
print(x + 1, x * 2, -x - 2, x - -1, (x + 1) // 2, x * x, -(-x - 1), (-x - 1) // -1, abs(-x - 1), x + 1 - 1 == x, (x + 1) * 0)
# --- floats
print(0.1 + 0.2, 1 / 3, 1e308 * 10, -1e308 * 10, 1e-320, 5 % 0.3, 2.0 ** 0.5, 10 ** -2, 1e16 + 1, 3.0 == 3, 0.1 * 3, float("inf") - float("inf"), 1.0 // 0.1, -0.0, 0.0 == -0.0, 2 ** 0.5, (-2.0) ** 3, 4 ** 0.5)
# --- bits
print(5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 4, 256 >> 2, -1 >> 1, True & False, True | 0, True ^ True, 0b1010, 0o17, 0xff, 1_000_000)
# --- booleans
print(True + True, True * 3, sum([True, False, True]), int(True), True == 1, True is 1 if False else "x", not True, True / 2, -True, ~True)
# --- comparisons
print(1 < 2.5, 3 == 3.0, 2 ** 53 == 2.0 ** 53, 2 ** 53 + 1 == 2.0 ** 53, float("nan") == float("nan"), float("nan") != 1, 1 < float("inf"), min(1, 2.0), max(1, 1.0), 1 != 1.0)
# --- abs and pow
print(abs(-3), abs(-3.5), abs(True), pow(2, 3), pow(2.0, 3), pow(2, -2), pow(3, 4, 5), pow(3, -1, 7))
# --- conversions
print(int(2.7), int(-2.7), float(3), int("12"), round(2.567, 1), bin(10), hex(255), oct(8), bin(-5), hex(2 ** 70), (5).bit_length(), (2.0).is_integer(), (2.5).is_integer(), (0.5).real, (3).conjugate())
# --- errors
def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
for f in [lambda: 1 / 0, lambda: 1 // 0, lambda: 1 % 0, lambda: 1.0 / 0, lambda: 1.0 // 0, lambda: 1.0 % 0, lambda: 0 ** -1, lambda: 0.0 ** -2, lambda: 2.0 ** 5000, lambda: int(float("nan")), lambda: int(float("inf")), lambda: 1 + "a", lambda: [1] + 1, lambda: 1 << -1, lambda: 10 ** 400 / 1, lambda: float(10 ** 400), lambda: 1 + None, lambda: -"a", lambda: ~1.5, lambda: 1.5 & 1, lambda: divmod(1, 0), lambda: pow(2, 3, 0), lambda: 1 @ 2, lambda: 5 % "a", lambda: None * 2, lambda: {} + {}, lambda: (10 ** 400) + 0.5]:
    attempt(f)
# --- augmented
x = 10
x += 5; x -= 3; x *= 2; x //= 5; x **= 3; x %= 50; x /= 4; print(x)
y = 6
y &= 3; y |= 8; y ^= 1; y <<= 2; y >>= 1; print(y)
# --- precedence
print(-2 ** 2, 2 ** 3 ** 2, 2 * 3 + 4, 2 + 3 * 4 ** 2 / 8 % 5, not 1 == 2, 1 + 2 << 3, 1 | 2 & 3, -3 // 2, 5 - -3, 2 ** -1, ~1 + 1, 1 < 2 == True, (1, 2) + (3,), 3 if 0 else 4 or 5)
# --- hash
print(hash(1), hash(-1), hash(1.0), hash(2 ** 61 - 1), hash(2 ** 61), hash(0.5), hash(1.5), hash(-2.25), hash(True), hash(float("inf")), hash((1, 2, 3)), hash(()), hash((1.5, (2,))))
# --- integer division sums
T = 96
print([t // 4 for t in range(0, T, 12)], [t % 24 for t in (0, 23, 24, 95)], T / 4, T // 4, int(T / 4), (T - 1) // 4)
# --- float formatting of results
print(3 * 0.1, 0.25 * 96, 1e-3 * 1e3, 123456789 * 0.001, 1 / 7, 22 / 7, 1e5 / 3, 2 / 3 * 100)
# --- mixed sums
print(sum([1, 2.5, True]), sum([0.1] * 10), sum(x / 10 for x in range(10)), 1 + 2 + 3.0, 10 ** 2 * 1.0)
