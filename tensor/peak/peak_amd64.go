//go:build !purego

package peak

// fmaAVX2 does 48n multiply-adds, in 12 chains of 4 lanes.
//
//go:noescape
func fmaAVX2(n int)

// fmaAVX512 does 96n multiply-adds, in 12 chains of 8 lanes.
//
//go:noescape
func fmaAVX512(n int)

// readAVX2 reads 32n numbers.
//
//go:noescape
func readAVX2(x *float64, n int)
