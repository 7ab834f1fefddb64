//go:build !purego

package peak

func fmaAVX2(n int)   // does 48n multiply-adds, in 12 chains of 4 lanes
func fmaAVX512(n int) // does 96n multiply-adds, in 12 chains of 8 lanes

//go:noescape
func readAVX2(x *float64, n int) // reads 32n numbers, 4 at a time

//go:noescape
func readAVX512(x *float64, n int) // reads 32n numbers, 8 at a time
