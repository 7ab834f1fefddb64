package tensor

// An ulp is a unit in the last place, the distance from a float64 to the next. The errors
// below are the largest that TestUlp has found.

// Exp stores z_j ← e^(x_j). z and x have the same length. z may be x itself, but must not
// overlap it otherwise. Above 709.78 the result is +Inf, below −745.13 it is 0, and from
// there to −708.4 it is subnormal.
//
// Error: 1.02 ulp, at 3.8696603278821904: the result is 47.926104154421083, and e^x is
// 47.926104154421090.
func Exp(z, x []float64) {
	if len(x) != len(z) {
		panic("tensor: Exp: lengths differ")
	}
	expV(z, x)
}

// Sigmoid stores the logistic function, z_j ← σ(x_j) = 1/(1 + e^(−x_j)), which is never
// outside [0, 1]. z and x have the same length. z may be x itself, but must not overlap it
// otherwise.
//
// Error: 1.69 ulp, at −1.143504953691077: the result is 0.24167742860581948, and σ(x) is
// 0.24167742860581943.
func Sigmoid(z, x []float64) {
	if len(x) != len(z) {
		panic("tensor: Sigmoid: lengths differ")
	}
	sigmoidV(z, x)
}

// Tanh stores the hyperbolic tangent, z_j ← tanh(x_j), which is never outside [−1, 1].
// tanh(−x) is −tanh(x) to the bit. z and x have the same length. z may be x itself, but must
// not overlap it otherwise.
//
// Error: 1.53 ulp, at 0.5774975415164395: the result is 0.52084421243040402, and tanh x is
// 0.52084421243040419.
func Tanh(z, x []float64) {
	if len(x) != len(z) {
		panic("tensor: Tanh: lengths differ")
	}
	tanhV(z, x)
}
