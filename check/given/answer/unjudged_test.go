package answer

import (
	"context"
	"math"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"lstm/check/pass"
	"lstm/check/scalar"
)

// TestUnjudged: a right gradient of some parameters proves nothing of the others. null for a whole gradient says that it is not
// to be judged; with nothing else, nothing is proven.
func TestUnjudged(t *testing.T) {
	t.Parallel()
	net := scalar.Net{X: 2, H: 3, O: 2, T: 4}
	for _, c := range []struct {
		name string
		omit func(file map[string]any)
		want Verdict
	}{
		{"all", func(map[string]any) {}, Right},
		{"without dby", func(file map[string]any) { delete(file["grads"].(map[string]any), "by") }, NotProven},
		{"null for dby", func(file map[string]any) { file["grads"].(map[string]any)["by"] = nil }, Right},
		{"null for all", func(file map[string]any) {
			for name := range file["grads"].(map[string]any) {
				file["grads"].(map[string]any)[name] = nil
			}
		}, NotProven},
		{"without dby, and a wrong entry", func(file map[string]any) {
			delete(file["grads"].(map[string]any), "by")
			file["grads"].(map[string]any)["Wi"].([][]float64)[0][1] += 1
		}, Wrong},
	} {
		file := newDumper(net, 3).dump(pass.Right())
		c.omit(file)
		a, err := File(write(t, file))
		if err != nil || a.Verdict != c.want || (len(a.Without) > 0) != (c.name != "all") {
			t.Errorf("%s: %+v; %v", c.name, a, err)
		}
	}
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("no python3")
	}
	for given, want := range map[string]Verdict{`{"W": [3], "b": [1]}`: Right, `{"W": [3]}`: NotProven, `{"W": [3], "b": null}`: Right, `{"W": [3], "b": [null]}`: Right, `{"W": [2]}`: Wrong} {
		script := `import sys
p = {"W": 1.5, "b": 0.75}
print('{"loss": 3.0, "params": {"W": [1.5], "b": [0.75]}, "grads": ` + given + `}', flush=True)
for line in sys.stdin:
    word = line.split()
    if word[0] == "set":
        p[word[1]] = float(word[3])
    else:
        print(repr(p["W"] ** 2 + p["b"]), flush=True)`
		a, err := Process(context.Background(), []string{"python3", "-c", script}, Options{})
		if err != nil || a.Verdict != want {
			t.Errorf("%s: %+v; %v", given, a, err)
		}
	}
}

// TestOneEntry: one wrong entry is named with both values, also beside dz, and whatever number it has.
func TestOneEntry(t *testing.T) {
	t.Parallel()
	for seed, dz := range []bool{false, true, false, true} {
		d := newDumper(scalar.Net{X: 2, H: 3, O: 2, T: 4}, uint64(seed))
		d.dz = dz
		file := d.dump(pass.Right())
		was := file["grads"].(map[string]any)["Wf"].([][]float64)[3][1]
		file["grads"].(map[string]any)["Wf"].([][]float64)[3][1] = []float64{0, 0.5, -was, was + 1e-5}[seed]
		a, err := File(write(t, file))
		if err != nil || len(a.Causes) != 1 || a.Causes[0].Kind != "entry" || !strings.Contains(a.Causes[0].Observed, "Wf[3,1]") {
			t.Errorf("dz %v: %+v; %v", dz, a.Causes, err)
		}
	}
}

// TestLastStepFirst: with dz, dh and dc in the order of the way back, the answer is the same, and says how they were read.
func TestLastStepFirst(t *testing.T) {
	t.Parallel()
	l := pass.Right()
	l.DZ[pass.F] = func(p *pass.Place) float64 { return p.DC * p.CPrev * math.Sin(p.F) }
	d := newDumper(scalar.Net{X: 2, H: 3, O: 2, T: 9}, 5)
	d.dz = true
	file := d.dump(l)
	a, err := File(write(t, file))
	if err != nil || len(a.Places) == 0 {
		t.Fatal(a, err)
	}
	for _, name := range []string{"di", "df", "do", "dg", "dh", "dc"} {
		slices.Reverse(file[name].([][]float64))
	}
	b, err := File(write(t, file))
	if err != nil || !slices.Equal(a.Causes, b.Causes) || !slices.Equal(a.Places, b.Places) || len(b.Notes) != len(a.Notes)+1 {
		t.Errorf("%+v\n%+v\n%q\n%q; %v", a.Causes, b.Causes, a.Places, b.Notes, err)
	}
}

// TestToTheDigit: with 3 digits, the rounding of the parameters can hide much. A gradient that agrees to its own last digit is right
// all the same, and one that is off by 5% is not.
func TestToTheDigit(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{17, 25, 28, 33} {
		d := newDumper(scalar.Net{X: 2, H: 1, O: 1, T: 3}, seed)
		d.digits = 3
		for i := range d.point.V { // the program begins with the numbers that it prints
			d.point.V[i] = d.number(d.point.V[i])
		}
		for i := range d.point.Target {
			d.point.Target[i] = d.number(d.point.Target[i])
		}
		d.point = pass.New(d.point.Net, d.point.V, d.point.Target)
		file := d.dump(pass.Right())
		if a := judged(t, file); a.Verdict != Right {
			t.Errorf("seed %d: %s", seed, a.Headline())
		}
		bf := file["grads"].(map[string]any)["bf"].([][]float64)
		bf[0][0] = d.number(1.05 * bf[0][0])
		if a := judged(t, file); a.Verdict == Right {
			t.Errorf("seed %d, 5%% off: %s", seed, a.Headline())
		}
	}
}
