package train_test

import (
	"fmt"

	"lstm/train"
	"lstm/train/task"
)

// Train on a task for a hundred iterations, with its default settings.
func Example() {
	c := task.All()[0].Defaults
	c.Seed = 42
	r, err := train.New(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	shown := 0
	err = r.Train(100, func() {
		if r.Iter%25 == 0 {
			shown++ // or show r.EMA, the moving average of the loss
		}
	})
	fmt.Println(r.Iter, shown, err)
	// Output: 100 4 <nil>
}
