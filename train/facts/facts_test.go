package facts

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A recorder is a test that counts its errors.
type recorder struct {
	testing.TB
	errors int
}

func (r *recorder) Helper()               {}
func (r *recorder) Error(...any)          { r.errors++ }
func (r *recorder) Errorf(string, ...any) { r.errors++ }
func (r *recorder) Logf(string, ...any)   {}

func TestBlock(t *testing.T) {
	const page = "# A page\n\n<!-- table:a -->\nold\n<!-- /table:a -->\n\n<!-- table:b -->\n<!-- /table:b -->"
	was := *update
	defer func() { *update = was }()
	for _, c := range []struct {
		page, name, text string
		update           bool
		errors           int
		want             string // the contents of the file after Block
	}{
		{page, "table:a", "old\n", false, 0, page},
		{page, "table:a", "new\n", false, 1, page},
		{page, "table:a", "new\n", true, 0, strings.Replace(page, "old", "new", 1)},
		{page, "table:b", "new\n", true, 0, strings.Replace(page, "<!-- table:b -->\n", "<!-- table:b -->\nnew\n", 1)},
		{page, "table:c", "new\n", true, 0, page},
		{"<!-- a -->\nno end\n", "a", "new\n", true, 0, "<!-- a -->\nno end\n"},
		{strings.ReplaceAll(page, "\n", "\r\n"), "table:a", "old\n", false, 0, strings.ReplaceAll(page, "\n", "\r\n")},
	} {
		name := filepath.Join(t.TempDir(), "page.md")
		if err := os.WriteFile(name, []byte(c.page), 0o666); err != nil {
			t.Fatal(err)
		}
		*update = c.update
		r := &recorder{TB: t}
		Block(r, name, c.name, c.text)
		got, err := os.ReadFile(name)
		if err != nil || string(got) != c.want || r.errors != c.errors || Update() != c.update {
			t.Errorf("%s, %q, -update %v: %d errors, %v, and the page is\n%s", c.name, c.text, c.update, r.errors, err, got)
		}
	}
	*update = true
	name, r := filepath.Join(t.TempDir(), "none.md"), &recorder{TB: t}
	if Block(r, name, "table:a", "new\n"); r.errors != 0 {
		t.Error("a page that is missing is an error")
	}
	if _, err := os.Stat(name); err == nil {
		t.Error("a page that is missing is made")
	}
}

// Write a figure into a page.
func Example() {
	page := "It learns after\n<!-- count -->\n?\n<!-- /count -->\nsequences.\n"
	page, found := Replace(page, "count", "5,328\n")
	fmt.Print(found, "\n", page)
	// Output:
	// true
	// It learns after
	// <!-- count -->
	// 5,328
	// <!-- /count -->
	// sequences.
}
