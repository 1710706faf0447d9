// Package coefficient holds the polynomials of package kernel's functions, for
// the portable code and for the generator of the assembly alike.
//
// Except where said otherwise they are weighted least-squares fits at some
// thousand Chebyshev nodes, reweighted towards the least greatest error and
// rounded to float32; the errors are relative. The tests of package kernel
// hold them against float64.
package coefficient

// Log2E is 1/ln 2. Ln2Hi has 9 bits, so that whole multiples of it are exact;
// Ln2Lo is the rest of ln 2.
const (
	Log2E = 1.44269504
	Ln2Hi = 0.693359375
	Ln2Lo = -2.12194440e-4
)

// Lowest powers first.
var (
	// Exp: e^r, |r| <= ln2/2, error 5e-9; the first three are exact.
	Exp = [...]float32{1, 1, 0.5, 0.166665181517601, 0.04166620597243309, 0.008368953131139278, 0.0013950602151453495}

	// Tanh: tanh x = x + x z P(z), z = x², |x| < 0.625, error 5e-9.
	Tanh = [...]float32{-0.3333328366279602, 0.13331490755081177, -0.05374349653720856, 0.020650586113333702, -0.005717043299227953}

	// Log: log(1+t) = s P(z), s = t/(2+t), z = s², z <= 1/9, error 5e-9; the first is exact.
	Log = [...]float32{2, 0.6666641235351562, 0.4002177119255066, 0.2799786329269409, 0.28031274676322937}

	// The magnitude of a normal variate, divided by x = 1-q, q being the
	// probability of a greater one, as a function of w = -log(1-x²): NormalMiddle
	// of w-2.5 for w < 5, error 2e-7, NormalTail of sqrt(w)-3.25 above, 4e-7. The
	// form is that of Giles, "Approximating the erfinv function", GPU Computing Gems 2.
	NormalMiddle = [...]float32{2.1233137, 3.4880266e-01, -5.9081712e-03, -1.7730101e-03, 3.0915020e-04,
		-6.2179924e-06, -4.9905652e-06, 4.8610394e-07, 4.0354628e-08}
	NormalTail = [...]float32{4.3612733, 1.4216416, 7.5755296e-03, -5.2148118e-03, 3.6045411e-03,
		-2.6431922e-03, 1.2844183e-03, -2.1950263e-04, -2.5685318e-05}
)
