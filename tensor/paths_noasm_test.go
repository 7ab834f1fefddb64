//go:build !amd64 || purego

package tensor

import "testing"

func paths(t *testing.T, test func(t *testing.T)) { test(t) }
