package words

import (
	"fmt"
	"testing"
)

// TestLooks: what could be a date, and what could not.
func TestLooks(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"2021-01-01", "1. Mai 2021", "Q1 2021", "2021-W05", "12:30", "Jan-21", "18 de enero de 2020", "Mon 5 Jan", "2021-01-01T00:00:00+01:00", "5/2021"} {
		if !Looks(s) {
			t.Errorf("%s does not look like a date", s)
		}
	}
	for _, s := range []string{"", "5", "Oslo", "r12", "2014 total", "$5", "Source: 2021", "12 apples", "a 5 b"} {
		if Looks(s) {
			t.Errorf("%s looks like a date", s)
		}
	}
}

func Example() {
	fmt.Println(Canonical("Mo, 18. März 2019"), English("août"), Date.Is("Datum"), Calendar("mardi"))
	// Output: 18 Mar 2019 Aug true true
}
