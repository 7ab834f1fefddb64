package search

import "testing"

// TestWork: a part takes from the whole, and ends with it; progress goes from 0 to 100.
func TestWork(t *testing.T) {
	var told []int
	w := NewWork(1000, func(done, total int) {
		if total != 100 || len(told) > 0 && done <= told[len(told)-1] {
			t.Errorf("%d of %d after %v", done, total, told)
		}
		told = append(told, done)
	})
	part := w.Part(600)
	for range 6 {
		if !part.Do(100) {
			t.Error("the part has ended early")
		}
	}
	if part.Do(1) || w.Left() != 399 {
		t.Errorf("the part goes on, and %d are left", w.Left())
	}
	if beside := part.Beside(1e9); !beside.Do(399) || beside.Do(1) {
		t.Error("the parts are more than the whole")
	}
	if len(told) == 0 || told[len(told)-1] < 90 {
		t.Errorf("progress %v", told)
	}
}
