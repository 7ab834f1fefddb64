package dates

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ErrDate is the cause of an error about a field that is not a date.
var ErrDate = errors.New("not a date")

// New finds the formats of a sample of fields. order is dmy, mdy or ymd, or "" if it is not known. named tells that
// the column has the name of a date. New returns nil if no format fits most of the fields.
func New(sample []string, named bool, order string) *Dates {
	most := 0
	count := make([]int, len(formats))
	times := make([][]int64, len(formats))
	var cuts []cut
	for _, field := range sample {
		cuts = append(cuts, cutUp(field))
	}
	for i := range formats {
		f := &formats[i]
		if order != "" && f.order != "" && f.order != order && len(f.order) == 3 {
			continue
		}
		for k := range cuts {
			if t, _, ok := f.read(cuts[k]); ok {
				count[i]++
				times[i] = append(times[i], t.UnixMicro())
			}
			if k == 10 && count[i] == 0 {
				break
			}
		}
		most = max(most, count[i])
	}
	if most == 0 || most*10 < len(sample)*6 {
		return nil
	}
	d := &Dates{}
	for i := range formats {
		if f := &formats[i]; count[i] == most && (!f.numeric || plausible(times[i], named, f.says == spreadsheet)) && (len(d.formats) == 0 || f.order != "" && d.formats[0].order != "") {
			d.formats = append(d.formats, f)
		}
	}
	if len(d.formats) == 0 {
		return nil
	}
	for _, field := range sample {
		if _, _, ok := d.formats[0].Parse(field); ok {
			d.quick(field)
			break
		}
	}
	return d
}

// plausible reports whether numbers are dates: they have a step, or their column has the name of a date.
func plausible(micros []int64, named, needsName bool) bool {
	if needsName && !named {
		return false
	}
	sorted := slices.Clone(micros)
	slices.Sort(sorted)
	d := &Dates{Micros: slices.Compact(sorted)}
	return len(d.Micros) > 2 && d.Even() || named && len(d.Micros) > 1
}

// quick finds a layout of package time for whole fields like this one.
func (d *Dates) quick(field string) {
	f := d.formats[0]
	want, c, _ := f.Parse(field)
	d.zoned = c.zoned
	if f.layout == "" {
		return
	}
	all := []string{f.layout}
	if c.is {
		all = nil
		for _, between := range []string{" ", "T"} {
			for _, at := range []string{"15:04:05", "15:04", "3:04:05 PM", "3:04 PM", "150405"} {
				for _, zone := range []string{"", "Z07:00", " Z07:00", "-0700"} {
					all = append(all, f.layout+between+at+zone)
				}
			}
		}
	}
	for _, layout := range all {
		if t, err := time.Parse(layout, field); err == nil && t.Format(time.DateTime)[2:] == want.Format(time.DateTime)[2:] {
			d.fast = layout
			break
		}
	}
	d.as = d.fast != "" && !strings.Contains(d.fast, "Jan")
	if f.short { // package time has another first year
		d.fast = ""
	}
}

// shift returns the offset of a time's zone.
func shift(t time.Time) time.Duration {
	_, seconds := t.Zone()
	return time.Duration(seconds) * time.Second
}

// Add appends the date of a field. If the error is not ErrDate, the dates above contradict the format.
func (d *Dates) Add(field string) error {
	if d.fast != "" && len(d.formats) == 1 {
		if t, err := time.Parse(d.fast, field); err == nil {
			d.append(t.UnixMicro(), shift(t))
			if d.fine == "" || t.Nanosecond() != 0 && !strings.Contains(d.fine, ".") {
				d.refine(field)
			}
			return nil
		}
	}
	fits := d.formats[:0:0]
	for _, f := range d.formats {
		if _, c, ok := f.Parse(field); ok && (c.zoned == d.zoned || !c.is) {
			fits = append(fits, f)
		}
	}
	if len(fits) == 0 {
		return ErrDate
	}
	if fits[0] != d.formats[0] {
		if !d.convert(d.Micros, d.formats[0], fits[0]) {
			return ErrDate
		}
		d.fast = ""
	}
	d.formats = fits
	t, c, _ := fits[0].Parse(field)
	zone := time.Duration(c.offset) * 15 * time.Minute
	d.append(t.Add(-zone).UnixMicro(), zone)
	d.refine(field)
	if d.fast == "" && len(fits) == 1 {
		d.quick(field)
	}
	return nil
}

// append appends the date at some microseconds. Until End, it is kept as the clock shows it.
func (d *Dates) append(micros int64, zone time.Duration) {
	d.Micros = append(d.Micros, micros+zone.Microseconds())
	if zone != 0 && d.Zone == nil {
		d.Zone = make([]int8, len(d.Micros)-1, cap(d.Micros))
	}
	if d.Zone != nil {
		d.Zone = append(d.Zone, int8(zone/(15*time.Minute)))
	}
	d.step = nil
}

// refine takes the layout of a field's time of day, if it is finer than those before.
func (d *Dates) refine(field string) {
	_, c, _ := d.formats[0].Parse(field)
	if c.is && len(c.written) > len(d.fine) {
		d.fine = c.written
	}
	if d.fine == "" && d.formats[0].Unit == ByTime {
		d.fine = "15:04:05"
		if d.formats[0].layout != "" {
			d.fine = "15:04"
		}
	}
}

// convert reads dates anew that were read in another format. It reports whether all of them fit the new one.
func (d *Dates) convert(micros []int64, from, to *format) bool {
	const day = 24 * 60 * 60 * 1e6
	for i, m := range micros {
		t := time.UnixMicro(m).UTC()
		u, ok := to.date(t.Format(from.layout))
		if !ok {
			return false
		}
		micros[i] = u.UnixMicro() + ((m%day)+day)%day
	}
	return true
}

// End settles the format after the last date. It returns an error if the dates can mean two things.
func (d *Dates) End() error {
	if len(d.formats) > 1 {
		if err := d.settle(); err != nil {
			return err
		}
	}
	if d.formats[0].order == yearless {
		return errors.New("the dates have no year: add it, or read the rows in their order with -date none")
	}
	for i := range d.Zone {
		d.Micros[i] -= int64(d.Zone[i]) * 15 * 60 * 1e6
	}
	d.step = nil
	return nil
}

// settle chooses the only format in which the rows are in order and have a step.
func (d *Dates) settle() error {
	first := d.formats[0]
	var levels [4][]*format
	for _, f := range d.formats {
		micros := slices.Clone(d.Micros)
		if d.convert(micros, first, f) {
			l := orderly(micros)
			levels[l] = append(levels[l], f)
		}
	}
	var best *format
	switch {
	case len(levels[3]) == 1 && len(levels[1]) == 0:
		best = levels[3][0]
	case len(levels[3])+len(levels[1]) == 0 && len(levels[2]) == 1:
		best = levels[2][0]
	default:
		return d.ambiguous(first, d.formats[1])
	}
	d.convert(d.Micros, first, best)
	d.formats, d.fast = []*format{best}, ""
	return nil
}

// ambiguous returns the error about dates that have two meanings.
func (d *Dates) ambiguous(a, b *format) error {
	t, u := d.differ(a, b)
	if len(a.order) != 3 || len(b.order) != 3 {
		return fmt.Errorf("the dates, such as %q, can mean %s or %s: write the year with four digits", t.Format(a.layout), says(t, a), says(u, b))
	}
	return fmt.Errorf("the dates, such as %q, can mean %s or %s, and no row tells which: -date %s or -date %s says it",
		t.Format(padded(a.layout)), says(t, a), says(u, b), a.order, b.order)
}

// differ returns the first date with two meanings, in both.
func (d *Dates) differ(a, b *format) (t, u time.Time) {
	for _, m := range d.Micros {
		t = time.UnixMicro(m).UTC()
		if u, _ = b.date(t.Format(a.layout)); !u.Equal(t) {
			break
		}
	}
	return t, u
}

func says(t time.Time, f *format) string {
	if f.Unit == ByMonth {
		return t.Format("January 2006")
	}
	if f.order == yearless {
		return t.Format("2 January")
	}
	return t.Format("2 January 2006")
}

// orderly returns 3 if the dates ascend or descend and have a step, 1 if they ascend or descend without one, 2 if they have
// a step once they are sorted, and 0 otherwise.
func orderly(micros []int64) int {
	up, down := true, true
	for i := 1; i < len(micros); i++ {
		up, down = up && micros[i] > micros[i-1], down && micros[i] < micros[i-1]
	}
	sorted := slices.Clone(micros)
	slices.Sort(sorted)
	d := &Dates{Micros: sorted}
	switch even := d.Even(); {
	case (up || down) && even:
		return 3
	case even:
		return 2
	case up || down:
		return 1
	}
	return 0
}

// Rows returns empty Dates that are numbers of rows, and no dates. They have an order, but nothing is absent between them.
func Rows() *Dates { return &Dates{formats: []*format{&counter}} }

// Drop removes the last date.
func (d *Dates) Drop() {
	last := len(d.Micros) - 1
	d.Micros = d.Micros[:last]
	if d.Zone != nil {
		d.Zone = d.Zone[:last]
	}
}

// Grow makes room for n dates.
func (d *Dates) Grow(n int) { d.Micros = slices.Grow(d.Micros, max(0, n-len(d.Micros))) }
