package place_test

import (
	"fmt"
	"log"
	"strings"

	"lstm/check/given"
	"lstm/check/given/convention/place"
)

// With one unit and one input, a matrix of two rows can be [x; h] or [h; x]: one place, two layouts.
func Example() {
	d, err := given.ParseJSON(strings.NewReader(`{"loss": 0.5, "x": [[1.5], [0.25]], "target": [[0.1], [0.2]],
		"params": {"W": [[0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.7, 0.8]]}, "grads": {}}`), 1000)
	if err != nil {
		log.Fatal(err)
	}
	p := place.All(d)[0]
	fmt.Printf("X=%d H=%d T=%d, y = h: %v\n", p.X, p.H, p.Seq.T, p.NoReadout)
	for _, l := range p.Units[0].Layouts {
		fmt.Println(l.Rows, l.Size)
	}
	// Output:
	// X=1 H=1 T=2, y = h: true
	// xh [4 2 1]
	// hx [4 2 1]
}
