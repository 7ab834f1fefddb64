package tensor

// Exp stores z_j ← e^(x_j). z and x have one length; z may be x itself, but not
// overlap it otherwise. Error: 1.02 ulp at the worst point known (TestUlp).
// Above 709.78 it is +Inf, below −745.13 it is 0, and between that and
// −708.4 it is subnormal.
func Exp(z, x []float64) {
	if len(x) != len(z) {
		panic("tensor: Exp: lengths differ")
	}
	expV(z, x)
}

// Sigmoid stores the logistic function, z_j ← σ(x_j) = 1/(1 + e^(−x_j)), which is
// never outside [0, 1]. z and x have one length; z may be x itself, but not overlap
// it otherwise. Error: 1.69 ulp at the worst point known (TestUlp).
func Sigmoid(z, x []float64) {
	if len(x) != len(z) {
		panic("tensor: Sigmoid: lengths differ")
	}
	sigmoidV(z, x)
}

// Tanh stores the hyperbolic tangent, z_j ← tanh(x_j), with tanh(−x) = −tanh(x) to
// the bit and never outside [−1, 1]. z and x have one length; z may be x itself, but
// not overlap it otherwise. Error: 1.53 ulp at the worst point known (TestUlp).
func Tanh(z, x []float64) {
	if len(x) != len(z) {
		panic("tensor: Tanh: lengths differ")
	}
	tanhV(z, x)
}
