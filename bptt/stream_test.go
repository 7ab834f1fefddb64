package bptt

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"lstm/cell"
	"lstm/check"
	"lstm/tensor/assert"
	"lstm/train/facts"
)

// truncations has windows and strides for a sequence of 12 steps.
var truncations = [][2]int{{1, 1}, {3, 3}, {3, 1}, {5, 2}, {4, 3}, {12, 12}, {12, 5}, {20, 7}}

// through runs a stream over x in pieces of its stride. After every piece it calls each with the number
// of steps done.
func through(s *Stream, g *cell.Params, x, target, h0, c0 []float64, each func(done int, loss float64)) {
	s.Start(h0, c0)
	X, O := s.p.X, s.p.O
	T := len(x) / X
	for t := 0; t < T; t += s.Stride {
		end := min(t+s.Stride, T)
		loss := s.Forward(x[t*X:end*X], target[t*O:end*O])
		s.Backward(g)
		each(end, loss)
	}
}

// TestStreamForward: a stream gives the same outputs and states as one window, to the bit.
func TestStreamForward(t *testing.T) {
	p, x, target, h0, c0 := wave(12)
	whole := New(p, 12)
	whole.Forward(x, target, h0, c0)
	for _, n := range truncations {
		s := NewStream(p, n[0], n[1])
		from := 0
		through(s, cell.New(2, 6, 3), x, target, h0, c0, func(done int, _ float64) {
			assert.Near(t, fmt.Sprint(n, " y"), s.Y, whole.Y[from*3:done*3], 0)
			assert.Near(t, fmt.Sprint(n, " h"), s.HT, row(whole.h, done, 6), 0)
			assert.Near(t, fmt.Sprint(n, " c"), s.CT, row(whole.c, done, 6), 0)
			from = done
		})
		if from != 12 {
			t.Fatalf("%v: %d steps", n, from)
		}
	}
}

// TestWholeWindow: a window over the whole sequence gives full backpropagation, to the bit. If the sequence
// comes in several pieces, only the order of the sums differs.
func TestWholeWindow(t *testing.T) {
	p, x, target, h0, c0 := wave(12)
	whole, want := New(p, 12), cell.New(2, 6, 3)
	whole.Forward(x, target, h0, c0)
	whole.Backward(want)
	for _, n := range [][2]int{{12, 12}, {20, 20}, {12, 5}, {13, 1}} {
		s, g := NewStream(p, n[0], n[1]), cell.New(2, 6, 3)
		tol := 0.0
		if n[1] < 12 {
			tol = 1e-13
		}
		through(s, g, x, target, h0, c0, func(int, float64) {})
		assert.Near(t, fmt.Sprint(n, " gradient"), g.All, want.All, tol)
		if tol == 0 {
			assert.Near(t, fmt.Sprint(n, " dx"), s.DX(), whole.DX(), 0)
		}
	}
}

// TestTruncatedGradient: a stream computes the gradient of the loss whose windows start from frozen states.
// Where the stream cuts paths off, this is not the gradient of the full loss.
func TestTruncatedGradient(t *testing.T) {
	p, x, target, h0, c0 := wave(12)
	for i := range p.All {
		p.All[i] *= 0.7
	}
	distribution := slices.Clone(target)
	for i := 0; i < len(target); i += 3 {
		Softmax(distribution[i:i+3], target[i:i+3])
	}
	for _, loss := range []Loss{SquaredError{}, CrossEntropy{}} {
		target := target
		if loss == (CrossEntropy{}) {
			target = distribution
		}
		for _, n := range truncations {
			type piece struct{ x, target, h, c []float64 }
			var pieces []piece
			s, g := NewStream(p, n[0], n[1]), cell.New(2, 6, 3)
			s.Loss = loss
			base, from := 0.0, 0
			through(s, g, x, target, h0, c0, func(done int, loss float64) {
				pieces = append(pieces, piece{slices.Clone(s.x), target[from*3 : done*3], slices.Clone(s.H), slices.Clone(s.C)})
				base, from = base+loss, done
			})
			w := New(p, 12)
			w.Loss = loss
			frozen := func() (sum float64) {
				for _, c := range pieces {
					sum += w.Forward(c.x, c.target, c.h, c.c)
				}
				return sum
			}
			full := func() float64 { return w.Forward(x, target, h0, c0) }
			wrong := func(loss func() float64, base float64) int {
				results, err := check.Gradients(loss, []check.Param{{Name: "all", Value: p.All, Grad: g.All, Entry: p.Name}}, check.Options{Loss: base})
				if err != nil {
					t.Fatal(err)
				}
				if n := len(results[0].With(check.Unresolved)); n > 0 {
					t.Errorf("%d entries are unresolved", n)
				}
				return len(results[0].With(check.Wrong))
			}
			if k := wrong(frozen, base); k > 0 {
				t.Errorf("%T %v: %d entries differ from the loss from frozen states", loss, n, k)
			}
			if k := wrong(full, 0); (k > 0) != (n[0] < 12) {
				t.Errorf("%T %v: %d entries differ from the full loss", loss, n, k)
			}
			if l := full(); math.Abs(l-base) > 1e-13*l {
				t.Errorf("%T %v: the loss is %v, and %v in one window", loss, n, base, l)
			}
		}
	}
}

// TestPaths takes the gradient apart. C[t,τ] is the part of the gradient of step t's loss that
// comes to the parameters through step τ. The full gradient is the sum of all parts. The gradient of
// a stream is the sum of the parts in its windows: blocks along the diagonal if stride = window, and
// a band if the stride is 1.
func TestPaths(t *testing.T) {
	const T = 12
	p, x, target, h0, c0 := wave(T)
	y := New(p, T)
	y.Forward(x, target, h0, c0)
	// at returns targets equal to the outputs, except at step t. So only step t has a loss.
	at := func(step int) []float64 {
		only := slices.Clone(y.Y)
		copy(only[step*3:(step+1)*3], target[step*3:])
		return only
	}
	// share returns the part of the gradient of W that comes from dz of step tau.
	share := func(dz []float64, tau int) []float64 {
		g := cell.New(2, 6, 3)
		g.Accumulate(x[tau*2:(tau+1)*2], y.h[tau*6:(tau+1)*6], dz, 1)
		return g.All[:len(g.All)-len(g.Wy)-len(g.By)]
	}
	var C [T][T][]float64
	for step := range T {
		w, g := New(p, T), cell.New(2, 6, 3)
		w.Forward(x, at(step), h0, c0)
		w.Backward(g)
		sum := make([]float64, len(g.All)-len(g.Wy)-len(g.By))
		for tau := range T {
			C[step][tau] = share(row(w.DZ, tau, 24), tau)
			add(sum, C[step][tau])
			if zero := norm(C[step][tau]) == 0; zero != (tau > step) {
				t.Errorf("C[%d,%d] is zero: %v", step, tau, zero)
			}
		}
		assert.Near(t, fmt.Sprintf("Σ_τ C[%d,τ]", step), sum, g.All[:len(sum)], 1e-13)
	}
	drawn := make(map[string]string)
	for _, n := range truncations {
		window, stride := n[0], n[1]
		var picture strings.Builder
		masked := make([]float64, len(C[0][0]))
		all := cell.New(2, 6, 3)
		through(NewStream(p, window, stride), all, x, target, h0, c0, func(int, float64) {})
		for step := range T {
			s := NewStream(p, window, stride)
			var seen [T]bool
			through(s, cell.New(2, 6, 3), x, at(step), h0, c0, func(done int, _ float64) {
				first := done - len(s.x)/2
				for tau := first; tau < done; tau++ {
					if dz := row(s.DZ, tau-first, 24); norm(dz) > 0 {
						seen[tau] = true
						assert.Near(t, fmt.Sprintf("%v C[%d,%d]", n, step, tau), share(dz, tau), C[step][tau], 0)
					}
				}
			})
			end := min((step/stride+1)*stride, T) // the end of the piece that has the step
			for tau := range T {
				inside := tau <= step && tau >= end-window
				if seen[tau] != inside {
					t.Errorf("%v: the loss of step %d goes through step %d: %v, want %v", n, step, tau, seen[tau], inside)
				}
				if inside {
					add(masked, C[step][tau])
				}
				picture.WriteString(map[bool]string{true: "█", false: "·"}[seen[tau]])
				block, band := tau <= step && tau/stride == step/stride, tau <= step && tau > step-window
				if window == stride && seen[tau] != block || stride == 1 && seen[tau] != band {
					t.Errorf("%v: C is not as it should be at [%d,%d]", n, step, tau)
				}
			}
			picture.WriteString("\n")
		}
		assert.Near(t, fmt.Sprint(n, " masked sum"), all.All[:len(masked)], masked, 1e-13)
		t.Logf("window %d, stride %d: C[t,τ], τ to the right\n%s", window, stride, &picture)
		drawn[fmt.Sprintf("-window %d -stride %d", window, stride)] = picture.String()
	}

	facts.Block(t, "README.md", "paths", sideBySide(drawn, "-window 3 -stride 3", "-window 5 -stride 2", "-window 3 -stride 1"))
}

// sideBySide returns the drawings of the given names as a fenced block, in columns.
func sideBySide(drawn map[string]string, names ...string) string {
	lines := make([]string, 2+strings.Count(drawn[names[0]], "\n"))
	for _, name := range names {
		for i, cell := range append([]string{name, ""}, strings.Fields(drawn[name])...) {
			if width := utf8.RuneCountInString(lines[i]); width > 0 && cell != "" {
				lines[i] += strings.Repeat(" ", 25-width%25)
			}
			lines[i] += cell
		}
	}
	return "```\n" + strings.Join(lines, "\n") + "\n```\n"
}

func add(a, b []float64) {
	for i := range a {
		a[i] += b[i]
	}
}

func norm(a []float64) float64 {
	sum := 0.0
	for _, v := range a {
		sum += v * v
	}
	return math.Sqrt(sum)
}

// TestHandedOn: if each window hands dh and dc back to the window before it, the result is the full
// gradient.
func TestHandedOn(t *testing.T) {
	p, x, target, h0, c0 := wave(12)
	whole, want := New(p, 12), cell.New(2, 6, 3)
	whole.Forward(x, target, h0, c0)
	whole.Backward(want)
	for _, n := range []int{1, 3, 4, 6} {
		var windows []*Window
		h, c := h0, c0
		for at := 0; at < 12; at += n {
			w := New(p, n)
			w.Forward(x[2*at:2*(at+n)], target[3*at:3*(at+n)], h, c)
			h, c = w.HT, w.CT
			windows = append(windows, w)
		}
		g := cell.New(2, 6, 3)
		for k := len(windows) - 1; k >= 0; k-- {
			w := windows[k]
			w.throughReadout(g)
			if k+1 < len(windows) { // hand dh and dc back, as Backward never does
				add(row(w.dh, n, 6), windows[k+1].DH0)
				add(row(w.dc, n, 6), windows[k+1].DC0)
			}
			w.throughTime(g)
			assert.Near(t, fmt.Sprint("dx of window ", k), windows[k].DX(), whole.DX()[2*k*n:2*(k+1)*n], 0)
		}
		assert.Near(t, "dh0", windows[0].DH0, whole.DH0, 0)
		assert.Near(t, "dc0", windows[0].DC0, whole.DC0, 0)
		assert.Near(t, "gradient", g.All, want.All, 1e-13)
	}
}

// TestCarry: Carry copies the state, and changes no number that the backward pass needs.
func TestCarry(t *testing.T) {
	p, x, target, h0, c0 := wave(6)
	run := func(scribble bool) []float64 {
		s, g := NewStream(p, 6, 2), cell.New(2, 6, 3)
		s.Start(h0, c0)
		s.Forward(x[:4], target[:6])
		s.Backward(g)
		s.Window.Forward(x[:8], target[:12], h0, c0)
		s.Carry(3)
		assert.Near(t, "carried h", s.H, row(s.h, 3, 6), 0)
		assert.Near(t, "carried c", s.C, row(s.c, 3, 6), 0)
		if scribble {
			clear(s.H)
			clear(s.C)
		}
		s.Backward(g)
		return g.All
	}
	assert.Near(t, "gradient", run(true), run(false), 0)
}

// TestNewStream: a new stream starts from the zero state, and has room for the inputs of its window. With one input
// and a stride of one step, too, the window moves on.
func TestNewStream(t *testing.T) {
	p := cell.New(1, 2, 1)
	for i := range p.All {
		p.All[i] = math.Sin(float64(i + 1))
	}
	s, started, none := NewStream(p, 3, 1), NewStream(p, 3, 1), make([]float64, 2)
	started.Start(none, none)
	if room := cap(NewStream(cell.New(2, 6, 3), 5, 2).x); room != 10 {
		t.Errorf("room for %d inputs, want 10", room)
	}
	for n := range 6 {
		x, target := []float64{float64(n)}, []float64{1}
		if a, b := s.Forward(x, target), started.Forward(x, target); a != b || len(s.Steps()) != min(n+1, 3) {
			t.Errorf("step %d: loss %v, and %v after Start; %d steps", n, a, b, len(s.Steps()))
		}
	}
}

// TestState: a stream with the state of another one goes on in the same way, to the bit, also before the window has
// filled. States that do not fit are refused.
func TestState(t *testing.T) {
	p, x, target, h0, c0 := wave(12)
	for done := range 6 { // pieces of 2 steps; the window has 5
		s, g := NewStream(p, 5, 2), cell.New(2, 6, 3)
		s.Start(h0, c0)
		next := func(s *Stream, n int) float64 { return s.Forward(x[4*n:4*n+4], target[6*n:6*n+6]) }
		for n := range done {
			next(s, n)
		}
		state := s.State()
		if steps := min(2*done, 5); len(state) != 2*6*(steps+1)+2*steps {
			t.Errorf("after %d pieces the state has %d numbers", done, len(state))
		}
		other, og := NewStream(p, 5, 2), cell.New(2, 6, 3)
		next(other, 0) // it was in use
		if err := other.SetState(state); err != nil {
			t.Fatal(err)
		}
		assert.Near(t, "state", other.State(), state, 0)
		for n := done; n < 6; n++ {
			if want, got := next(s, n), next(other, n); got != want {
				t.Errorf("after %d pieces, the loss of piece %d is %v, want %v", done, n, got, want)
			}
			s.Backward(g)
			other.Backward(og)
		}
		assert.Near(t, "gradient", og.All, g.All, 0)
		for _, bad := range [][]float64{state[1:], append(state, 0), append(state, 0, 0), make([]float64, 2*6*7+2*6), nil} {
			if other.SetState(bad) == nil {
				t.Errorf("after %d pieces: %d numbers are accepted", done, len(bad))
			}
		}
	}
}

// TestTruncationError: the truncated gradient comes closer to the full gradient as the window grows.
func TestTruncationError(t *testing.T) {
	const T = 64
	p, x, target, h0, c0 := wave(T)
	for i := range p.All {
		p.All[i] *= 0.7
	}
	full := cell.New(2, 6, 3)
	through(NewStream(p, T, T), full, x, target, h0, c0, func(int, float64) {})
	table := "| window | relative error, stride 1 | relative error, stride = window |\n| --- | --- | --- |\n"
	last := [2]float64{math.Inf(1), math.Inf(1)}
	for window := 1; window <= T; window *= 2 {
		var off [2]float64
		var shown [2]string
		for k, stride := range []int{1, window} {
			g := cell.New(2, 6, 3)
			through(NewStream(p, window, stride), g, x, target, h0, c0, func(int, float64) {})
			for i := range g.All {
				g.All[i] -= full.All[i]
			}
			off[k] = norm(g.All) / norm(full.All)
			if !(off[k] < last[k]) {
				t.Errorf("window %d, stride %d: off by %.3g, and by %.3g with half the window", window, stride, off[k], last[k])
			}
			switch shown[k] = fmt.Sprintf("%.2e", off[k]); {
			case off[k] == 0:
				shown[k] = "0"
			case off[k] < 1e-14: // only rounding errors
				shown[k] = "< 1e-14"
			}
		}
		t.Logf("window %2d: off by %.2e with stride 1, %.2e with stride = window", window, off[0], off[1])
		if window != 2 && window != 8 {
			table += fmt.Sprintf("| %d | %s | %s |\n", window, shown[0], shown[1])
		}
		last = off
	}
	facts.Block(t, "README.md", "truncation", table)
	if last[0] > 1e-14 || last[1] != 0 {
		t.Errorf("with a window over all steps, off by %v", last)
	}
}

// TestLongStream: ten million steps take no more memory than a hundred thousand. A step takes no more time
// than in a window alone.
func TestLongStream(t *testing.T) {
	if testing.Short() {
		t.Skip("ten million steps")
	}
	const T = 22
	p, g := cell.New(1, 5, 1), cell.New(1, 5, 1)
	for i := range p.All {
		p.All[i] = 0.5 * math.Sin(float64(i+1))
	}
	x, target := make([]float64, T), make([]float64, T)
	run := func(steps int, each func()) time.Duration {
		begun := time.Now()
		for range steps / T {
			clear(g.All)
			each()
		}
		return time.Since(begun)
	}
	s, w := NewStream(p, T, T), New(p, T)
	zero := make([]float64, 5)
	stream := func() {
		s.Forward(x, target)
		s.Backward(g)
	}
	alone := func() {
		w.Forward(x, target, zero, zero)
		w.Backward(g)
	}
	run(1e5, stream)
	before := resident(t)
	took := run(1e7, stream)
	after := resident(t)
	t.Logf("resident after 1e5 steps %d KB, after 1e7 %d KB", before>>10, after>>10)
	if after > before+1<<20 {
		t.Errorf("ten million steps took %d KB more", (after-before)>>10)
	}
	ratio := math.Inf(1)
	for range 9 { // take the best of nine ratios: the machine may be busy
		ratio = min(ratio, run(1e6, stream).Seconds()/run(1e6, alone).Seconds())
	}
	t.Logf("%.0f ns a step, %.2f times as long as in a window alone", float64(took.Nanoseconds())/1e7, ratio)
	if ratio > 1.1 {
		t.Errorf("a step of a stream takes %.2f times as long as a step of a window", ratio)
	}
}

// resident returns the bytes of memory that the process has in use.
func resident(t *testing.T) int {
	runtime.GC()
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.Sys)
	}
	var size, pages int
	if _, err := fmt.Sscan(string(data), &size, &pages); err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

// The stream takes three steps at a time, and has windows of six steps.
func ExampleStream() {
	p, g := cell.New(1, 1, 1), cell.New(1, 1, 1)
	copy(p.B, []float64{0, 2, 2, 0}) // forget and output gate mostly open
	p.Wx[3], p.Wy[0] = 1, 1          // the input goes to the candidate
	s := NewStream(p, 6, 3)
	for n := range 3 {
		x := []float64{1 - float64(n), 0, 0}
		loss := s.Forward(x, []float64{0, 0, 0})
		s.Backward(g)
		fmt.Printf("steps %d to %d: loss %.4f, from c = %.4f\n", 3*n+1, 3*n+3, loss, s.C[0])
	}
	// Output:
	// steps 1 to 3: loss 0.2475, from c = 0.0000
	// steps 4 to 6: loss 0.1204, from c = 0.0000
	// steps 7 to 9: loss 0.0743, from c = 0.2954
}
