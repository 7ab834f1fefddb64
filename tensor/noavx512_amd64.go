//go:build noavx512 && !purego

package tensor

func init() { hasAVX512 = false }
