package checkpoint

import (
	"fmt"

	"lstm/train"
	"lstm/train/settings"
	"lstm/train/task"
)

// Start reads the flags of a run and the files that they name. It returns a new run or the loaded run.
// defaultTask is the task without -task. Every error is one line. On an error, Start has changed nothing.
func Start(args []string, defaultTask string) (*settings.Options, *train.Run, error) {
	var saved *Checkpoint
	o, err := settings.Parse(args, task.All(), defaultTask, func(name string) (c settings.Config, weightsAlone bool, err error) {
		if saved, err = Read(name); err != nil {
			return c, false, err
		}
		return saved.Config, saved.Weights, nil
	})
	if err == nil && o.Eval && saved.o == 0 {
		err = fmt.Errorf("-eval: %s has no linear layer, so there are no outputs to test: add linear.weight (O,H), or train without -eval", saved.name)
	}
	if err == nil {
		err = o.Writable()
	}
	if err != nil {
		return nil, nil, err
	}
	resume := train.New
	if saved != nil {
		resume = saved.Resume
	}
	r, err := resume(o.Config)
	return o, r, err
}
