package convention

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"lstm/check/given"
	"lstm/check/given/convention/place"
	"lstm/check/pass"
)

// An objective is a reading of the loss: its kind, and what it is compared with.
type objective struct {
	kind   pass.Loss
	target []float64   // (N,M,O)
	moved  [][]float64 // the same with each number moved within its bar, a few times
	M      int         // the last M steps have a target
	words  string
	cost   int
}

// objectives returns the readings of the loss that the target allows.
func objectives(z *place.Sizes, target *given.Array) (all []objective) {
	if target == nil {
		for _, m := range slices.Compact([]int{z.Seq.T, 1}) {
			zero := objective{target: make([]float64, z.Seq.N*m*z.O), M: m}
			all = append(all, zero.as(pass.Sum, "a plain sum", 0), zero.as(pass.Squared, "a sum of squares", 1))
		}
		return all
	}
	numbers, symbols := z.Target(target)
	if v := numbers; v != nil {
		o := objective{target: flat(v, v.Data, z.Seq.N, z.O), moved: move(v, z.Seq.N, z.O), M: v.R}
		distributions, bits, unit := describe(o.target, z.O)
		all = append(all, o.as(pass.Squared, "squared error", 0), o.as(pass.Dot, "sum of target times output", 2))
		if distributions && z.O > 1 {
			all = append(all, o.as(pass.CrossEntropy, "cross-entropy", 0))
		}
		switch {
		case bits:
			all = append(all, o.as(pass.Logistic, "logistic loss", 0))
		case unit:
			all = append(all, o.as(pass.Logistic, "logistic loss", 1))
		}
	}
	for base := range 2 {
		v := symbols
		if v == nil || slices.Min(v.Data) < float64(base) || slices.Max(v.Data) >= float64(z.O+base) {
			continue
		}
		o := objective{target: make([]float64, len(v.Data)*z.O), M: v.R}
		for i, s := range flat(v, v.Data, z.Seq.N, 1) {
			o.target[i*z.O+int(s)-base] = 1
		}
		from := []string{"", " with symbols from 1"}[base]
		all = append(all, o.as(pass.CrossEntropy, "cross-entropy"+from, base), o.as(pass.Squared, "squared error"+from, 1+base),
			o.as(pass.Logistic, "logistic loss"+from, 2+base))
	}
	return all
}

// as returns an objective of a kind.
func (o objective) as(kind pass.Loss, words string, cost int) objective {
	o.kind, o.words, o.cost = kind, words, cost
	return o
}

// moves is how often all numbers of a file are moved within their bars, to see how far that moves the loss.
const moves = 6

// move returns the numbers in the order of flat, each moved within its bar.
func move(v *place.View, n, k int) (all [][]float64) {
	rng := rand.New(rand.NewPCG(3, 4))
	bars := flat(v, v.Bar, n, k)
	for range moves {
		moved := flat(v, v.Data, n, k)
		for i := range moved {
			moved[i] += bars[i] * (2*rng.Float64() - 1)
		}
		all = append(all, moved)
	}
	return all
}

// flat returns data, as the view sees it: n sequences of R rows of k numbers.
func flat(v *place.View, data []float64, n, k int) (all []float64) {
	for s := range n {
		for r := range v.R {
			for i := range k {
				all = append(all, data[v.At(s, r, i)])
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
func factors(z *place.Sizes, o *objective) (all []factor) {
	for mask := range 32 {
		bit := func(k int) bool { return mask>>k&1 > 0 }
		f := factor{1, bit(0), bit(1), bit(2), bit(3), bit(4), 0, nil}
		for _, d := range []struct {
			use  bool
			size int
		}{{f.half, 2}, {f.perO, z.O}, {f.perM, o.M}, {f.perN, z.Seq.N}, {f.perT, z.Seq.T}} {
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
		case unique[k].same == nil && sayLoss(z, o, f) != sayLoss(z, o, unique[k]):
			unique[k].same = &f
		}
	}
	return unique
}

// sayLoss returns the loss in words.
func sayLoss(z *place.Sizes, o *objective, f factor) string {
	words := []string{o.words}
	if f.half {
		words = append(words, "times ½")
	}
	over := func(mean bool, n int, what string) {
		if how := map[bool]string{true: "mean", false: "summed"}[mean]; n > 1 {
			words = append(words, fmt.Sprintf("%s over %d %s", how, n, what))
		}
	}
	switch {
	case o.kind != pass.CrossEntropy && z.NoReadout:
		over(f.perO, z.O, "units")
	case o.kind != pass.CrossEntropy:
		over(f.perO, z.O, "outputs")
	case f.perO:
		over(true, z.O, "symbols")
	}
	switch {
	case o.M == z.Seq.T:
		over(f.perM || f.perT, o.M, "steps")
	case o.M == 1:
		words = append(words, "at the last step only")
	default:
		over(f.perM, o.M, "last steps")
	}
	if f.perT && o.M < z.Seq.T {
		words = append(words, fmt.Sprintf("divided by %d steps", z.Seq.T))
	}
	over(f.perN, z.Seq.N, "sequences")
	return strings.Join(words, ", ")
}
