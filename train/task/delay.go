package task

import (
	"fmt"
	"math"

	"lstm/bptt"
	"lstm/tensor"
	"lstm/train/rng"
	"lstm/train/settings"
)

func init() {
	c := settings.Config{Task: "delay", Hidden: 5, Steps: 5000, Optimizer: "sgd", Rate: 0.01}
	register(settings.Task{Name: "delay", About: "repeat a sine wave one sample late", Defaults: c}, delay)
}

// delay is the task of the script that this project began with: repeat a sine wave one sample late.
// The target is the input rolled by one. So the target of the first step is the last sample. The network
// cannot know it yet, so the loss cannot reach zero. The task trains on crops of 30 samples of sin over
// 0…3π, from a random state. It checks the gradient on a crop of 90 samples over 0…4π, from zeros.
func delay(settings.Config, Data, *rng.Rand) (*Task, error) {
	wave, longer := sineWave(3*math.Pi, 30), sineWave(4*math.Pi, 90)
	crop := func(r *rng.Rand, s *Sequence, data []float64) {
		n := len(data)
		start := r.Int(0, n/4)
		end := r.Int(3*n/4, n)
		s.X = append(s.X, data[start:end]...)
		s.Target = append(s.Target, data[end-1])
		s.Target = append(s.Target, data[start:end-1]...)
	}
	return &Task{
		Note: "The first target of a crop is its last sample, so the loss cannot reach zero.",
		Unit: "iteration", X: 1, O: 1, MaxT: len(longer), Loss: bptt.SquaredError{}, Shown: Shown{From: 1},
		Draw: func(r *rng.Rand, s *Sequence) {
			crop(r, s, wave)
			for _, state := range [][]float64{s.H0, s.C0} {
				for j := range state {
					state[j] = r.Normal()
				}
			}
		},
		Fresh: func(r *rng.Rand, s *Sequence) { crop(r, s, longer) },
		Story: func(loss, fromEnd float64) string {
			return fmt.Sprintf("All these losses start from the zero state. From the state in which the sequence ends, the loss is %.4f "+
				"and not %.4f: another function, with other slopes. The forum script measured those, and its gradients never matched. "+
				"The museum shows it as the exhibit \"stale\".", fromEnd, loss)
		},
	}, nil
}

// sineWave returns n samples of sin over [0, end], both ends included.
func sineWave(end float64, n int) []float64 {
	x := make([]float64, n)
	step := end / float64(n-1)
	for i := range x {
		x[i] = tensor.Sin(float64(i) * step)
	}
	x[n-1] = tensor.Sin(end)
	return x
}
