package table

import (
	"math"
	"slices"
)

// Insert adds a row with a missing value for each absent date. The column must have dates.
func (c *Column) Insert() {
	s, ok := c.Dates.step()
	if !ok {
		return
	}
	values, dates := c.Values[:1:1], c.Dates.Unix[:1:1]
	for i := 1; i < len(c.Values); i++ {
		before := c.Dates.Unix[i-1]
		n, _ := s.between(before, c.Dates.Unix[i])
		for k := int64(1); k < n; k++ {
			values, dates = append(values, math.NaN()), append(dates, s.after(before, k))
		}
		values, dates = append(values, c.Values[i]), append(dates, c.Dates.Unix[i])
	}
	c.Values, c.Dates.Unix = values, dates
}

// Forward reverses the rows if their dates descend, and reports whether it did. The column must
// have dates.
func (c *Column) Forward() bool {
	t := c.Dates.Unix
	for i := 1; i < len(t); i++ {
		if t[i] > t[i-1] {
			return false
		}
	}
	if t[0] == t[len(t)-1] {
		return false
	}
	slices.Reverse(t)
	slices.Reverse(c.Values)
	return true
}
