package layout_test

import (
	"os"

	"lstm/check/given/answer/layout"
)

func Example() {
	layout.Table(os.Stdout, [][]string{{"parameter", "wrong"}, {"Wh", "3 of 9"}})
	layout.Section(os.Stdout, "Why:", []string{"the loss has another value"})
	layout.Section(os.Stdout, "Nothing:", nil)
	// Output:
	// parameter  wrong
	// Wh         3 of 9
	//
	// Why:
	//   the loss has another value
}
