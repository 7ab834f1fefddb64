//go:build !purego

package tensor

const purego = false
