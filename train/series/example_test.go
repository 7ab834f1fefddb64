package series_test

import (
	"fmt"
	"os"
	"path/filepath"

	"lstm/train/series"
)

// A series of 100 numbers, and a network that returns its input: a forecast that nothing changes.
func Example() {
	text := "level\n"
	for i := range 100 {
		text += fmt.Sprintln(i % 4)
	}
	name := filepath.Join(os.TempDir(), "level.csv")
	defer os.Remove(name)
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		fmt.Println(err)
	}
	s, err := series.Read(name, series.Options{Column: "level"})
	if err != nil {
		fmt.Println(err)
	}
	network := func() func(x []float64) []float64 {
		return func(x []float64) []float64 { return x }
	}
	c := s.Compare(network, 8)
	for _, score := range append(c.Simpler, c.LSTM) {
		fmt.Printf("%-22s %.2f %.2f\n", score.Method, score.OneStep, score.Free)
	}
	// Output:
	// persistence            1.73 1.87
	// seasonal persistence   0.00 0.00
	// autoregression         0.00 0.00
	// the LSTM               1.73 1.87
}
