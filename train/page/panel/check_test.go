package panel

import (
	"reflect"
	"testing"

	"lstm/check"
)

// TestUnproven: if entries are not proven, the table has the widest error bar of each block and the bar that is allowed.
func TestUnproven(t *testing.T) {
	t.Parallel()
	results := []check.Result{
		{Name: "a", Scale: 10, Entries: []check.Entry{{Name: "a0", Analytic: 1, Numeric: 1}}},
		{Name: "b", Scale: 10, Entries: []check.Entry{
			{Name: "b0", Analytic: 2, Numeric: 2, Bar: 2e-6, Verdict: check.Unresolved}, {Name: "b1", Analytic: 3, Numeric: 3, Bar: 4e-6, Verdict: check.Unresolved},
		}},
	}
	want := [][]string{{"b", "2 of 2", "b1", "3", "3", "4.0·10⁻⁶", "1.0·10⁻⁶"}}
	if table := Blocks(results, check.Entry.Share); !reflect.DeepEqual(table.Rows, want) || len(table.Head) != len(want[0]) {
		t.Errorf("%q, want %q below %q", table.Rows, want, table.Head)
	}
	results[1].Entries[1].Verdict = check.Wrong
	if table := Blocks(results, check.Entry.Share); len(table.Rows) != 1 || table.Rows[0][1] != "1 of 2" {
		t.Errorf("with a wrong entry: %q", table.Rows)
	}
}
