package dates

import (
	"cmp"
	"slices"

	"lstm/train/table/summer"
)

// An Order says how the rows of a table came.
type Order int

// The orders.
const (
	Ascending  Order = iota
	Descending       // the newest row came first
	Shuffled
)

// Arrange brings the dates and the values in ascending order, and says how they came. It recognises the hours of local time
// when clocks change. Equal dates stay in their order.
func (d *Dates) Arrange(values []float64) Order {
	if d.ascends() {
		return Ascending
	}
	d.reverse(values)
	if d.ascends() {
		return Descending
	}
	d.reverse(values)
	d.sort(values)
	d.ascends()
	return Shuffled
}

func (d *Dates) reverse(values []float64) {
	slices.Reverse(d.Micros)
	slices.Reverse(d.Zone)
	slices.Reverse(values)
	d.step = nil
}

func (d *Dates) sort(values []float64) {
	type row struct {
		micros int64
		value  float64
		zone   int8
	}
	rows := make([]row, len(values))
	for i := range rows {
		rows[i] = row{d.Micros[i], values[i], int8(d.zoneAt(i))}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(a.micros, b.micros) })
	for i, r := range rows {
		d.Micros[i], values[i] = r.micros, r.value
		if d.Zone != nil {
			d.Zone[i] = r.zone
		}
	}
	d.step = nil
}

// ascends reports whether the dates ascend. If clocks change between them, it takes the change out.
func (d *Dates) ascends() bool {
	up := true
	for i := 1; i < len(d.Micros) && up; i++ {
		up = d.Micros[i] > d.Micros[i-1]
	}
	return d.clocks() || up
}

// clocks looks for local times that come twice when clocks go back, and for those that never come when they go forward.
// Then it subtracts what clocks are forward in summer, so that all steps are equal.
func (d *Dates) clocks() bool {
	if d.Unit() != ByTime || d.zoned || d.Zone != nil || len(d.Micros) < 3 {
		return false
	}
	all, by := summer.Find(d.Micros, d.usual())
	if len(all) == 0 {
		return false
	}
	d.Zone = make([]int8, len(d.Micros))
	forward := !all[0].Forward
	for i, k := 0, 0; i < len(d.Micros); i++ {
		if k < len(all) && all[k].Row == i {
			forward = all[k].Forward
			d.changes = append(d.changes, at(d.Micros[i]).Format("2006-01-02"))
			k++
		}
		if forward {
			d.Zone[i] = int8(by / (15 * minute))
			d.Micros[i] -= by
		}
	}
	d.step = nil
	return true
}

// usual returns the distance between dates that is most frequent among the first.
func (d *Dates) usual() (most int64) {
	count := make(map[int64]int)
	for i := 1; i < min(len(d.Micros), 2000); i++ {
		by := d.Micros[i] - d.Micros[i-1]
		if count[by]++; count[by] > count[most] {
			most = by
		}
	}
	return most
}

// Changes returns the days on which the clocks of local time change.
func (d *Dates) Changes() []string { return d.changes }

// Twice returns the first date that equals the date before, and the largest number of equal dates.
func (d *Dates) Twice() (label string, times int) {
	run := 1
	for i := 1; i < len(d.Micros); i++ {
		if d.Micros[i] != d.Micros[i-1] {
			run = 1
			continue
		}
		if label == "" {
			label = d.Label(i)
		}
		run++
		times = max(times, run)
	}
	return label, times
}
