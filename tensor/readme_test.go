package tensor

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestExcerpts checks that each excerpt of the README is in its source file, except for white space. The last
// link before an excerpt names the file.
func TestExcerpts(t *testing.T) {
	text := read(t, "README.md")
	plain := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	for _, m := range regexp.MustCompile("(?s)```(?:go|asm)\n(.*?)```").FindAllStringSubmatchIndex(text, -1) {
		links := regexp.MustCompile(`\]\((\S+)\)`).FindAllStringSubmatch(text[:m[0]], -1)
		file, excerpt := links[len(links)-1][1], text[m[2]:m[3]]
		if !strings.Contains(plain(read(t, file)), plain(excerpt)) {
			t.Errorf("%s does not have\n%s", file, excerpt)
		}
	}
}

func read(t *testing.T, name string) string {
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
