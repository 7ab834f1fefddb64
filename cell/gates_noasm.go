//go:build !amd64 || purego

package cell

func forward(s *Step, wh []float64)  { forwardGeneric(s, wh) }
func backward(s *Step, wh []float64) { backwardGeneric(s, wh) }
