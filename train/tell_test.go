package train

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"lstm/bptt"
	"lstm/train/settings"
	"lstm/train/task"
)

// TestRows: the last column of a row ends below its head. The row has the numbers of the run.
func TestRows(t *testing.T) {
	t.Parallel()
	for variant := range variants {
		r := newToy(t, variant, nil)
		if row := r.Row(); len(row) > len(r.Columns()) {
			t.Errorf("%s: before training, %q below %q", variant, row, r.Columns())
		}
		learn(t, r, 20)
		if variant == "plain" || variant == "endless" || variant == "symbols" {
			if want := fmt.Sprintf("%.4f", r.EMA); r.Row() != want {
				t.Errorf("%s: %q, want %s", variant, r.Row(), want)
			}
			continue
		}
		row, fields := r.Row(), strings.Fields(r.Row())
		off, inARow, valid := fmt.Sprintf("%.4f", r.score.off()), fmt.Sprint(r.score.inARow), fmt.Sprintf("%.4f", r.best.last)
		want := map[string][]string{
			"in a row":           {off, inARow},
			"sets":               {fmt.Sprint(r.score.right)},
			"validated":          {valid},
			"validated in a row": {off, inARow, valid},
		}[variant]
		if len(row) != len(r.Columns()) || strings.Join(fields[1:], " ") != strings.Join(want, " ") || fields[0] != fmt.Sprintf("%.4f", r.EMA) {
			t.Errorf("%s: %q below %q, want %s", variant, row, r.Columns(), want)
		}
	}
}

// TestGoBack: the run says after how many iterations it validated best, unless this is the last network.
func TestGoBack(t *testing.T) {
	t.Parallel()
	for last, want := range map[float64]string{2: "10 sequences", 0.5: ""} {
		r, errors := newToy(t, "validated in a row", nil), []float64{1, last}
		r.Task.Validation.Error = func(bptt.Model) float64 { e := errors[0]; errors = errors[1:]; return e }
		r.Task.Criterion.Below = 1e-9 // never learnt
		learn(t, r, 20)
		var b strings.Builder
		r.GoBack(&b)
		if !strings.Contains(b.String(), want) || (b.Len() == 0) != (want == "") {
			t.Errorf("errors of 1 and %v: %q, want %q", last, &b, want)
		}
	}
}

// TestDue tests which iterations the table shows.
func TestDue(t *testing.T) {
	t.Parallel()
	shown := 0
	for r, next := new(Run), 0; next <= 600_000; next++ {
		r.Iter = next + 1 // the loss is from before the update
		every := 100
		switch {
		case next > 500_000:
			every = 100_000
		case next > 50_000:
			every = 10_000
		case next > 5_000:
			every = 1_000
		}
		if r.Due() {
			shown++
		}
		if r.Due() != (next%every == 0) {
			t.Errorf("the table shows iteration %d: %v", next, r.Due())
		}
	}
	if shown != 51+45+45+1 {
		t.Errorf("the table shows %d iterations", shown)
	}
}

// TestAnswer: the answer has the numbers of the test, and fine is right.
func TestAnswer(t *testing.T) {
	t.Parallel()
	r := newToy(t, "in a row", nil)
	tell := func(_ *settings.Config, k *task.Task) { k.Tell = func(io.Writer, bptt.Model) {} }
	for _, c := range []struct {
		what              string
		r                 *Run
		learnt            bool
		eval, interrupted bool
		fine              bool
		says              []string // "" for an empty answer
	}{
		{"no criterion", newToy(t, "plain", nil), false, false, false, true, []string{""}},
		{"no criterion, tested", newToy(t, "plain", nil), false, true, false, true, []string{"100"}},
		{"its own words", newToy(t, "plain", tell), false, true, false, true, []string{""}},
		{"not learnt", r, false, false, false, false, []string{"7"}},
		{"interrupted", r, false, false, true, true, []string{"7"}},
		{"learnt", r, true, false, false, true, []string{"7", "50"}},
		{"tested", r, false, true, false, true, []string{"50"}},
	} {
		c.r.Iter, c.r.score.learnt = 7, c.learnt
		random := c.r.Rand.State()
		o := c.r.Answer(c.eval, c.interrupted)
		says, fine := o.Says, o.Fine
		if fine != c.fine || c.says[0] == "" && says != "" || strings.Contains(says, "\n") {
			t.Errorf("%s: %v, %q", c.what, fine, says)
		}
		if c.r.Rand.SetState(random); c.r.Task.Criterion != nil && (c.learnt || c.eval) {
			wrong, off := c.r.Test()
			if o.Wrong != wrong || o.Off != off || o.Tests != c.r.Task.Criterion.Tests() {
				t.Errorf("%s: %+v, want %d wrong, %v", c.what, o, wrong, off)
			}
			c.says = append(c.says, fmt.Sprint(wrong), fmt.Sprintf("%.4f", off))
		} else if c.says[0] == "100" {
			c.says = append(c.says, fmt.Sprintf("%.4f", c.r.MeanLoss(100)))
		}
		for _, want := range c.says {
			if !strings.Contains(says, want) {
				t.Errorf("%s: %q does not say %q", c.what, says, want)
			}
		}
	}
}

// TestIntroduce: each setting of the run has its own row.
func TestIntroduce(t *testing.T) {
	t.Parallel()
	r := newToy(t, "in a row", func(c *settings.Config, k *task.Task) {
		c.Window, c.Stride, c.Clip, c.Halve, c.ForgetBias, c.InputBias, c.Seed = 7, 3, 0.25, 777, 1.5, -2.5, 99
		k.Criterion.Says, k.Note = "all is well", "A note."
	})
	r.Iter, r.Other = 1234, true
	var b bytes.Buffer
	r.Introduce(&b)
	for _, want := range []string{"toy", "2 inputs", "4 hidden units", "1 output:", "117 parameters", "+1.5", "-2.5", "1,000 sequences", "sgd", "0.01",
		"777", "0.25", "99", "3 steps", "7", "all is well", "A note.", "1,234 sequences"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%s", want, &b)
		}
	}
	for _, f := range r.Facts() {
		if f[0] == "" || f[1] == "" {
			t.Errorf("a fact %q", f)
		}
	}
}
