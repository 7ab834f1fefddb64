//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package file

import "os"

const locks = false // so nobody knows whether a file is held, and none is removed

func hold(*os.File)      {}
func free(*os.File) bool { return false }
func rmdir(string) error { return nil }
