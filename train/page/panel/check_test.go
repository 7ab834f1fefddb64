package panel

import (
	"reflect"
	"testing"

	"lstm/check"
)

// TestLines: the lines to change stand in the order of the way back.
func TestLines(t *testing.T) {
	t.Parallel()
	var wrong []string
	for _, l := range Lines([]check.Cause{{Line: "dbf += dzi → dbf += dzf"}, {Line: "dc = 1 → dc = 2"}, {Line: "dh, dc = 3 → dh, dc = 4"}, {Line: "dy = 5 → dy = 6"}}) {
		wrong = append(wrong, l.Wrong)
	}
	if want := []string{"dy = 5", "dh, dc = 3", "dc = 1", "dbf += dzi"}; !reflect.DeepEqual(wrong, want) {
		t.Errorf("%q, want %q", wrong, want)
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
