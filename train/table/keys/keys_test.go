package keys_test

import (
	"fmt"

	"lstm/train/table/keys"
)

func Example() {
	var k keys.Key
	k.Add(1, "", 4)
	k.Add(0, "-", 2)
	fmt.Println(k.Of([]string{"3", "2014"}))
	// Output: 2014-03
}
