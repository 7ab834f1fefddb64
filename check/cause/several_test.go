package cause

import (
	"cmp"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lstm/check"
	"lstm/check/cause/search"
	"lstm/check/chain"
	"lstm/check/mistake"
	"lstm/check/pass"
	"lstm/check/scalar"
)

var sets = flag.Int("sets", 10, "how many random sets of mistakes TestSeveral takes of each size")

// paramsOnly returns the parameters' part of a gradient, printed by print. of 0 stands for all entries.
func paramsOnly(n pass.Net, grad []float64, print func(x float64) (printed, bar float64), of int, rng *rand.Rand) (all []chain.Array) {
	keep := make(map[int]bool)
	for _, i := range rng.Perm(n.Params())[:of] {
		keep[i] = true
	}
	for _, b := range n.Blocks() {
		if b.To > n.Params() {
			break
		}
		a := chain.Array{Name: b.Name, Shape: []int{(b.To - b.From) / b.Cols, b.Cols}}
		for i := b.From; i < b.To; i++ {
			v, bar := print(grad[i])
			if of > 0 && !keep[i] {
				v, bar = math.NaN(), math.Inf(1)
			}
			a.Value, a.Bar, a.Of = append(a.Value, v), append(a.Bar, bar), append(a.Of, []chain.Term{{Index: i, Times: 1}})
		}
		all = append(all, a)
	}
	return all
}

// digits rounds to a number of significant digits.
func digits(n int) func(x float64) (printed, bar float64) {
	return func(x float64) (printed, bar float64) {
		v, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'e', n-1, 64), 64)
		if x == 0 {
			return 0, 0
		}
		return v, 0.5 * math.Pow(10, math.Floor(math.Log10(math.Abs(x)))-float64(n-1))
	}
}

func single(x float64) (printed, bar float64) { return float64(float32(x)), math.Abs(x) * 0x1p-24 }

func full(x float64) (printed, bar float64) { return x, 0 }

// TestSeveral makes random sets of mistakes at random fair points. Causes sees only the gradients of the parameters. It
// must name exactly these mistakes, or say them as an alternative that gives the same numbers.
func TestSeveral(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		size, of int
		print    func(x float64) (printed, bar float64)
		least    float64 // the least share of sets that are named
	}{
		"one, 8 digits":              {1, 0, digits(8), 0.95},
		"one, float32":               {1, 0, single, 0.95},
		"one, 4 digits":              {1, 0, digits(4), 0.8},
		"one, ten entries, 8 digits": {1, 10, digits(8), 0.8},
		"two":                        {2, 0, full, 0.95},
		"two, 8 digits":              {2, 0, digits(8), 0.95},
		"three":                      {3, 0, full, 0.85},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(16, uint64(len(name))))
			count := max(*sets/(c.size*c.size), 2)
			if testing.Short() {
				count = min(count, 2)
			}
			right, other, wrong := 0, 0, 0 // other: right, in other words
			for range count {
				p, mistakes, grad := randomSet(rng, c.size)
				arrays := paramsOnly(p.Net, grad, c.print, c.of, rng)
				for !shown(p, arrays) {
					arrays = paramsOnly(p.Net, grad, c.print, c.of, rng)
				}
				causes, others := Causes(p, arrays, nil)
				same := synonyms(p)
				named := func(set []check.Cause) bool { return names(set, same) == namesOf(mistakes, same) }
				switch {
				case slices.ContainsFunc(append([][]check.Cause{causes}, others...), named):
					right++
				case alike(p, causes, mistakes):
					right, other = right+1, other+1
				default:
					if len(causes) > 0 {
						wrong++
					}
					t.Logf("%s\n\tgot %s, or %d others", namesOf(mistakes, same), names(causes, same), len(others))
				}
			}
			t.Logf("%d of %d named, %d of them by mistakes that make the same program; %d called something else", right, count, other, wrong)
			if float64(right) < c.least*float64(count)-1 {
				t.Errorf("%d of %d named", right, count)
			}
		})
	}
}

// TestHiddenDY: a program gives every dz, but no dy. A mistake in dy is named together with the others, and no mistake is
// named besides.
func TestHiddenDY(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(16, 80))
	count, right := max(*sets, 10), 0
	if testing.Short() {
		count = 3
	}
	for k := 0; k < count; {
		p, set, _ := randomSet(rng, 1+k%3)
		b, truth := p.Backward(mistake.Lines(set...)), p.Backward(pass.Right())
		if !search.Differ(b[p.DY(0, 0, 0):p.DH(0, 0, 0)], truth[p.DY(0, 0, 0):p.DH(0, 0, 0)]) {
			continue
		}
		k++
		arrays := Arrays(p.Net.Net, b[:p.Len()])
		causes, others := Causes(p, arrays, nil)
		same := synonyms(p)
		if slices.ContainsFunc(append([][]check.Cause{causes}, others...), func(c []check.Cause) bool { return names(c, same) == namesOf(set, same) }) {
			right++
			continue
		}
		t.Logf("%s\n\tgot %s", namesOf(set, same), names(causes, same))
	}
	t.Logf("%d of %d named", right, count)
	if float64(right) < 0.9*float64(count) {
		t.Errorf("%d of %d named", right, count)
	}
}

// randomSet returns a fair point, and mistakes of which each shows besides the others.
func randomSet(rng *rand.Rand, size int) (p *pass.Point, set []*mistake.Exhibit, grad []float64) {
	n, v, target := scalar.FairPoint(rng)
	n.Softmax = rng.IntN(2) == 0
	p = pass.New(pass.Standard(n), v, target)
	var all []*mistake.Exhibit
	all = append(all, mistake.All(p.Net)...)
	params := func(set []*mistake.Exhibit) []float64 { return p.Backward(mistake.Lines(set...))[:n.Params()] }
	for {
		set = nil
		for _, k := range rng.Perm(len(all))[:size] {
			set = append(set, all[k])
		}
		grad = params(set)
		shows := true
		for k := range set {
			shows = shows && !scalar.Same(n, pad(n, grad), pad(n, params(slices.Delete(slices.Clone(set), k, k+1))))
		}
		if shows {
			return p, set, grad
		}
	}
}

// pad adds NaN for the entries that are not known.
func pad(n scalar.Net, params []float64) []float64 {
	all := slices.Clone(params)
	for len(all) < n.Len() {
		all = append(all, math.NaN())
	}
	return all
}

// shown reports whether the known numbers are not those of the right pass.
func shown(p *pass.Point, arrays []chain.Array) bool {
	return !search.New(p, arrays, nil, func(*pass.Lines) {}, search.NewWork(1e9, nil)).Done()
}

// synonyms maps the words of each mistake to those of the first one that has the same numbers at p.
func synonyms(p *pass.Point) map[string]string {
	same := make(map[string]string)
	var all []*mistake.Exhibit
	var passes [][]float64
	for _, e := range mistake.All(p.Net) {
		b := p.Backward(mistake.Lines(e))
		k := slices.IndexFunc(passes, func(other []float64) bool { return !search.Differ(b, other) })
		if k < 0 {
			k, all, passes = len(all), append(all, e), append(passes, b)
		}
		same[e.What] = all[k].What
	}
	return same
}

// alike reports whether two sets of mistakes make the same program: the same gradient of the parameters, at p and
// elsewhere. For example, if the bias and the weights of a gate get the gradient of another gate, this is one mistake or two.
func alike(p *pass.Point, causes []check.Cause, set []*mistake.Exhibit) bool {
	all := mistake.All(p.Net)
	var found []*mistake.Exhibit
	for _, c := range causes {
		k := slices.IndexFunc(all, func(e *mistake.Exhibit) bool { return e.What == c.Likely })
		if k < 0 {
			return false
		}
		found = append(found, all[k])
	}
	v := slices.Clone(p.V)
	for i := range v {
		v[i] *= 1 + 0.3*math.Sin(float64(i))
	}
	for _, at := range []*pass.Point{p, pass.New(p.Net, v, p.Target)} {
		params := at.Net.Params()
		if search.Differ(at.Backward(mistake.Lines(found...))[:params], at.Backward(mistake.Lines(set...))[:params]) {
			return false
		}
	}
	return true
}

func names(set []check.Cause, same map[string]string) string {
	var all []string
	for _, c := range set {
		all = append(all, cmp.Or(same[c.Likely], c.Likely))
	}
	slices.Sort(all)
	return fmt.Sprintf("%d: %s", len(set), strings.Join(all, " + "))
}

func namesOf(set []*mistake.Exhibit, same map[string]string) string {
	var all []check.Cause
	for _, e := range set {
		all = append(all, check.Cause{Likely: e.What})
	}
	return names(all, same)
}
