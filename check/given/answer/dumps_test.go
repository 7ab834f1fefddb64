package answer

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"lstm/check"
	"lstm/check/given"
	"lstm/check/given/convention"
	"lstm/check/pass"
	"lstm/check/scalar"
)

var small = scalar.Net{X: 2, H: 3, O: 2, T: 5}

// says reports whether a cause of the answer has all words, with | between.
func says(a *Answer, words string) bool {
	return slices.ContainsFunc(a.Causes, func(c check.Cause) bool { return saysAll(c, words) })
}

// grads returns the gradients of a dump.
func grads(dump map[string]any) map[string]any { return dump["grads"].(map[string]any) }

// TestDigits: a right gradient is right and a mistake is named, from all digits, from 8 and from float32, with dz and
// without. From 3 digits the wrong gradient is wrong.
func TestDigits(t *testing.T) {
	t.Parallel()
	for _, digits := range []int{0, 8, 32, 3} {
		for _, dz := range []bool{false, true} {
			d := newDumper(small, 7)
			d.digits, d.dz = digits, dz
			if a := judged(t, d.dump(pass.Right())); a.Verdict != Right || a.Status() != 0 {
				t.Errorf("%d digits, dz %v: a right gradient has the verdict %d\n%s", digits, dz, a.Verdict, text(a))
			}
			l := pass.Right()
			notCarried(l)
			a := judged(t, d.dump(l))
			if few := strings.Contains(strings.Join(a.Unfair, "\n"), "digits"); few != (digits == 3) {
				t.Errorf("%d digits, dz %v: %q", digits, dz, a.Unfair)
			}
			if digits == 3 && a.Verdict != Right || a.Verdict == Wrong && a.Status() == 1 && says(a, "dc is not handed back") {
				continue
			}
			t.Errorf("%d digits, dz %v: verdict %d, %+v", digits, dz, a.Verdict, a.Causes)
		}
	}
}

// TestLarge: in a large network, rounded to 8 digits, every one of many entries is right. A single mistake is named.
func TestLarge(t *testing.T) {
	t.Parallel()
	for _, dz := range []bool{false, true} {
		d := newDumper(scalar.Net{X: 3, H: 64, O: 2, T: 50}, 64)
		d.digits, d.dz = 8, dz
		if a := judged(t, d.dump(pass.Right())); a.Verdict != Right {
			t.Errorf("dz %v: verdict %d, %v %+v", dz, a.Verdict, wrongNames(a), a.Causes)
		}
	}
	if testing.Short() {
		t.Skip("tries all mistakes")
	}
	d := newDumper(scalar.Net{X: 3, H: 32, O: 2, T: 50}, 64)
	l := pass.Right()
	notCarried(l)
	if a := judged(t, d.dump(l)); a.Verdict != Wrong || len(a.Causes) != 1 || !says(a, "dc is not handed back") {
		t.Errorf("verdict %d, %+v", a.Verdict, a.Causes)
	}
}

// TestLines: two gates whose dz no mistake gives have their lines named, and nothing else.
func TestLines(t *testing.T) {
	t.Parallel()
	d := newDumper(small, 8)
	d.dz = true
	l := pass.Right()
	odd(l, pass.F)
	odd(l, pass.O)
	a := judged(t, d.dump(l))
	if a.Verdict != Wrong || len(a.Causes) != 2 || !says(a, "dz_f") || !says(a, "dz_o") || len(a.Places) != 2 {
		t.Errorf("verdict %d, %+v, %q", a.Verdict, a.Causes, a.Places)
	}
	for _, c := range a.Causes {
		if c.Kind != "line" {
			t.Errorf("%+v", c)
		}
	}
	if a.gateNames() == "" || !strings.Contains(text(a), a.gateNames()) {
		t.Error("the names of the gates are missing:", text(a))
	}
}

// TestUnexplained: if no mistake gives the numbers, the answer says what would show more.
func TestUnexplained(t *testing.T) {
	a := &Answer{Verdict: Wrong}
	if more := a.unexplained(); !strings.Contains(more, "x and target") || !strings.Contains(text(a), more) {
		t.Errorf("%q", text(a))
	}
	a.Causes = []check.Cause{{Kind: "part"}} // a mark is no line
	if more := a.unexplained(); !strings.Contains(more, "x and target") || !strings.Contains(text(a), more) {
		t.Errorf("%q", more)
	}
	a.Causes = []check.Cause{{Kind: "half"}, {Kind: "rest"}} // a part of the parameters has a mark
	a.lstm = &convention.Reading{Point: newDumper(scalar.Net{X: 2, H: 3, O: 2, T: 6}, 1).point}
	few := a.unexplained()
	a.lstm.Point = newDumper(scalar.Net{X: 2, H: 3, O: 2, T: 7}, 1).point
	if many := a.unexplained(); !strings.Contains(few, "digits") || strings.Contains(few, "at most X+H+1") || !strings.Contains(many, "at most X+H+1") {
		t.Errorf("%q\n%q", few, many)
	}
	a.Causes, a.lstm = a.Causes[:1], nil
	a.Notes = []string{notRead}
	if more := a.unexplained(); strings.Contains(more, "add x") || !strings.Contains(text(a), more) {
		t.Errorf("%q", more)
	}
	a.Causes, a.lstm = []check.Cause{{Kind: "no-dc", ID: "no-dc"}}, &convention.Reading{}
	if more := a.unexplained(); more != "" {
		t.Errorf("%q", more)
	}
}

// TestInstead: another explanation with one other mistake stands below the mistake that it replaces.
func TestInstead(t *testing.T) {
	set := func(all ...string) (causes []check.Cause) {
		for _, s := range all {
			causes = append(causes, check.Cause{Likely: s})
		}
		return causes
	}
	a := &Answer{Causes: set("A", "B"), Others: [][]check.Cause{set("C", "B"), set("D", "E"), set("A", "F")}}
	instead, rest := a.instead()
	if len(rest) != 1 || rest[0][0].Likely != "D" || !slices.Equal(instead[0], []string{"C"}) || !slices.Equal(instead[1], []string{"F"}) {
		t.Errorf("%v, %v", instead, rest)
	}
	if got := text(a); strings.Index(got, "C") > strings.Index(got, "B") || !strings.Contains(got, "D") {
		t.Error(got)
	}
}

// TestMarks: a mark that any model has is said before a sum that does not hold. Entries may be null.
func TestMarks(t *testing.T) {
	t.Parallel()
	for _, null := range []bool{false, true} {
		d := newDumper(small, 15)
		l := pass.Right()
		l.End = func(p *pass.Point, g []float64) {
			for i := range p.B(0, 0) { // the weights of the gates alone
				g[i] += 0.01 * p.V[i]
			}
		}
		dump := d.dump(l)
		if null {
			rows := [][]any{}
			for k, row := range grads(dump)["Wf"].([][]float64) {
				rows = append(rows, []any{row[0], row[1], nil})
				if k > 0 {
					rows[k][2] = row[2]
				}
			}
			grads(dump)["Wf"] = rows
		}
		if a := judged(t, dump); a.Verdict != Wrong || len(a.Causes) != 1 || a.Causes[0].Kind != "penalty" {
			t.Errorf("null %v: %+v", null, a.Causes)
		}
	}
}

// TestOwnName: a parameter may be called c, also where c could be the states.
func TestOwnName(t *testing.T) {
	t.Parallel()
	dump := newDumper(small, 16).dump(pass.Right())
	for name, p := range dump["params"].(map[string]any) {
		if name == "by" {
			name = "c"
		}
		dump[name], dump["d"+name] = p, grads(dump)[map[bool]string{true: "by", false: name}[name == "c"]]
	}
	delete(dump, "params")
	delete(dump, "grads")
	if a := judged(t, dump); a.Verdict != Right || len(a.Results) != 10 {
		t.Errorf("verdict %d, %d parameters: %s", a.Verdict, len(a.Results), text(a))
	}
}

// TestFew: ten known entries, all others null, are enough to name a mistake.
func TestFew(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 3))
	d := newDumper(small, 9)
	d.digits = 8
	l := pass.Right()
	notCarried(l)
	dump := d.dump(l)
	type cell struct {
		row []any
		at  int
	}
	var cells []cell
	for _, name := range []string{"Wi", "Wf", "Wo", "Wg", "bi", "bf", "bo", "bg", "Wy", "by"} {
		var rows []any
		for _, row := range grads(dump)[name].([][]float64) {
			nullable := make([]any, len(row))
			for k, v := range row {
				nullable[k] = v
				cells = append(cells, cell{nullable, k})
			}
			rows = append(rows, nullable)
		}
		grads(dump)[name] = rows
	}
	rng.Shuffle(len(cells), func(i, k int) { cells[i], cells[k] = cells[k], cells[i] })
	for _, c := range cells[10:] {
		c.row[c.at] = nil
	}
	a := judged(t, dump)
	entries := 0
	for _, r := range a.Results {
		entries += len(r.Entries)
	}
	if a.Verdict != Wrong || entries != 10 || !says(a, "dc is not handed back") {
		t.Errorf("verdict %d from %d entries: %+v", a.Verdict, entries, a.Causes)
	}
}

// TestMissing: a file with the gradients of a few parameters is judged by these, and proves nothing of the others. A gradient of
// zeros is wrong.
func TestMissing(t *testing.T) {
	t.Parallel()
	d := newDumper(small, 10)
	dump := d.dump(pass.Right())
	for _, name := range []string{"Wi", "bi", "Wy"} {
		delete(grads(dump), name)
	}
	a := judged(t, dump)
	if a.Verdict != NotProven || len(a.Results) != 7 || slices.ContainsFunc(a.Results, func(r check.Result) bool { return len(r.With(check.Right)) < len(r.Entries) }) {
		t.Errorf("verdict %d, %d parameters", a.Verdict, len(a.Results))
	}
	second := strings.Fields(strings.Split(text(a), "\n")[1]) // beside the verdict
	for _, name := range []string{"Wi", "bi", "Wy"} {
		if !slices.Contains(second, name) {
			t.Errorf("nothing says that %s is not judged: %q", name, second)
		}
	}
	grads(dump)["bo"] = [][]float64{{0, 0, 0}}
	if a := judged(t, dump); a.Verdict != Wrong || !slices.Equal(wrongNames(a), []string{"bo"}) || len(a.Causes) == 0 {
		t.Errorf("verdict %d, %v, %+v", a.Verdict, wrongNames(a), a.Causes)
	}
	clear(grads(dump))
	if _, err := File(write(t, dump)); err == nil {
		t.Error("a file without gradients is judged")
	}
}

// TestNoFit: a loss that no forward pass gives gets no verdict, and the first number that differs is named.
func TestNoFit(t *testing.T) {
	t.Parallel()
	dump := newDumper(small, 11).dump(pass.Right())
	dump["loss"] = 1.2345678901234
	a := judged(t, dump)
	if a.Verdict != None || a.Status() != 2 || a.Why == "" || len(a.Results) > 0 || !strings.Contains(text(a), "1.2345679") {
		t.Errorf("verdict %d\n%s", a.Verdict, text(a))
	}
}

// TestAmbiguous: if a loss of few digits fits several networks, and the gradient is that of none of them, the answer is
// not that it is wrong.
func TestAmbiguous(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("tries all mistakes")
	}
	dump := newDumper(scalar.Net{X: 2, H: 2, O: 1, T: 2}, 12)
	dump.digits = 2
	few := dump.dump(pass.Right())
	rng := rand.New(rand.NewPCG(1, 2))
	for name, g := range grads(few) {
		rows := g.([][]float64)
		for _, row := range rows {
			for k := range row {
				row[k] = dump.number(rng.NormFloat64())
			}
		}
		grads(few)[name] = rows
	}
	a := judged(t, few)
	if a.lstm == nil || len(a.lstm.Others) == 0 {
		t.Fatalf("the file is not ambiguous: %q", a.Notes)
	}
	if a.Verdict != NotProven || a.Status() != 1 || len(wrongNames(a)) > 0 || a.Causes[0].Kind != ambiguous {
		t.Errorf("verdict %d, %v", a.Verdict, a.Causes)
	}
}

// TestChecker: the mistakes of a numerical gradient are named, and a right one is right.
func TestChecker(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		words string
		slope func(loss func(by float64) float64) float64
	}{
		{"own check is right", func(loss func(by float64) float64) float64 { return (loss(1e-5) - loss(-1e-5)) / 2e-5 }},
		{"one-sided", func(loss func(by float64) float64) float64 { return (loss(1e-2) - loss(0)) / 1e-2 }},
		{"2δ", func(loss func(by float64) float64) float64 { return (loss(1e-5) - loss(-1e-5)) / 1e-5 }},
		{"step", func(loss func(by float64) float64) float64 { return (loss(1e-1) - loss(-1e-1)) / 2e-1 }},
	} {
		d := newDumper(small, 13)
		dump, p := d.dump(pass.Right()), d.point
		var all []float64
		for i := p.W(pass.F, 0, 0); i < p.W(pass.O, 0, 0); i++ {
			all = append(all, c.slope(func(by float64) float64 {
				v := slices.Clone(p.V)
				v[i] += by
				return pass.New(p.Net, v, p.Target).Loss
			}))
		}
		dump["numeric"] = map[string]any{"Wf": d.rows(all, p.Net.H)}
		if a := judged(t, dump); a.Verdict != Right || len(a.Checker) != 1 || !strings.Contains(a.Checker[0], c.words) {
			t.Errorf("%s: verdict %d, %q", c.words, a.Verdict, a.Checker)
		}
	}
}

// TestEntry: an axis of length 1 at the end has no index.
func TestEntry(t *testing.T) {
	for _, c := range []struct {
		shape []int
		i     int
		want  string
	}{{nil, 0, "W"}, {[]int{3}, 2, "W[2]"}, {[]int{3, 1}, 2, "W[2]"}, {[]int{1, 1}, 0, "W[0]"}, {[]int{1, 3}, 2, "W[0,2]"}, {[]int{2, 3, 1, 1}, 4, "W[1,1]"}} {
		if got := given.EntryName("W", c.shape, c.i); got != c.want {
			t.Errorf("%v, %d: %s, want %s", c.shape, c.i, got, c.want)
		}
	}
}
