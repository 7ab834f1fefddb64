// Package summer finds the changes of clocks in local times: when clocks go back, some times come twice, and when they go
// forward, some never come.
package summer

import (
	"strings"
	"time"
)

// A Change is a row at which clocks have changed.
type Change struct {
	Row     int  // the first after the change
	Forward bool // clocks go forward
}

const (
	hour = 60 * 60 * int64(1e6) // microseconds
	half = hour / 2
)

// Find returns the changes of clocks between times that have a usual step, and by how much clocks change. All in
// microseconds. It returns nil if there are none, or if times come twice for another reason.
func Find(micros []int64, step int64) (all []Change, by int64) {
	for _, by := range []int64{hour, half} {
		if step <= 0 || step > hour || by%step != 0 && by*2 != step {
			continue
		}
		if all, ok := changes(micros, step, by); ok && len(all) > 0 {
			return all, by
		}
	}
	return nil, 0
}

// changes returns the changes by an amount. They must alternate.
func changes(micros []int64, step, by int64) (all []Change, ok bool) {
	for i := 1; i < len(micros); i++ {
		took := micros[i] - micros[i-1]
		if took == step {
			continue
		}
		t := time.UnixMicro(micros[i]).UTC()
		forward := took == step+by && known(t, true, by)
		switch {
		case forward, took == step-by && known(t, false, by):
			if n := len(all); n > 0 && all[n-1].Forward == forward {
				return nil, false
			}
			all = append(all, Change{i, forward})
		case took <= 0:
			return nil, false
		}
	}
	return all, true
}

// A rule says when clocks change in some places.
type rule struct {
	forward     bool
	by          int64  // microseconds
	days        string // of the week; "" for all
	months      string
	first, last int // days of the month
	from, to    int // minutes since midnight, of the first time after the change: to is too late
}

// rules: the month of a change is spring in one half of the world, and autumn in the other.
var rules = []rule{
	{true, hour, "Sun", "Mar Apr Sep Oct Nov", 1, 31, 60, 360},
	{true, hour, "Fri", "Mar Apr May Sep", 1, 31, 60, 120}, // Egypt, Jordan and Syria, from 0:00 to 1:00
	{true, hour, "Fri", "Mar Apr", 1, 31, 180, 240},        // Israel, from 2:00 to 3:00
	{true, hour, "Sat", "Mar Apr", 1, 31, 60, 180},         // Palestine
	{true, hour, "Sat", "Mar", 1, 31, 1380, 1440},          // Greenland, from 22:00 to 23:00
	{true, hour, "", "Mar", 20, 22, 60, 120},               // Iran, when its year begins
	{false, hour, "Sun", "Jan Feb Mar Apr Sep Oct Nov", 1, 31, 0, 300},
	{false, hour, "Sat Thu", "Feb Mar Apr May Sep Oct Nov", 1, 31, 1380, 1440}, // Brazil and Egypt, from 0:00 to 23:00 of the day before
	{false, hour, "Fri Sat", "Sep Oct Nov", 1, 31, 0, 120},                     // Jordan and Palestine
	{false, hour, "Sat", "Oct", 1, 31, 1320, 1380},                             // Greenland
	{false, hour, "", "Sep", 20, 22, 1380, 1440},                               // Iran
	{true, half, "Sun", "Oct", 1, 31, 150, 210},                                // Lord Howe Island, from 2:00 to 2:30
	{false, half, "Sun", "Mar Apr", 1, 31, 90, 150},
}

// known reports whether a place is known whose clocks change so that t is the first time after the change.
func known(t time.Time, forward bool, by int64) bool {
	day, month, minute := t.Format("Mon"), t.Format("Jan"), 60*t.Hour()+t.Minute()
	for _, r := range rules {
		if r.forward == forward && r.by == by && (r.days == "" || strings.Contains(r.days, day)) && strings.Contains(r.months, month) &&
			r.first <= t.Day() && t.Day() <= r.last && r.from <= minute && minute < r.to {
			return true
		}
	}
	return false
}
