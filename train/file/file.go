// Package file opens files that are no surprise, and writes files whole or not at all.
//
// What is to be read must be a regular file of no more than so many bytes: a directory, a
// device without end, or the wrong one of two files ends in one line, not in all of the
// memory.
//
// What is written goes to another file beside the one that it is to replace, .NAME.N.tmp. That
// is synced, takes the name, and then the directory is synced: under the name there is at any
// moment, through a crash or a loss of power, all of the old file or all of the new one. A
// process that is killed while it writes leaves the other file behind.
package file

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
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

// Read returns what is in a regular file of at most so many bytes. The error names it.
func Read(name string, most int64) ([]byte, error) {
	f, err := Open(name, most)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// Writable returns an error if Write could not write a file of the given name.
func Writable(name string) error {
	_, f, err := begin(name)
	if err != nil {
		return err
	}
	f.Close()
	return os.Remove(f.Name())
}

// Same reports whether two names, with links followed, are those of one file, be it there or
// not.
func Same(a, b string) bool {
	a, b = follow(a), follow(b)
	if x, err := os.Stat(a); err == nil {
		y, err := os.Stat(b)
		return err == nil && os.SameFile(x, y)
	}
	if filepath.Base(a) != filepath.Base(b) {
		return false
	}
	x, err1 := os.Stat(filepath.Dir(a))
	y, err2 := os.Stat(filepath.Dir(b))
	return err1 == nil && err2 == nil && os.SameFile(x, y)
}

// follow returns what a link, or a link to a link, leads to, be it there or not.
func follow(name string) string {
	for range 40 {
		to, err := os.Readlink(name)
		if err != nil {
			break
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(name), to)
		}
		name = to
	}
	return name
}

// begin returns what a file is to be called, links followed, and the file that it is until it
// is whole, with the permissions of the one that it will replace.
func begin(name string) (final string, f *os.File, err error) {
	final = follow(name)
	old, err := os.Stat(final)
	if err == nil {
		if !old.Mode().IsRegular() {
			return "", nil, fmt.Errorf("%s: not a file that could be replaced", name)
		}
		f, err := os.OpenFile(final, os.O_WRONLY, 0) // what must not be written must not be replaced
		if err != nil {
			return "", nil, err
		}
		f.Close()
	}
	dir, base := filepath.Split(final)
	for n := os.Getpid(); ; n++ { // another process may be at the same file
		f, err := os.OpenFile(fmt.Sprintf("%s.%s.%d.tmp", dir, base, n), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err == nil && old != nil {
			f.Chmod(old.Mode().Perm()) // where the file system has them
		}
		return final, f, err
	}
}

// Write writes a file under the given name, or leaves what is there. A link is followed.
func Write(name string, data []byte) (err error) {
	name, out, err := begin(name)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			out.Close()
			os.Remove(out.Name())
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
	if err := os.Rename(out.Name(), name); err != nil {
		return err
	}
	return syncDir(filepath.Dir(name))
}
