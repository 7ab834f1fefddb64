// Package facts keeps the figures in a page up to date. A figure stands in a block of the page, between two
// comments. A test measures it:
//
//	<!-- table:adding -->
//	| task | learnt |
//	<!-- /table:adding -->
//
// The test fails if the block has another text. With the flag -update, the test writes the block. Tests of
// several packages write the same page, so they must run one after the other:
//
//	go test -p 1 ./bptt ./check/museum ./check/given/glue ./train ./train/page/runpage ./train/series ./train/settings ./train/task -update
//
// (With -long, package task writes its tables, too.) Only tests import this package.
package facts

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"sync"
	"testing"
)

var update = flag.Bool("update", false, "write the figures that the tests measure into the pages and the golden files")

// Update reports whether the flag -update is given.
func Update() bool { return *update }

var writing sync.Mutex

// Block compares text with the named block in a file. With -update, it writes text there. If the page or the
// block is missing, that is not an error: the page does not show these figures.
func Block(t testing.TB, file, name, text string) {
	t.Helper()
	writing.Lock()
	defer writing.Unlock()
	data, err := os.ReadFile(file)
	page := strings.ReplaceAll(string(data), "\r\n", "\n")
	new, found := Replace(page, name, text)
	switch {
	case err != nil && !os.IsNotExist(err):
		t.Error(err)
	case !found:
		t.Logf("%s has no block %s; the test measured\n%s", file, name, text)
	case new == page:
	case !*update:
		t.Errorf("%s: the block %s is out of date, and -update writes it; the test measured\n%s", file, name, text)
	case bytes.Contains(data, []byte("\r\n")):
		t.Errorf("%s: lines end in \\r\\n: it is not written", file)
	default:
		if err := os.WriteFile(file, []byte(new), 0o666); err != nil {
			t.Error(err)
		}
	}
}

// Replace returns the page with text in the named block, and whether the page has such a block. text
// consists of whole lines.
func Replace(page, name, text string) (new string, found bool) {
	begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	before, rest, begins := strings.Cut(page, begin)
	_, after, ends := strings.Cut(rest, end)
	if !begins || !ends {
		return page, false
	}
	return before + begin + text + end + after, true
}
