package answer_test

import (
	"fmt"
	"os"
	"path/filepath"

	"lstm/check/given/answer"
)

// A file whose loss comes out of no known forward pass gets no verdict.
func ExampleFile() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "mine.json")
	if err := os.WriteFile(name, []byte(`{"loss": 1, "x": [[0.5], [0.25]], "W": [[1, 2], [3, 4]], "dW": [[0, 0], [0, 0]]}`), 0o644); err != nil {
		fmt.Println(err)
		return
	}
	a, err := answer.File(name)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(a.Why, a.Status())
	// Output: no known forward pass gives this loss 2
}
