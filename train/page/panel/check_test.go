package panel

import (
	"reflect"
	"strings"
	"testing"

	"lstm/check"
	"lstm/train/page"
)

// TestLines: the lines to change have the numbers that the command gives them, and what is no line is a sentence.
func TestLines(t *testing.T) {
	t.Parallel()
	lines := Lines([]check.Cause{{Line: "dbf += dzi → dbf += dzf", Likely: "a"}, {Line: "dy = 5 → dy = 6", Likely: "b"}, {Line: "check it", Likely: "c", Observed: "it is 0.249999817"}})
	want := []page.Line{{Wrong: "dbf += dzi", Right: "dbf += dzf"}, {Wrong: "dy = 5", Right: "dy = 6"}, {}}
	for k, l := range lines {
		if l.Wrong != want[k].Wrong || l.Right != want[k].Right {
			t.Errorf("%+v, want %+v", l, want[k])
		}
	}
	if says := lines[2].Says; !strings.Contains(says, "check it") || !strings.Contains(says, "0.25") || strings.Contains(says, "0.2499") {
		t.Error(says)
	}
	for text, want := range map[string]string{"the loss": "The loss.", "dzf takes c": "dzf takes c.", "f is shut": "f is shut.", "a gate.": "A gate.", "draw less": "Draw less."} {
		if got := Sentence(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestUnproven: if entries are not proven, the table has the widest error bar of each block and the bar that is allowed.
func TestUnproven(t *testing.T) {
	t.Parallel()
	results := []check.Result{
		{Name: "a", Scale: 10, Entries: []check.Entry{{Name: "a0", Analytic: 1, Numeric: 1}}},
		{Name: "b", Scale: 10, Entries: []check.Entry{
			{Name: "b0", Analytic: 2, Numeric: 2, Bar: 2e-6, Verdict: check.Unresolved}, {Name: "b1", Analytic: 3, Numeric: 3, Bar: 4e-6, Verdict: check.Unresolved},
		}},
	}
	want := [][]string{{"b", "2 of 2", "b1", "3.00", "4.0·10⁻⁶", "1.0·10⁻⁶"}}
	if table := Blocks(results, check.Entry.Share); !reflect.DeepEqual(table.Rows, want) || len(table.Head) != len(want[0]) {
		t.Errorf("%q, want %q below %q", table.Rows, want, table.Head)
	}
	results[1].Entries[1].Verdict = check.Wrong
	if table := Blocks(results, check.Entry.Share); len(table.Rows) != 1 || table.Rows[0][1] != "1 of 2" {
		t.Errorf("with a wrong entry: %q", table.Rows)
	}
}
