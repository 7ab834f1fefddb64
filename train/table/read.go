package table

import (
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"lstm/train/table/dates"
	"lstm/train/table/grid"
	"lstm/train/table/keys"
	"lstm/train/table/text"
	"lstm/train/table/words"
)

// ReadFile reads a column of a file. The name - is standard input. The error names the file and, where it can, the line,
// the column and the value.
func ReadFile(name string, o Options) (*Column, error) {
	l, err := text.Open(name)
	if err == nil {
		defer l.Close()
		var c *Column
		if c, err = read(l, o); err == nil {
			return c, nil
		}
	}
	if strings.HasPrefix(err.Error(), name+":") || strings.Contains(err.Error(), " "+name+": ") {
		return nil, err
	}
	return nil, fmt.Errorf("%s: %w", name, err)
}

// Read works like ReadFile, but on any reader. It needs memory for the longest line, and some 20 bytes for each value.
func Read(r io.Reader, o Options) (*Column, error) {
	l, err := text.New(r, "FILE")
	if err != nil {
		return nil, err
	}
	return read(l, o)
}

func read(l *text.Lines, o Options) (*Column, error) {
	r, err := grid.New(l, o.Decimal == "comma")
	if err != nil {
		return nil, err
	}
	h, err := r.Head(o.Column)
	if err != nil {
		return nil, err
	}
	b, err := newBuilder(r, h, o)
	if err != nil {
		return nil, err
	}
	const large = 64 << 20 // bytes
	if l.Size > large {    // so that the garbage of the rows stays small beside the column
		defer debug.SetGCPercent(debug.SetGCPercent(25))
	}
	head := r.Sample[:h.Begin]
	comments := r.Comments
	for _, s := range head {
		comments = append(comments, s.Text)
	}
	r.Sample = r.Sample[h.Begin:]
	for n := 0; ; n++ {
		next, err := r.Next()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = b.add(&next)
		}
		if err != nil {
			return nil, err
		}
		if n == grid.Sampled {
			b.grow(l)
		}
		if o.Progress != nil && n%(1<<16) == 0 && n > 0 {
			o.Progress(l.Read, l.Size)
		}
	}
	c, err := b.finish(r.Separator, comments)
	if err == nil && l.Encoding != "UTF-8" {
		c.Read = append([]string{l.Encoding}, c.Read...)
	}
	return c, err
}

// newBuilder finds the columns of the values and of the dates.
func newBuilder(r *grid.Rows, h *grid.Head, o Options) (*builder, error) {
	b := &builder{o: o, h: h}
	var err error
	if b.conditions, err = conditions(h, o.Group); err != nil {
		return nil, err
	}
	sample, other, err := sampled(h, b.conditions, o.Group, r)
	if err != nil {
		return nil, err
	}
	b.other = other
	at := -1
	if o.Column != "" {
		if at, err = h.Pick(o.Column, nil); err != nil {
			return nil, err
		}
	}
	order := o.Date
	if order == "none" {
		order = ""
	}
	found := keys.Find(h, sample, at, order)
	if at < 0 {
		var skip []int
		if found != nil {
			skip = found.Key.Columns
		}
		if at, err = h.Pick("", append(skip, counters(h, sample)...)); err != nil {
			return nil, err
		}
	}
	b.at = at
	switch {
	case o.Date == "none":
	case found != nil:
		b.key, b.dates = &found.Key, found.Dates
		if err := keys.Above(h, b.key, at, r); err != nil {
			return nil, err
		}
		if err := keys.Quarterly(b.key, sample); err != nil {
			return nil, err
		}
	default:
		if err := keys.Unread(h, sample, r.Sample[h.Begin:], at); err != nil {
			return nil, err
		}
		b.count(sample)
	}
	if err := parted(h, b.key, at, o.Decimal, r, sample); err != nil {
		return nil, err
	}
	b.tallies = tallies(h, sample, at, b.key)
	b.numbers.Decimal = map[string]byte{"point": '.', "comma": ','}[o.Decimal]
	b.numbers.Separator = []rune(r.Separator + "\x00")[0]
	if o.Missing != "none" {
		b.words, b.codes = missing(o.Missing)
	}
	for _, left := range []leftover{{"comments", r.Above}, {"title", h.Title}, {"units", h.Units}, {"sums", h.Sums}} {
		for _, line := range left.lines {
			b.left.add(left.what, line)
		}
	}
	return b, nil
}

// missing reads the option Missing. A word that is a number is also a code.
func missing(option string) (words []string, codes []float64) {
	for _, word := range strings.Split(option, ",") {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		words = append(words, strings.ToLower(word))
		if v, err := strconv.ParseFloat(word, 64); err == nil {
			codes = append(codes, v)
		}
	}
	return words, codes
}

// counters returns the columns without a name whose fields count rows.
func counters(h *grid.Head, sample []grid.Row) (all []int) {
	for c, name := range h.Names {
		if (words.Counter.Is(name) || c < len(h.Fields) && h.Fields[c] == "") && keys.Consecutive(sample, c) != 0 {
			all = append(all, c)
		}
	}
	return all
}

// count takes the numbers of rows for dates, if a column has them: they tell the order of the rows, and groups.
func (b *builder) count(sample []grid.Row) {
	for c, name := range b.h.Names {
		if c == b.at || c > 0 && !words.Counter.Is(name) && !words.Date.Is(name) || keys.Consecutive(sample, c) == 0 {
			continue
		}
		b.counter = true
		b.key = &keys.Key{Name: name}
		b.key.Add(c, "", 0)
		b.dates = dates.Rows()
		return
	}
}

// grow makes room for the rest of a large file.
func (b *builder) grow(l *text.Lines) {
	v := &b.numbers.Values
	if l.Read == 0 || l.Size == 0 || len(*v) == 0 {
		return
	}
	n := int(min(float64(maxValues), 1.02*float64(l.Size)/float64(l.Read)*float64(len(*v))))
	*v = slices.Grow(*v, max(0, n-len(*v)))
	if b.dates != nil {
		b.dates.Grow(n)
	}
}
