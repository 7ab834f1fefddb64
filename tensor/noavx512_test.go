//go:build noavx512

package tensor

func init() { noAVX512 = true }
