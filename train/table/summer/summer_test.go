package summer

import (
	"fmt"
	"testing"
	"time"
)

// local returns times of a clock, in microseconds: from 20 steps before a change on, and then 20 steps more. by is in minutes,
// and negative if the clock goes back.
func local(change string, by, step int) (micros []int64) {
	t, err := time.Parse("2006-01-02 15:04", change)
	if err != nil {
		panic(err)
	}
	before := t.Add(-time.Duration(by) * time.Minute) // the clock would show this
	for i := range 40 {
		at := before.Add(time.Duration((i-20)*step) * time.Minute)
		if i >= 20 {
			at = at.Add(time.Duration(by) * time.Minute)
		}
		micros = append(micros, at.UnixMicro())
	}
	return micros
}

// TestFind: change is the first time after the change.
func TestFind(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		change string
		by     int
	}{
		{"2021-03-28 03:00", 60}, {"2021-10-31 02:00", -60}, // Berlin
		{"2021-03-14 03:00", 60}, {"2021-11-07 01:00", -60}, // New York
		{"2021-03-22 01:00", 60}, {"2021-09-21 23:00", -60}, {"2016-03-21 01:00", 60}, {"2016-09-20 23:00", -60}, // Tehran
		{"2021-03-26 01:00", 60}, {"2021-10-29 00:00", -60}, // Amman
		{"2021-03-27 01:00", 60}, {"2020-10-24 00:00", -60}, // Gaza
		{"2021-03-26 03:00", 60}, {"2021-10-31 01:00", -60}, // Jerusalem
		{"2022-03-26 23:00", 60}, {"2022-10-29 22:00", -60}, // Nuuk
		{"2023-09-03 01:00", 60}, {"2023-04-01 23:00", -60}, // Santiago
		{"2021-10-03 02:30", 30}, {"2021-04-04 01:30", -30}, // Lord Howe Island
	} {
		for _, step := range []int{10, 15, 30, 60} {
			all, by := Find(local(c.change, c.by, step), int64(step)*60e6)
			if want := (Change{20, c.by > 0}); len(all) != 1 || all[0] != want || by != max(int64(c.by), -int64(c.by))*60e6 {
				t.Errorf("%s, %d minutes, step %d: %v by %d", c.change, c.by, step, all, by)
			}
		}
	}
}

// TestNone: at other times, a time that comes twice is an error of the table, and one that never comes is a gap.
func TestNone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		change string
		by     int
	}{
		{"2021-06-27 03:00", 60}, {"2021-06-27 02:00", -60}, {"2021-03-24 03:00", 60}, {"2021-10-27 02:00", -60}, {"2021-10-31 12:00", -60},
		{"2021-09-21 12:00", -60}, {"2021-09-14 23:00", -60}, {"2021-10-03 12:30", 30}, {"2021-10-04 02:30", 30}, {"2021-10-31 01:30", -30},
		{"2021-03-28 04:00", 120},
	} {
		if all, by := Find(local(c.change, c.by, 30), 30*60e6); all != nil {
			t.Errorf("%s, %d minutes: %v by %d", c.change, c.by, all, by)
		}
	}
	twice := append(local("2021-10-31 02:00", -60, 60), local("2021-11-07 02:00", -60, 60)...)
	if all, _ := Find(twice, 60*60e6); all != nil {
		t.Errorf("clocks go back twice: %v", all)
	}
}

func Example() {
	micros := local("2021-04-04 01:30", -30, 60)
	fmt.Println(Find(micros, 60*60e6))
	// Output: [{20 false}] 1800000000
}
