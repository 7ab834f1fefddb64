//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package file

import "os"

const locks = false // clean cannot know whether a process holds a file, so it removes none

func hold(*os.File)      {}
func free(*os.File) bool { return false }
func rmdir(string) error { return nil }
