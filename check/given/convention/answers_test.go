package convention_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lstm/check/given/answer"
	"lstm/check/given/convention"
)

var (
	answers     = flag.Int("answers", 20, "random programs to answer")
	firstAnswer = flag.Int("first-answer", 0, "the number of the first of them")
)

// TestAnswers: no right gradient of a random program is called wrong, and with 8 digits or more each is proven right.
func TestAnswers(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "dump.json")
	verdicts := make(map[string]int)
	for n := *firstAnswer; n < *firstAnswer+*answers; n++ {
		text, digits, says := convention.RightFile(n)
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		a, err := answer.File(name)
		if err != nil {
			t.Errorf("program %d: %v", n, err)
			continue
		}
		verdicts[a.Headline()]++
		if a.Verdict == answer.Wrong || digits >= 8 && a.Verdict != answer.Right {
			t.Errorf("program %d, %d digits: %s\n\t%s\nread as\n\t%s", n, digits, a.Headline(), strings.Join(says, "\n\t"), strings.Join(a.Notes, "\n\t"))
		}
	}
	t.Logf("%d programs: %v", *answers, verdicts)
}
