package task

import "lstm/tensor"

// What several tasks need.

// oneHot appends n numbers to x: a one at place k among zeros.
func oneHot(x []float64, n, k int) []float64 {
	for i := range n {
		v := 0.0
		if i == k {
			v = 1
		}
		x = append(x, v)
	}
	return x
}

// sineWave returns n samples of sin over [0, end], both ends included.
func sineWave(end float64, n int) []float64 {
	x := make([]float64, n)
	step := end / float64(n-1)
	for i := range x {
		x[i] = tensor.Sin(float64(i) * step)
	}
	x[n-1] = tensor.Sin(end)
	return x
}

// chunk returns the steps of an endless sequence that iteration n takes, and whether the
// state is carried to them. After its last step the sequence begins again.
func chunk(n, steps, stride int) (from, to int, carry bool) {
	from = n % ((steps + stride - 1) / stride) * stride
	return from, min(from+stride, steps), from > 0
}

// validateEvery returns how many iterations lie between validations on so many steps, such
// that validation takes less time than training. The results divide 5,000, the default
// number of iterations, so the last iteration is validated.
func validateEvery(steps int) int {
	for _, every := range []int{50, 100} {
		if steps <= 40*every {
			return every
		}
	}
	return 250
}
