package main

// The polynomials are weighted least-squares fits at 4,000 Chebyshev nodes,
// reweighted towards the least greatest error, rounded to float32. The same
// numbers stand in elementwise.go of package kernel; its tests hold both
// against each other and against float64.
const (
	log2e = 1.44269504
	ln2Hi = 0.693359375 // 9 bits: n*ln2Hi is exact
	ln2Lo = -2.12194440e-4

	// e^r = 1 + r + r²(1/2 + r P(r)), |r| <= ln2/2; relative error 5e-9.
	expP0 = 0.166665181517601
	expP1 = 0.04166620597243309
	expP2 = 0.008368953131139278
	expP3 = 0.0013950602151453495

	// tanh x = x + x z P(z), z = x², |x| < 0.625; relative error 5e-9.
	tanhP0 = -0.3333328366279602
	tanhP1 = 0.13331490755081177
	tanhP2 = -0.05374349653720856
	tanhP3 = 0.020650586113333702
	tanhP4 = -0.005717043299227953

	// log(1+t) = 2s + s z P(z), s = t/(2+t), z = s², 0 <= t <= 1; relative error 5e-9.
	logP0 = 0.6666641235351562
	logP1 = 0.4002177119255066
	logP2 = 0.2799786329269409
	logP3 = 0.28031274676322937

	// The magnitude of a normal variate, divided by x = 1-q, q being the
	// probability of a greater one, as a function of w = -log(1-x²): of w-2.5
	// for w < 5, relative error 2e-7, and of sqrt(w)-3.25 above, 4e-7. The form
	// is that of Giles, "Approximating the erfinv function", GPU Computing Gems 2.
	normalC0 = 2.1233137
	normalC1 = 3.4880266e-01
	normalC2 = -5.9081712e-03
	normalC3 = -1.7730101e-03
	normalC4 = 3.0915020e-04
	normalC5 = -6.2179924e-06
	normalC6 = -4.9905652e-06
	normalC7 = 4.8610394e-07
	normalC8 = 4.0354628e-08

	normalT0 = 4.3612733
	normalT1 = 1.4216416
	normalT2 = 7.5755296e-03
	normalT3 = -5.2148118e-03
	normalT4 = 3.6045411e-03
	normalT5 = -2.6431922e-03
	normalT6 = 1.2844183e-03
	normalT7 = -2.1950263e-04
	normalT8 = -2.5685318e-05
)
