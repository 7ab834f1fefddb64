package convention

import (
	"math"
	"math/rand/v2"
	"slices"

	"lstm/check/given"
	"lstm/check/pass"
)

// An objective is a reading of the loss: its kind, and what it is compared with.
type objective struct {
	kind    pass.Loss
	target  []float64   // (N,M,O)
	moved   [][]float64 // the same with each number moved within its bar, a few times
	M       int         // the last M steps have a target
	symbols bool        // the target of the file has symbols
	words   string
	cost    int
}

// objectives returns the readings of the loss that the target allows.
func (z *sizes) objectives(target *given.Array) (all []objective) {
	add := func(kind pass.Loss, target []float64, m int, symbols bool, words string, cost int) {
		all = append(all, objective{kind: kind, target: target, M: m, symbols: symbols, words: words, cost: cost})
	}
	if target == nil {
		for _, m := range slices.Compact([]int{z.seq.T, 1}) {
			zero := make([]float64, z.seq.N*m*z.O)
			add(pass.Sum, zero, m, false, "a plain sum", 0)
			add(pass.Squared, zero, m, false, "a sum of squares", 1)
		}
		return all
	}
	n := len(target.Data)
	if m := n / (z.seq.N * z.O); m > 0 && m <= z.seq.T {
		if v := look(target, z.seq.axes, z.seq.N, m, z.O); v != nil {
			dense := v.flat(v.Data, z.seq.N, z.O)
			from := len(all)
			defer func() {
				moved := v.move(z.seq.N, z.O)
				for i := range all[from:] {
					if !all[from+i].symbols {
						all[from+i].moved = moved
					}
				}
			}()
			add(pass.Squared, dense, m, false, "squared error", 0)
			distribution, bits, unit := describe(dense, z.O)
			if distribution && z.O > 1 {
				add(pass.CrossEntropy, dense, m, false, "cross-entropy", 0)
			}
			if unit {
				add(pass.Logistic, dense, m, false, "logistic loss", map[bool]int{true: 0, false: 1}[bits])
			}
			add(pass.Dot, dense, m, false, "sum of target times output", 2)
		}
	}
	if m := n / z.seq.N; m > 0 && m <= z.seq.T && z.O > 1 && whole(target) && largest(target.Data) < float64(z.O) {
		if v := look(target, z.seq.axes, z.seq.N, m, 1); v != nil {
			hot := make([]float64, n*z.O)
			for i, s := range v.flat(v.Data, z.seq.N, 1) {
				hot[i*z.O+int(s)] = 1
			}
			add(pass.CrossEntropy, hot, m, true, "cross-entropy", 0)
			add(pass.Squared, hot, m, true, "squared error", 1)
			add(pass.Logistic, hot, m, true, "logistic loss", 2)
		}
	}
	return all
}

// moves is how often all numbers of a file are moved within their bars, to see how far that moves the loss.
const moves = 6

// move returns the numbers in the order of flat, each moved within its bar.
func (v *view) move(n, k int) (all [][]float64) {
	rng := rand.New(rand.NewPCG(3, 4))
	bars := v.flat(v.Bar, n, k)
	for range moves {
		moved := v.flat(v.Data, n, k)
		for i := range moved {
			moved[i] += bars[i] * (2*rng.Float64() - 1)
		}
		all = append(all, moved)
	}
	return all
}

// flat returns data, as the view sees it: n sequences of R rows of k numbers.
func (v *view) flat(data []float64, n, k int) (all []float64) {
	for s := range n {
		for r := range v.R {
			for i := range k {
				all = append(all, data[v.at(s, r, i)])
			}
		}
	}
	return all
}

// describe tells whether each row of o numbers is a distribution, and whether all numbers are 0 or 1, or between.
func describe(values []float64, o int) (distribution, bits, unit bool) {
	distribution, bits, unit = true, true, true
	for i := 0; i < len(values); i += o {
		sum := 0.0
		for _, v := range values[i : i+o] {
			sum += v
			bits = bits && (v == 0 || v == 1)
			unit = unit && v >= 0 && v <= 1
		}
		distribution = distribution && math.Abs(sum-1) < 1e-2
	}
	return distribution && unit, bits, unit
}

// order sorts equal factors: a mean tells more than ½.
func (f factor) order() int {
	if f.half {
		return 2*f.cost + 1
	}
	return 2 * f.cost
}

// raw returns the loss with factor 1, and the sum of the sizes of its terms.
func (o *objective) raw(p *pass.Point, target []float64) (loss, size float64) {
	kind := pass.Kind{Loss: o.kind}
	for s, tr := range p.Traces {
		for r := range o.M {
			row := target[(s*o.M+r)*p.O : (s*o.M+r+1)*p.O]
			y := tr.Y[p.T-o.M+r]
			l := kind.Value(y, row)
			loss += l
			size += math.Abs(l)
			for _, v := range y {
				size += math.Abs(v) // a sum may cancel
			}
		}
	}
	return loss, size
}

// A factor is what the sum over all is multiplied by.
type factor struct {
	value                        float64
	half, perO, perM, perN, perT bool
	cost                         int
	same                         *factor // the next way to get this value
}

// factors returns the factors of an objective. Of equal factors the first, cheapest one is kept.
func (z *sizes) factors(o *objective) (all []factor) {
	for mask := range 32 {
		bit := func(k int) bool { return mask>>k&1 > 0 }
		f := factor{1, bit(0), bit(1), bit(2), bit(3), bit(4), 0, nil}
		for _, d := range []struct {
			use  bool
			size int
		}{{f.half, 2}, {f.perO, z.O}, {f.perM, o.M}, {f.perN, z.seq.N}, {f.perT, z.seq.T}} {
			if d.use {
				f.value /= float64(d.size)
			}
		}
		if f.half && o.kind != pass.Squared {
			f.cost++
		}
		if f.perO && o.kind == pass.CrossEntropy || f.perO && f.half {
			f.cost++
		}
		if f.perT {
			if f.perM {
				continue
			}
			f.cost++
		}
		all = append(all, f)
	}
	slices.SortStableFunc(all, func(a, b factor) int { return a.order() - b.order() })
	var unique []factor
	for _, f := range all {
		switch k := slices.IndexFunc(unique, func(u factor) bool { return math.Abs(u.value-f.value) < 1e-12*f.value }); {
		case k < 0:
			unique = append(unique, f)
		case unique[k].same == nil && z.sayLoss(o, f) != z.sayLoss(o, unique[k]):
			unique[k].same = &f
		}
	}
	return unique
}
