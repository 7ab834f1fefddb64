// Package file reads regular files of limited size, and writes files whole or not at all.
//
// Open and Read take a limit in bytes. For a directory, an endless device or a file that is too large, they
// return an error of one line, and do not fill the memory.
//
// Write writes to a temporary file in the same directory, .NAME.N.tmp. It syncs that file, renames it to NAME,
// and syncs the directory. So at any moment, even after a crash or a power cut, NAME is the complete old file or
// the complete new file. A process that is killed during Write leaves its temporary file behind; the next Write
// of NAME removes it. Temporary files of living processes are locked, and stay.
package file

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
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
	var b bytes.Buffer
	if info, err := f.Stat(); err == nil {
		b.Grow(int(min(info.Size(), most)) + bytes.MinRead)
	}
	_, err = b.ReadFrom(io.LimitReader(f, most))
	return b.Bytes(), err
}

// Writable returns an error if Write cannot write the named file: if the directory or the old file forbids it,
// if the old file cannot be replaced, or if standard output goes to it. Writable changes no file.
func Writable(name string) error {
	final, f, err := begin(name)
	if err != nil {
		return named(name, err)
	}
	f.Close()
	os.Remove(f.Name())
	old, err := os.Open(final)
	if err != nil {
		return nil // there is no old file, or one that can be written but not read
	}
	defer old.Close()
	for _, std := range []*os.File{os.Stdout, os.Stderr} {
		x, err1 := old.Stat()
		y, err2 := std.Stat()
		if err1 == nil && err2 == nil && os.SameFile(x, y) {
			return fmt.Errorf("%s: the output of this command goes there", name)
		}
	}
	return named(name, replaceable(final, old))
}

// Reportable returns an error if -report names a file that cannot be written, or that would replace an input. No name
// means no report, or no input.
func Reportable(report, input string) error {
	if report == "" {
		return nil
	}
	if input != "" && Same(report, input) {
		return fmt.Errorf("-report %q would replace the file to check", report)
	}
	if err := Writable(report); err != nil {
		return fmt.Errorf("-report: %w", err)
	}
	return nil
}

// replaceable returns an error if the file system does not allow renaming a file to name.
func replaceable(name string, f *os.File) error {
	// A directory with the sticky bit protects the files of other users. rmdir checks this before it
	// finds that the file is not a directory.
	if err := rmdir(name); errors.Is(err, fs.ErrPermission) {
		return err
	}
	dir, err := os.Open(filepath.Dir(name))
	if err != nil {
		return nil
	}
	defer dir.Close()
	if mount(f) != mount(dir) {
		return errors.New("it is mounted by itself, and cannot be replaced")
	}
	return nil
}

// mount returns the ID of the mount of an open file on Linux, and "" elsewhere.
func mount(f *os.File) string {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/self/fdinfo/%d", f.Fd()))
	_, id, _ := strings.Cut(string(text), "mnt_id:")
	id, _, _ = strings.Cut(id, "\n")
	return id
}

// named returns an error with the user's name of the file, not the temporary name.
func named(name string, err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return fmt.Errorf("%s: %w", name, err)
}

// Same reports whether two names belong to the same file. The file need not exist. Same follows links.
func Same(a, b string) bool {
	a, b = follow(a), follow(b)
	same := func(a, b string) bool {
		x, err1 := os.Stat(a)
		y, err2 := os.Stat(b)
		return err1 == nil && err2 == nil && os.SameFile(x, y)
	}
	return same(a, b) || filepath.Base(a) == filepath.Base(b) && same(filepath.Dir(a), filepath.Dir(b))
}

// follow returns the name at the end of a chain of links. The file need not exist.
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

// begin follows the links from name to the final name, and creates the temporary file in the same directory.
// If there is an old file, the temporary file gets its permissions.
func begin(name string) (final string, f *os.File, err error) {
	final = follow(name)
	old, err := os.Stat(final)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil: // a link that leads to itself
		return "", nil, err
	case !old.Mode().IsRegular():
		return "", nil, errors.New("not a regular file: it cannot be replaced")
	default:
		f, err := os.OpenFile(final, os.O_WRONLY, 0) // a read-only file must not be replaced either
		if err != nil {
			return "", nil, err
		}
		f.Close()
	}
	for n := time.Now().UnixNano(); ; n++ { // never a used name: another process may be about to remove it
		f, err := os.OpenFile(temporary(final, strconv.FormatInt(n, 10)), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err == nil {
			hold(f)
			if _, err := os.Stat(f.Name()); err != nil { // another process removed it first
				f.Close()
				continue
			}
			if old != nil {
				f.Chmod(old.Mode().Perm()) // where the file system supports it
			}
		}
		return final, f, err
	}
}

// temporary returns the name of a temporary file. The number n is part of the name.
func temporary(final, n string) string {
	dir, base := filepath.Split(final)
	return dir + "." + base + "." + n + ".tmp"
}

// clean removes the temporary files of killed processes: no process holds them.
func clean(final string) {
	entries, _ := os.ReadDir(filepath.Dir(final))
	before, after, _ := strings.Cut(filepath.Base(temporary(final, "\x00")), "\x00")
	for _, e := range entries {
		n, ok1 := strings.CutPrefix(e.Name(), before)
		n, ok2 := strings.CutSuffix(n, after)
		if _, err := strconv.ParseUint(n, 10, 64); err != nil || !ok1 || !ok2 || !e.Type().IsRegular() {
			continue
		}
		f, err := os.OpenFile(temporary(final, n), os.O_RDWR, 0)
		if err != nil {
			continue
		}
		if free(f) {
			os.Remove(f.Name())
		}
		f.Close()
	}
}

// Write writes the named file. It follows links. On an error, the old file stays.
func Write(name string, data []byte) error {
	return Create(name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// Create works like Write, but calls write to write the contents.
func Create(name string, write func(w io.Writer) error) error {
	clean(follow(name))
	final, out, err := begin(name)
	if err != nil {
		return named(name, err)
	}
	w := bufio.NewWriterSize(out, 1<<20)
	if err = write(w); err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = out.Sync()
	}
	if !locks { // on Windows an open file cannot be renamed
		err = cmp.Or(err, out.Close())
	}
	if err == nil {
		err = os.Rename(out.Name(), final)
	}
	if err != nil {
		os.Remove(out.Name())
	} else {
		err = syncDir(filepath.Dir(final))
	}
	out.Close() // now clean may remove it
	return named(name, err)
}

// syncDir makes a rename in a directory durable, if the system can sync directories.
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
