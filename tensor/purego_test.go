//go:build purego

package tensor

const purego = true
