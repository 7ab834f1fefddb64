// Package file reads regular files of limited size, and writes files whole or not at all.
//
// Open and Read take a limit in bytes. A directory, an endless device or a file that is too large is
// an error of one line, and does not fill the memory.
//
// Write writes to a temporary file in the same directory, .NAME.N.tmp. It syncs that file, renames it to NAME,
// and syncs the directory. So at any moment, even after a crash or a power cut, NAME is all of the old file or
// all of the new one. A process that is killed during Write leaves its temporary file behind.
package file

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// Open opens a regular file of at most the given number of bytes. The error names the file.
func Open(name string, most int64) (*os.File, error) {
	info, err := os.Stat(name) // before os.Open, which would wait for the other end of a pipe
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: not a regular file", name)
	case info.Size() > most:
		return nil, fmt.Errorf("%s: too large: %d bytes, at most %d are read", name, info.Size(), most)
	}
	return os.Open(name)
}

// Read returns the contents of a regular file of at most the given number of bytes. The error names the file.
func Read(name string, most int64) ([]byte, error) {
	f, err := Open(name, most)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// Writable returns an error if Write cannot write a file of the given name. It leaves no trace.
func Writable(name string) error {
	_, f, err := begin(name)
	if err != nil {
		return err
	}
	f.Close()
	return os.Remove(f.Name())
}

// Same reports whether two names belong to the same file, which need not exist. It follows links.
func Same(a, b string) bool {
	a, b = follow(a), follow(b)
	same := func(a, b string) bool {
		x, err1 := os.Stat(a)
		y, err2 := os.Stat(b)
		return err1 == nil && err2 == nil && os.SameFile(x, y)
	}
	return same(a, b) || filepath.Base(a) == filepath.Base(b) && same(filepath.Dir(a), filepath.Dir(b))
}

// follow returns the name that a link, or a chain of links, leads to. The file need not exist.
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

// begin follows the links from name to the final name, and creates the temporary file beside it. If there is
// an old file, the temporary file gets its permissions.
func begin(name string) (final string, f *os.File, err error) {
	final = follow(name)
	old, err := os.Stat(final)
	if err == nil {
		if !old.Mode().IsRegular() {
			return "", nil, fmt.Errorf("%s: not a regular file: it cannot be replaced", name)
		}
		f, err := os.OpenFile(final, os.O_WRONLY, 0) // a read-only file must not be replaced either
		if err != nil {
			return "", nil, err
		}
		f.Close()
	}
	dir, base := filepath.Split(final)
	for n := os.Getpid(); ; n++ { // another process may have taken the name
		f, err := os.OpenFile(fmt.Sprintf("%s.%s.%d.tmp", dir, base, n), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err == nil && old != nil {
			f.Chmod(old.Mode().Perm()) // where the file system supports it
		}
		return final, f, err
	}
}

// Write writes a file of the given name. On an error, the old file stays. It follows links.
func Write(name string, data []byte) error {
	name, out, err := begin(name)
	if err != nil {
		return err
	}
	if _, err = out.Write(data); err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err == nil {
		err = os.Rename(out.Name(), name)
	}
	if err != nil {
		os.Remove(out.Name())
		return err
	}
	return syncDir(filepath.Dir(name))
}

// syncDir makes a rename in a directory durable, where directories can be synced.
func syncDir(dir string) error {
	switch runtime.GOOS {
	case "windows", "plan9", "js", "wasip1":
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) { // some file systems cannot
		return err
	}
	return nil
}

// WriteTable writes rows as a CSV file, whole or not at all.
func WriteTable(name string, rows [][]string) error {
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		return err
	}
	return Write(name, b.Bytes())
}
