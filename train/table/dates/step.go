package dates

import (
	"fmt"
	"math"
	"slices"
	"time"
)

const (
	second = int64(1e6) // microseconds
	minute = 60 * second
	hour   = 60 * minute
	daily  = 24 * hour
)

// Even reports whether the dates have a step: they ascend, each distance is a whole number of steps, and at most a fifth
// of the dates are absent. Days of work have a step, and holidays do not count as absent.
func (d *Dates) Even() bool { return d.find().ok }

// Step names the step: "one a day". It returns "" if there is none.
func (d *Dates) Step() string {
	s := d.find()
	if !s.ok {
		return ""
	}
	type unit struct {
		n    int64
		name string
	}
	units := []unit{{7 * daily, "week"}, {daily, "day"}, {hour, "hour"}, {minute, "minute"}, {second, "second"}, {1000, "millisecond"}, {1, "microsecond"}}
	switch {
	case s.work:
		return "one a working day"
	case s.months && s.n == 3:
		return "one a quarter"
	case s.months:
		units = []unit{{12, "year"}, {1, "month"}}
	}
	for _, u := range units {
		if s.n%u.n != 0 {
			continue
		}
		if s.n == u.n {
			if u.name == "hour" {
				return "one an hour"
			}
			return "one a " + u.name
		}
		return "one in " + plural(s.n/u.n, u.name)
	}
	return ""
}

// Gap returns the largest distance between two dates, and these dates. It returns "" if all distances are alike.
func (d *Dates) Gap() (length, from, to string) {
	s := d.find()
	least, most, row := int64(math.MaxInt64), int64(0), 0
	for i := 1; i < len(d.Micros); i++ {
		n := d.Micros[i] - d.Micros[i-1]
		if s.ok {
			n, _ = s.between(d.wall(i-1), d.wall(i), n)
		}
		if least = min(least, n); n > most {
			most, row = n, i
		}
	}
	if most <= least {
		return "", "", ""
	}
	took := d.Micros[row] - d.Micros[row-1]
	for i, n := range []int64{daily, hour, minute, second, 1} {
		if took >= 2*n || n == 1 {
			length = plural((took+n/2)/n, []string{"day", "hour", "minute", "second", "microsecond"}[i])
			if took%n != 0 {
				length = "about " + length
			}
			break
		}
	}
	return length, d.Label(row - 1), d.Label(row)
}

// find returns the usual distance from date to date, and whether all dates fit it.
func (d *Dates) find() *step {
	if d.step != nil {
		return d.step
	}
	d.step = &step{}
	if len(d.Micros) < 3 {
		return d.step
	}
	median := func(f func(i int) int64) int64 {
		var steps []int64
		for i := 1; i < min(len(d.Micros), 1000); i++ {
			steps = append(steps, f(i))
		}
		slices.Sort(steps)
		return steps[len(steps)/2]
	}
	s := step{n: median(func(i int) int64 { return d.Micros[i] - d.Micros[i-1] }), zoned: d.zoned}
	if s.n > 27*daily && (d.monthly() || !d.fit(&s)) {
		s = step{n: median(func(i int) int64 { return monthsBetween(d.wall(i-1), d.wall(i)) }), months: true}
	}
	if s.ok = d.fit(&s); !s.ok && s.n == daily && d.Unit() >= ByDay {
		s.work = true
		s.ok = d.fit(&s)
	}
	d.step = &s
	return d.step
}

// wall returns date i as the clock shows it.
func (d *Dates) wall(i int) int64 { return d.Micros[i] + int64(d.zoneAt(i))*15*minute }

// monthly reports whether all dates are on the same day of the month, or all on the last day.
func (d *Dates) monthly() bool {
	same, last := true, true
	first := at(d.wall(0)).Day()
	for i := range d.Micros {
		t := at(d.wall(i))
		same = same && t.Day() == first
		last = last && t.AddDate(0, 0, 1).Day() == 1
	}
	return same || last
}

func at(micros int64) time.Time { return time.UnixMicro(micros).UTC() }

// fit reports whether each date is a whole number of steps after the date before, and at most a fifth are absent. Of days
// of work a fifth may be absent, and whole weeks.
func (d *Dates) fit(s *step) bool {
	absent, most := int64(0), int64(len(d.Micros)/5)
	if s.work {
		most *= 2
	}
	for i := 1; i < len(d.Micros) && s.n > 0; i++ {
		n, whole := s.between(d.wall(i-1), d.wall(i), d.Micros[i]-d.Micros[i-1])
		if absent += n - 1; n < 1 || !whole || absent > most {
			return false
		}
	}
	return s.n > 0
}

func monthsBetween(a, b int64) int64 {
	x, y := at(a), at(b)
	return int64(12*(y.Year()-x.Year()) + int(y.Month()) - int(x.Month()))
}

// between returns the number of steps from a to b, as clocks show them, and whether it is whole. took is the time between.
func (s *step) between(a, b, took int64) (n int64, whole bool) {
	switch {
	case s.months:
		m := monthsBetween(a, b)
		return m / s.n, m%s.n == 0
	case s.work:
		if weekend(a) || weekend(b) || (b-a)%daily != 0 {
			return 0, false
		}
		days := (b - a) / daily
		n = days / 7 * 5
		for k := range days % 7 {
			if !weekend(a + (k+1)*daily) {
				n++
			}
		}
		return n, true
	case s.zoned && s.n%daily == 0:
		took = b - a
	}
	return took / s.n, took%s.n == 0
}

func weekend(micros int64) bool {
	day := at(micros).Weekday()
	return day == time.Saturday || day == time.Sunday
}

// after returns the date n steps after another date. From the last day of a month, it steps to last days.
func (s *step) after(micros, n int64) int64 {
	switch {
	case s.work:
		for ; n > 0; n-- {
			for micros += daily; weekend(micros); {
				micros += daily
			}
		}
		return micros
	case !s.months:
		return micros + n*s.n
	}
	t := at(micros)
	first := t.AddDate(0, 0, 1-t.Day()).AddDate(0, int(n*s.n), 0)
	last := first.AddDate(0, 1, -1)
	if t.AddDate(0, 0, 1).Day() == 1 || t.Day() > last.Day() {
		return last.UnixMicro()
	}
	return first.AddDate(0, 0, t.Day()-1).UnixMicro()
}

// After returns the next n dates. It returns nil if the dates have no step.
func (d *Dates) After(n int) (dates []string) {
	s := d.find()
	last := len(d.Micros) - 1
	for k := 1; s.ok && k <= n; k++ {
		dates = append(dates, d.String(s.after(d.Micros[last], int64(k)), d.zoneAt(last)))
	}
	return dates
}

// Absent returns the dates that are missing between two dates of the table. It returns nil if the dates have no step.
func (d *Dates) Absent() (dates []string) {
	d.gaps(func(before int, micros int64) { dates = append(dates, d.String(micros, d.zoneAt(before-1))) })
	return dates
}

// Holidays reports whether absent dates are no gaps, as the step is a day of work.
func (d *Dates) Holidays() bool { return d.find().work }

// gaps calls f for each absent date, in order. before is the index of the next date of the table.
func (d *Dates) gaps(f func(before int, micros int64)) {
	s := d.find()
	for i := 1; s.ok && i < len(d.Micros); i++ {
		n, _ := s.between(d.wall(i-1), d.wall(i), d.Micros[i]-d.Micros[i-1])
		for k := int64(1); k < n; k++ {
			f(i, s.after(d.Micros[i-1], k))
		}
	}
}

// Insert inserts the absent dates. It returns the values with NaN for each of them.
func (d *Dates) Insert(values []float64, nan float64) []float64 {
	type gap struct {
		before int
		micros int64
	}
	var all []gap
	d.gaps(func(before int, micros int64) { all = append(all, gap{before, micros}) })
	if len(all) == 0 {
		return values
	}
	n := len(values) + len(all)
	v, m := make([]float64, 0, n), make([]int64, 0, n)
	var z []int8
	done := 0
	add := func(to int) {
		v, m = append(v, values[done:to]...), append(m, d.Micros[done:to]...)
		if d.Zone != nil {
			z = append(z, d.Zone[done:to]...)
		}
		done = to
	}
	for _, g := range all {
		add(g.before)
		v, m = append(v, nan), append(m, g.micros)
		if d.Zone != nil {
			z = append(z, d.Zone[g.before-1])
		}
	}
	add(len(values))
	d.Micros, d.Zone = m, z
	return v
}

func plural(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
