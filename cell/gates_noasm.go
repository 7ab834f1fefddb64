//go:build !amd64 || purego

package cell

func forward(s *Step, c []float64)                  { forwardGeneric(s, c) }
func backward(s *Step, c, dh, dc, dcPrev []float64) { backwardGeneric(s, c, dh, dc, dcPrev) }
