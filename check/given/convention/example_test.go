package convention_test

import (
	"fmt"
	"log"
	"strings"

	"lstm/check/given"
	"lstm/check/given/convention"
)

// The file of a program with the names and the order of gates of PyTorch, and without a readout.
func ExampleRead() {
	d, err := given.ParseJSON(strings.NewReader(`{"loss": 0.021799019, "x": [[1.5], [0.25]], "target": [[0.1], [0.2]],
		"params": {"weight_ih": [[0.11], [0.22], [0.33], [0.44]], "weight_hh": [[0.55], [0.66], [0.77], [0.88]], "bias": [0.1, 0.2, 0.3, 0.4]},
		"grads": {"bias": [0.01, 0.02, 0.03, 0.04]}}`), 1000)
	if err != nil {
		log.Fatal(err)
	}
	r, err := convention.Read(d)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(strings.Join(r.Words, "\n"))
	// Output:
	// 1 input, 1 unit, 1 output, 2 steps
	// x has numbers
	// weight_ih: gates i f g o, (4)
	// weight_hh: gates i f g o, (4)
	// bias: gates i f g o, bias
	// h = o·tanh(c)
	// no readout: y = h
	// loss: squared error, mean over 2 steps (the same here: squared error, times ½, summed over 2 steps)
}
