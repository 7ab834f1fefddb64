package answer

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"lstm/check/pass"
	"lstm/check/scalar"
)

var sizes = flag.Bool("sizes", false, "time the answers for files of large networks")

// TestSizes times the answers: right, one mistake, several, and lines that no museum knows.
func TestSizes(t *testing.T) {
	if !*sizes {
		t.Skip("takes minutes: -sizes runs it")
	}
	for _, h := range []int{8, 16, 32, 64} {
		for _, digits := range []int{0, 8, 32} {
			for _, dz := range []bool{false, true} {
				for _, c := range []struct {
					name string
					edit func(l *pass.Lines)
				}{
					{"right", func(*pass.Lines) {}},
					{"one mistake", notCarried},
					{"an odd gate", func(l *pass.Lines) { odd(l, pass.F) }},
					{"two odd gates and a mistake", func(l *pass.Lines) { odd(l, pass.F); odd(l, pass.O); notCarried(l) }},
					{"odd sums", func(l *pass.Lines) { oddSums(l); notCarried(l) }},
				} {
					t.Run(fmt.Sprintf("H=%d/digits=%d/dz=%v/%s", h, digits, dz, c.name), func(t *testing.T) {
						d := newDumper(scalar.Net{X: 3, H: h, O: 2, T: 50}, uint64(h))
						d.digits, d.dz = digits, dz
						l := pass.Right()
						c.edit(l)
						name := write(t, d.dump(l))
						start := time.Now()
						a, err := File(name)
						if err != nil {
							t.Fatal(err)
						}
						said := ""
						for _, cause := range a.Causes {
							said += "; " + cause.Kind + " " + cause.Line
						}
						fmt.Printf("H %2d digits %2d dz %-5v %-28s %5.1fs  verdict %d, %d causes, %d others%.160s\n",
							h, digits, dz, c.name, time.Since(start).Seconds(), a.Verdict, len(a.Causes), len(a.Others), said)
					})
				}
			}
		}
	}
}
