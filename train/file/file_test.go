package file

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "x")
	for _, text := range []string{"old", "new"} {
		if err := Writable(name); err != nil {
			t.Fatal(err)
		}
		if err := Write(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(name); err != nil || string(got) != text {
			t.Fatalf("%q, %v, want %q", got, err, text)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
	for _, write := range []func(name string) error{func(name string) error { return Write(name, nil) }, Writable} {
		if err := write(filepath.Join(dir, "none", "x")); err == nil {
			t.Error("in a directory that does not exist: no error")
		}
		if err := write(dir); err == nil || !strings.Contains(err.Error(), dir) {
			t.Errorf("over a directory: %v", err)
		} else if strings.Contains(err.Error(), ".tmp") {
			t.Errorf("the error names the temporary file: %v", err)
		}
	}
	if runtime.GOOS == "windows" {
		return
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(name, link); err != nil {
		t.Fatal(err)
	}
	if err := Write(link, []byte("through the link")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v %v", info, err)
	}
	if got, _ := os.ReadFile(name); string(got) != "through the link" {
		t.Errorf("%q", got)
	}
	if !Same(link, name) {
		t.Error("a link is not its file")
	}
	none, dangling := filepath.Join(dir, "later"), filepath.Join(dir, "dangling")
	if err := os.Symlink("later", dangling); err != nil {
		t.Fatal(err)
	}
	if !Same(dangling, none) {
		t.Error("Same is false for a link and its file, before the file exists")
	}
	if err := Write(dangling, []byte("x")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(none); err != nil || !info.Mode().IsRegular() {
		t.Errorf("not written where the link leads: %v", err)
	}
	other := filepath.Join(t.TempDir(), "other")
	if err := os.Symlink(dir, other); err != nil {
		t.Fatal(err)
	}
	if !Same(filepath.Join(other, "new"), filepath.Join(dir, "new")) {
		t.Error("Same is false for a file and its name through a link to the directory")
	}
	if err := os.Chmod(name, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Write(name, nil); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its permissions are now %v, %v", info.Mode(), err)
	}
	if err := os.Symlink("loop", filepath.Join(dir, "loop")); err != nil {
		t.Fatal(err)
	}
	for _, write := range []func(name string) error{func(name string) error { return Write(name, nil) }, Writable} {
		if err := write(filepath.Join(dir, "loop")); err == nil {
			t.Error("a link that leads to itself was replaced")
		}
	}
}

// TestStale: Write removes the temporary files of killed processes, and no other files.
func TestStale(t *testing.T) {
	t.Parallel()
	if !locks {
		t.Skip("no locks here")
	}
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	held := fmt.Sprintf(".x.%d.tmp", os.Getpid())
	keep := []string{held, ".x.tmp", ".x.y.tmp", ".xx.1.tmp", ".x.1.tmp.1", "x.1.tmp", ".x.-1.tmp"}
	for _, name := range append([]string{".x.1.tmp", ".x.99999.tmp"}, keep...) {
		if err := os.WriteFile(path(name), []byte(name), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Open(path(held))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	hold(f)
	if err := Write(path("x"), []byte("y")); err != nil {
		t.Fatal(err)
	}
	for _, name := range keep {
		if got, err := os.ReadFile(path(name)); err != nil || string(got) != name {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != len(keep)+1 {
		t.Errorf("left behind: %v", entries)
	}
}

// TestAtOnce: many goroutines write one file at once. The file is whole, and no temporary file is left.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	dir, errs := t.TempDir(), make(chan error)
	name := filepath.Join(dir, "x")
	for range 8 {
		go func() {
			var err error
			for range 20 {
				err = cmp.Or(err, Write(name, []byte("whole")))
			}
			errs <- err
		}()
	}
	for range 8 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if got, err := os.ReadFile(name); string(got) != "whole" {
		t.Errorf("%q, %v", got, err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

// TestMounted: Writable refuses a file that cannot be replaced. In a container, files of /etc are mounted.
func TestMounted(t *testing.T) {
	const name = "/etc/hosts"
	f, err1 := os.OpenFile(name, os.O_WRONLY, 0)
	dir, err2 := os.Open("/etc")
	if err1 != nil || err2 != nil || mount(f) == mount(dir) {
		t.Skip("/etc/hosts is not mounted by itself")
	}
	defer f.Close()
	defer dir.Close()
	if err := Writable(name); err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), ".tmp") {
		t.Errorf("%v, want an error that names %s", err, name)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "x")
	if err := os.WriteFile(name, []byte("12345"), 0o666); err != nil {
		t.Fatal(err)
	}
	if f, err := Open(name, 5); err != nil {
		t.Error(err)
	} else {
		f.Close()
	}
	for _, c := range []struct {
		name string
		most int64
		want string
	}{
		{name, 4, name},
		{dir, 1 << 30, dir},
		{os.DevNull, 5, os.DevNull},
		{filepath.Join(dir, "none"), 5, "none"},
	} {
		if _, err := Open(c.name, c.most); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestSame(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	dotted := dir + "/c/../a"
	for range 2 { // before a exists, and after
		if !Same(a, dotted) || Same(a, b) || Same(b, a) {
			t.Errorf("%s: Same is wrong", a)
		}
		if err := os.Mkdir(filepath.Join(dir, "c"), 0o777); err != nil {
			return
		}
		if err := os.WriteFile(a, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// TestReportable: a report may not replace its input, and must be a file that can be written.
func TestReportable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	for _, c := range []struct {
		report, input string
		fine          bool
	}{{"", "", true}, {"", a, true}, {a, "", true}, {a, b, true}, {a, a, false}, {a, dir + "/c/../a", false}, {dir + "/none/x", "", false}} {
		if err := Reportable(c.report, c.input); (err == nil) != c.fine {
			t.Errorf("%s of %s: %v", c.report, c.input, err)
		}
	}
}

// Write replaces a file as a whole.
func Example() {
	name := filepath.Join(os.TempDir(), "example.txt")
	defer os.Remove(name)
	fmt.Println(Write(name, []byte("the first\n")), Write(name, []byte("the second\n")))
	text, _ := os.ReadFile(name)
	fmt.Print(string(text))
	// Output:
	// <nil> <nil>
	// the second
}
