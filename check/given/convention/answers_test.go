package convention_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lstm/check/given/answer"
	"lstm/check/given/convention"
)

var (
	answers     = flag.Int("answers", 20, "random programs to answer")
	firstAnswer = flag.Int("first-answer", 0, "the number of the first of them")
)

// TestAnswers: no right gradient of a random program is called wrong. With 8 digits or more, few are not proven right:
// those with an array that is almost zero.
func TestAnswers(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "dump.json")
	verdicts, unproven := make(map[string]int), 0
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
		if digits >= 8 && a.Verdict == answer.NotProven {
			unproven++
		}
		if a.Verdict == answer.Wrong || digits >= 8 && a.Verdict == answer.None || slices.ContainsFunc(a.Without, func(s string) bool { return strings.Contains(s, "wrong") }) {
			t.Errorf("program %d, %d digits: %s\n\t%s\nread as\n\t%s", n, digits, a.Headline(), strings.Join(says, "\n\t"), strings.Join(a.Notes, "\n\t"))
		}
	}
	if unproven > 1+*answers/50 {
		t.Errorf("%d of %d are not proven", unproven, *answers)
	}
	t.Logf("%d programs: %v", *answers, verdicts)
}
