package trial_test

import (
	"fmt"
	"log"
	"strings"

	"lstm/check/given"
	"lstm/check/given/convention/place"
	"lstm/check/given/convention/trial"
)

// The usual choices for a file: two of them, [x; h] and [h; x].
func Example() {
	d, err := given.ParseJSON(strings.NewReader(`{"loss": 0.5, "x": [[1.5], [0.25]], "target": [[0.1], [0.2]],
		"params": {"W": [[0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.7, 0.8]]}, "grads": {}}`), 1000)
	if err != nil {
		log.Fatal(err)
	}
	trial.Each(place.All(d)[0], 0, func(t *trial.Trial) {
		fmt.Println(strings.Join(t.Words(d), "; "))
	})
	// Output:
	// 1 input, 1 unit, 1 output, 2 steps; x has numbers; W: gates i f o g, (X+H, 4) with [x; h]; h = o·tanh(c); no readout: y = h
	// 1 input, 1 unit, 1 output, 2 steps; x has numbers; W: gates i f o g, (H+X, 4) with [h; x]; h = o·tanh(c); no readout: y = h
}
