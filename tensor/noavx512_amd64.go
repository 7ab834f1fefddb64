//go:build !purego && noavx512

package tensor

const noAVX512 = true
