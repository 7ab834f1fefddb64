package table

import (
	"fmt"
	"regexp"
	"slices"

	"lstm/train/table/grid"
	"lstm/train/table/keys"
	"lstm/train/table/words"
)

// parted returns the error about numbers that commas between columns seem to cut in two: 18.11.2019,503,0. Then the column
// behind has no name, or the name of notes, and its fields look like the decimals or the thousands of a number.
func parted(h *grid.Head, key *keys.Key, at int, decimal string, r *grid.Rows, sample []grid.Row) error {
	if r.Separator != "," || decimal == "point" || len(sample) < 5 {
		return nil
	}
	for _, c := range []int{at - 1, at} {
		if c < 0 || c+1 >= len(h.Sorts) || h.Sorts[c] != grid.Number || h.Sorts[c+1] != grid.Number || key != nil && (slices.Contains(key.Columns, c) || slices.Contains(key.Columns, c+1)) {
			continue
		}
		named := h.Fields != nil && c+1 < len(h.Fields) && h.Fields[c+1] != "" && !words.Note.Is(h.Fields[c+1])
		if named || !halves(sample, c) {
			continue
		}
		whole := sample[0].Fields[c] + "," + sample[0].Fields[c+1]
		if len(h.Sorts) == 2 {
			return fmt.Errorf("%q can be one number or two: -decimal comma reads one column, -decimal point reads two", whole)
		}
		return fmt.Errorf("%q can be one number or two: put numbers with a comma in quotes, or separate fields by semicolons; -decimal point reads two columns", whole)
	}
	return nil
}

var (
	front    = regexp.MustCompile(`^-?\d+$`)
	thousand = regexp.MustCompile(`^-?\d{1,3}$`)
)

// halves reports whether the fields of a column and of the next look like the halves of numbers: behind each whole number
// stand one digit, two digits such as 05, or three.
func halves(sample []grid.Row, c int) bool {
	length, zero := 0, false
	seen := make(map[string]bool)
	for _, s := range sample {
		a, z := s.Fields[c], s.Fields[c+1]
		if a == "" && z == "" {
			continue
		}
		if length == 0 {
			length = len(z)
		}
		if !front.MatchString(a) || !front.MatchString(z) || z[0] == '-' || len(z) != length || len(z) == 3 && !thousand.MatchString(a) {
			return false
		}
		seen[z] = true
		zero = zero || z[0] == '0'
	}
	return len(seen) > 2 && (length == 1 || length == 3 || length == 2 && zero)
}
