//go:build !amd64 || purego

package cell

func forwardAsm(s *Step, wh []float64) bool  { return false }
func backwardAsm(s *Step, wh []float64) bool { return false }
