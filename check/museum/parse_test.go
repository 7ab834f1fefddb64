package museum

import (
	"errors"
	"flag"
	"strings"
	"testing"
)

// TestParse: flags may stand before and after the name, and an error names what is wrong.
func TestParse(t *testing.T) {
	t.Parallel()
	for args, want := range map[string][2]string{
		"": {}, "all": {"all"}, "no-forget": {"no-forget"}, "-report x no-forget": {"no-forget", "x"}, "no-forget -report=x": {"no-forget", "x"}, "-report x": {"", "x"}, "all -report x": {"all", "x"},
	} {
		name, report, err := Parse(strings.Fields(args))
		if err != nil || name != want[0] || report != want[1] {
			t.Errorf("%q: %q %q %v", args, name, report, err)
		}
	}
	for args, want := range map[string]string{
		"none": "none", "no-forget one-path": "no-forget one-path", "no-forget -steps 5": "-steps", "no-forget -report": "-report",
	} {
		if _, _, err := Parse(strings.Fields(args)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want an error with %s", args, err, want)
		}
	}
	if _, _, err := Parse([]string{"no-forget", "-h"}); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: %v", err)
	}
}
