package scalar

// loss returns the loss of one step with outputs y (O) and its targets (O). Without targets it is 0.
func loss[N Number](n Net, y []N, target []float64) (sum N) {
	if n.Softmax {
		// −Σ_n target_n ln p_n
		_, logP := Softmax(y)
		for m := range target {
			sum -= number[N](target[m]) * logP[m]
		}
		return sum
	}
	// 1/O Σ_n (y_n − target_n)²
	for m := range target {
		d := y[m] - number[N](target[m])
		sum += d * d
	}
	return sum / number[N](float64(n.O))
}

// lossBackward returns dy, the derivative of loss with respect to y. Without targets it is zero.
func lossBackward(n Net, y, target []float64) []float64 {
	dy := make([]float64, n.O)
	p, _ := Softmax(y)
	for m := range target {
		if n.Softmax {
			dy[m] = p[m] - target[m]
		} else {
			dy[m] = 2 * (y[m] - target[m]) / float64(n.O)
		}
	}
	return dy
}

// Softmax returns the probabilities p_n = e^y_n / Σ_m e^y_m of y (O), and their logarithms. It subtracts the
// largest y from all of them first: that changes no p, and no exponential is above 1.
func Softmax[N Number](y []N) (p, logP []N) {
	largest := y[0]
	for _, x := range y {
		if re(x) > re(largest) {
			largest = x
		}
	}
	var sum N
	for _, x := range y {
		p = append(p, exp(x-largest))
		sum += p[len(p)-1]
	}
	logSum := log(sum)
	for m := range p {
		p[m] /= sum
		logP = append(logP, y[m]-largest-logSum)
	}
	return p, logP
}
