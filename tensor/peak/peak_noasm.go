//go:build !amd64 || purego

package peak

func fmaAVX2(n int)                {}
func fmaAVX512(n int)              {}
func readAVX2(x *float64, n int)   {}
func readAVX512(x *float64, n int) {}
