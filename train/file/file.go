// Package file opens files that are no surprise, and writes files whole or not at all.
//
// What is to be read must be a regular file of no more than so many bytes: a directory, a
// device without end, or the wrong one of two files ends in one line, not in all of the
// memory.
//
// What is written goes to another file beside the one that it is to replace, .NAME.tmp. That
// is synced, takes the name, and then the directory is synced: under the name there is at any
// moment, through a crash or a loss of power, all of the old file or all of the new one.
package file

import (
	"fmt"
	"os"
	"path/filepath"
)

// Open opens a regular file of at most so many bytes. The error names it.
func Open(name string, most int64) (*os.File, error) {
	info, err := os.Stat(name) // first: to open a pipe would wait for its other end
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: not a regular file", name)
	case info.Size() > most:
		return nil, fmt.Errorf("%s: %d bytes are more than %d", name, info.Size(), most)
	}
	return os.Open(name)
}

// Writable returns an error if Write could not write a file of the given name.
func Writable(name string) error {
	_, temporary, err := target(name)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	f.Close()
	return os.Remove(temporary)
}

// Same reports whether two names, with links followed, are those of one file, be it there or
// not.
func Same(a, b string) bool {
	if x, err := os.Stat(a); err == nil {
		y, err := os.Stat(b)
		return err == nil && os.SameFile(x, y)
	}
	x, err1 := filepath.Abs(a)
	y, err2 := filepath.Abs(b)
	return err1 == nil && err2 == nil && x == y
}

// target returns what a file is to be called, links followed, and until it is whole.
func target(name string) (final, temporary string, err error) {
	if to, err := filepath.EvalSymlinks(name); err == nil {
		name = to
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return "", "", fmt.Errorf("%s: not a file that could be replaced", name)
	}
	return name, filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+".tmp"), nil
}

// Write writes a file under the given name, or leaves what is there. A link is followed.
func Write(name string, data []byte) (err error) {
	name, temporary, err := target(name)
	if err != nil {
		return err
	}
	out, err := os.Create(temporary)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			out.Close()
			os.Remove(temporary)
		}
	}()
	if _, err := out.Write(data); err != nil {
		return err
	}
	if err := out.Sync(); err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	if err := os.Rename(temporary, name); err != nil {
		return err
	}
	return syncDir(filepath.Dir(name))
}
