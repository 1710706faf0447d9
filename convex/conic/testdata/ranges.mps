* Every kind of row, range and bound; the optimum is worked out in the test.
NAME          RANGES
ROWS
 N  COST
 L  UPTO
 G  FROM
 E  EXACT
 E  SPREAD
 N  UNUSED
COLUMNS
    X         COST               1.0   UPTO               1.0
    X         FROM               1.0
    Y         COST               2.0   UNUSED             5.0
    Z         COST              -3.0   EXACT              1.0
    W         COST               1.0   EXACT              1.0
    W         SPREAD             1.0
    V         COST               1.0
RHS
    RHS       UPTO               9.0   FROM               3.0
    RHS       EXACT              4.0   SPREAD             1.0
    RHS       COST              -1.25
RANGES
    RNG       UPTO               8.0   FROM               2.0
    RNG       SPREAD             0.5
BOUNDS
 MI BND       Y
 UP BND       Y                -1.0
 LO BND       Y                -4.0
 UP BND       Z                 2.5
 FX BND       V                -2.0
 PL BND       W
ENDATA
