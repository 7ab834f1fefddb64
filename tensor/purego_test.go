//go:build purego

package tensor

func init() { purego = true }
