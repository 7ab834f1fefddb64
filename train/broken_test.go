package train_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"lstm/check/mistake"
)

// TestBroken compiles the command with one wrong line in the source. The check must find the place
// and the cause: an exhibit of the museum, or a match of the regular expression.
func TestBroken(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("compiles the tree many times")
	}
	const place = `step t\d+ of t0 to t\d+, gate [ifog], unit \d`
	for _, c := range []struct{ name, file, right, wrong, task, exhibit, want string }{
		{"carried without the forget gate", "cell/cell.go", "s.DCPrev[j] = dc * f[j]", "s.DCPrev[j] = dc", "", "no-forget", ""},
		{"h for tanh c", "cell/cell.go", "dzo[j] = dh * (tanhC *", "dzo[j] = dh * (s.H[j] *", "", "", `gate o, unit 0`},
		{"targets' sign", "bptt/loss.go", "dy[i] = 2 * d * mean", "dy[i] = -2 * d * mean", "", "sign", ""},
		{"a constant factor", "bptt/loss.go", "dy[i] = 2 * d * mean", "dy[i] = d * mean", "", "two", ""},
		{"h before the step", "bptt/bptt.go", "g.AccumulateRead(w.h[(n-m+1)*p.H:(n+1)*p.H]", "g.AccumulateRead(w.h[(n-m)*p.H:n*p.H]", "", "wy-before", ""},
		{"tanh′ of g", "cell/cell.go", "math.FMA(-g[j], g[j], 1)", "(g[j] * (1 - g[j]))", "", "sigma-for-tanh", ""},
		{"c for c'", "cell/cell.go", "dc * (s.CPrev[j] *", "dc * (s.C[j] *", "", "c-for-cprev", ""},
		{"no dh", "cell/cell.go", "tensor.MatVec(s.DHPrev, wh, s.Z)", "_ = wh", "", "no-dh", ""},
		{"h∘c, there and back", "cell/cell.go", "tensor.Mul(s.H, o, s.TanhC)", "copy(s.TanhC, s.C); tensor.Mul(s.H, o, s.C)", "", "", `\d\.\d{6}[^\n]*\n?[^\n]*\d\.\d{6}`},
		{"x ahead", "cell/cell.go", "tensor.Outers(g.Wx, x, dz, t)", "tensor.Outers(g.Wx, append(append([]float64(nil), x[g.X:]...), make([]float64, g.X)...), dz, t)", "", "", `\+1\n`},
		{"another loss", "bptt/loss.go", "sum = math.FMA(d, d, sum)", "sum = math.FMA(d, 1.1*d, sum)", "", "", `(?s)where +the loss.*1/O Σ_n`},
		{"no target", "bptt/loss.go", "p[j] -= want[j]", "p[j] -= 0 * want[j]", "reber", "", place},
		{"the largest is forgotten", "bptt/loss.go", "p[m] = (1 - want[m]) - r/(1+r)", "p[m] = 0", "reber", "", place},
		{"asked too early", "bptt/bptt.go", "p.ReadBackward(w.dh[(n-m+1)*p.H:(n+1)*p.H], dy, m)", "p.ReadBackward(w.dh[p.H:(m+1)*p.H], dy, m)", "order", "", place},
		{"a division by zero", "cell/cell.go", "dzi[j] = dc * (g[j] * (i[j] * (1 - i[j])))", "dzi[j] = dc / (0 * i[j])", "", "", "(?s)gate i, unit 0.*NaN or Inf"},
		{"a panic", "cell/cell.go", "dzf[j] = dc * (s.CPrev[j] *", "dzf[j] = dc * (s.CPrev[len(s.CPrev)] *", "", "", `(?s)cell\.go:\d+.*gate f, unit 0`},
		{"dc of a longer sequence", "bptt/bptt.go", "clear(row(w.dc, n, p.H))", "_ = n", "reber", "", place},
		{"gates in another order, back", "cell/cell.go", "i, f, o, g := split(s.Gates)\n\tdzi", "i, o, f, g := split(s.Gates)\n\tdzi", "", "", `i, o, f, g = gates`},
		{"gates in another order, there", "cell/cell.go", "i, f, o, g := split(s.Gates)\n\tfor", "i, f, g, o := split(s.Gates)\n\tfor", "", "", `(?s)where +the forward pass.*i, f, g, o = gates`},
		{"a step is left out, back", "bptt/bptt.go", "for t := n - 1; t >= 0; t-- {", "for t := n - 1; t > 0; t-- {", "", "", `dz of step 0\s+is still z`},
		{"a step is left out, there", "bptt/bptt.go", "for t := range n {", "for t := range n - 1 {", "reber", "", `where +the forward pass`},
		{"h0 and the window's h swapped", "bptt/bptt.go", "copy(w.h, h0)", "copy(h0, w.h)", "", "", `where +the forward pass, before the first step`},
		{"a unit is left out", "cell/cell.go", "range s.TanhC {", "range s.TanhC[:len(s.TanhC)-1] {", "", "", `dz of unit 4\s+is still z`},
		{"units reversed", "cell/cell.go", "s.DC[j])", "s.DC[len(s.DC)-1-j])", "", "", `line +dc =`},
		{"dx twice", "cell/cell.go", "tensor.MatVecs(dx, p.Wx, dz, t)", "tensor.MatVecs(dx, p.Wx, dz, t); tensor.MatVecs(dx, p.Wx, dz, t)", "", "", `dx = Wx·dz`},
		{"a bias short", "cell/cell.go", "tensor.Sum(g.B, dz)", "tensor.Sum(g.B, dz[4*g.H:])", "", "", ` bi bo bg`},
	} {
		args := []string{"-steps", "0"}
		if c.task != "" {
			args = append(args, "-task", c.task, "-forget-bias", "3", "-input-bias", "0")
		}
		if absent(args) {
			continue
		}
		for _, e := range mistake.Exhibits {
			if e.Name == c.exhibit {
				what := strings.ReplaceAll(regexp.QuoteMeta(e.What), " ", `\s+`) // it may take two lines
				c.want = what + `\n[^\n]*` + regexp.QuoteMeta(e.Right)
			}
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			stdout, code := broken(t, c.file, c.right, c.wrong, args)
			if code != 1 || c.want == "" || !has(stdout, c.want) {
				t.Errorf("exit status %d, want 1, and %q:\n%s", code, c.want, stdout)
			}
		})
	}
}

// broken runs the command with one changed line in a file.
func broken(t *testing.T, file, right, wrong string, args []string) (stdout string, code int) {
	path, err := filepath.Abs(filepath.Join("..", filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(data), right) != 1 {
		t.Fatalf("%s: %q must occur exactly once", file, right)
	}
	dir := t.TempDir()
	changed, overlay := filepath.Join(dir, "changed.go"), filepath.Join(dir, "overlay.json")
	replace, _ := json.Marshal(map[string]map[string]string{"Replace": {path: changed}})
	for name, text := range map[string]string{changed: strings.Replace(string(data), right, wrong, 1), overlay: string(replace)} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("go", "build", "-tags", "purego", "-overlay", overlay, "-o", filepath.Join(dir, "lstm"), "..")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.Command(filepath.Join(dir, "lstm"), args...)
	out, _ := cmd.Output()
	return string(out), cmd.ProcessState.ExitCode()
}
