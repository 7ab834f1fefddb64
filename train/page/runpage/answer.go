package runpage

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lstm/check"
	"lstm/check/scalar"
	"lstm/train"
	"lstm/train/page"
	"lstm/train/page/panel"
	"lstm/train/plot/label"
	"lstm/train/proof"
	"lstm/train/rival"
	"lstm/train/rng"
	"lstm/train/show"
)

// learnt returns the banner that says whether the task is learnt, and how well. s may be nil.
func learnt(r *train.Run, a train.Answer, s *rival.Standing) page.Banner {
	b := page.Banner{Asks: "Learnt?", Class: page.Class(check.Unresolved)}
	c := r.Task.Criterion
	switch {
	case a.Diverged:
		b.Says, b.Class = "Diverged", page.Class(check.Wrong)
		b.Scores = []page.Score{{Number: label.Number(r.EMA), Of: "moving average of the loss, after " + show.Count(r.Iter, r.Task.Unit)},
			page.Rival(label.Digits(r.Task.Baseline(r.Config.Seed, r.Model.Params.H), 3), constantLoss)}
		b.Notes = []string{panel.Sentence(label.Pretty(a.Says))}
		return b
	case c != nil:
		b.Notes = []string{"Learnt is: " + c.Says + ". Wrong is: " + c.Wrong + "."}
		if a.Tests == 0 {
			b.Says, b.Class = "No", page.Class(check.Wrong)
			b.Scores = append(scoresOf(r), page.Rival(label.Digits(r.Task.Baseline(r.Config.Seed, r.Model.Params.H), 3), constantLoss))
			break
		}
		b.Says, b.Class = "Yes", page.Class(check.Right)
		b.Scores = []page.Score{{Number: show.Thousands(a.Wrong), Of: "of " + show.Count(a.Tests, "new sequence") + " wrong"}}
		if c.Below > 0 {
			b.Scores = append(b.Scores, page.Score{Number: label.Digits(a.Off, 3), Of: fmt.Sprintf("mean error, below %v asked", c.Below)})
		}
		b.Scores = append(b.Scores, page.Rival(show.Thousands(constantWrong(r, a.Tests)), byConstant(c.Wrong)))
		if !r.Learnt() {
			b.Says, b.Class = "Tested only", page.Class(check.Unresolved)
		}
	case s != nil:
		best := s.Best()
		b.Scores = []page.Score{{Number: label.Digits(s.Network.Error, 3), Of: s.Of}, page.Rival(label.Digits(best.Error, 3), rivalOf(s))}
		if decide(&b, s.Wins); s.Where != "" {
			b.Says += ", " + s.Where
		}
		if s.Says != "" {
			b.Notes = []string{s.Says}
		}
	case len(r.Past.Iter) == 0:
		b.Scores = scoresOf(r)
		b.Says = "Not trained here"
	default:
		constant(&b, r)
	}
	if a.Says != "" && c == nil {
		b.Notes = append(b.Notes, a.Says)
	}
	if a.Interrupted {
		b.Says, b.Class = "Interrupted", page.Class(check.Unresolved)
	}
	return b
}

const constantLoss = "loss of the best constant output"

// scoresOf returns the numbers of the training table: first those that a criterion asks for, and then the loss.
func scoresOf(r *train.Run) (all []page.Score) {
	columns, c := r.Numbers(), r.Task.Criterion
	add := func(k int, of string) {
		if columns[k].Value != "" {
			all = append(all, page.Score{Number: columns[k].Value, Of: of})
		}
	}
	switch {
	case c == nil:
	case len(c.Sets) > 0:
		add(1, fmt.Sprintf("of %s fixed sequences right; all are asked", show.Thousands(len(c.Sets))))
	default:
		asked := ""
		if c.Below > 0 {
			asked = fmt.Sprintf("; below %v is asked", c.Below)
		}
		add(2, fmt.Sprintf("sequences in a row right; %s are asked", show.Thousands(c.Last)))
		add(1, fmt.Sprintf("mean error of the last %s%s", show.Thousands(c.Last), asked))
	}
	if last := len(columns) - 1; r.Task.Validation != nil {
		add(last, "validation: "+r.Task.Validation.Says)
	}
	add(0, cmp.Or(r.Task.Shown.Name, "loss")+", moving average in training")
	return all
}

// byConstant is about the sequences that the best constant output gets wrong. A short definition of wrong stands with it.
func byConstant(wrong string) string {
	if len(wrong) > 40 {
		return "wrong with the best constant answer"
	}
	return "wrong with the best constant answer: " + wrong
}

// rivalOf says what the number of the best rival is.
func rivalOf(s *rival.Standing) string {
	what := "error"
	if len(s.Symbols) > 0 {
		what = "bits per character"
	}
	return fmt.Sprintf("%s of %s, the best simpler method", what, s.Best().Name)
}

// beforeTraining says what the page of a diverged run shows.
const beforeTraining = "The page shows the network from which training started."

// constantWrong returns how many of n new sequences the best constant output gets wrong.
func constantWrong(r *train.Run, n int) (wrong int) {
	s, random := r.Task.NewSequence(r.Model.Params.H), rng.New(^r.Config.Seed)
	y, _ := r.Task.Constant(r.Config.Seed, r.Model.Params.H)
	for i := range n {
		s.Fill(r.Task.Fresh, random, i)
		if _, right := r.Task.Criterion.Judge(s, slices.Repeat(y, len(s.Target)/r.Task.O)); !right {
			wrong++
		}
	}
	return wrong
}

// constant compares the last losses with that of the best constant output.
func constant(b *page.Banner, r *train.Run) {
	const few = 100
	base, median, high := r.Task.Baseline(r.Config.Seed, r.Model.Params.H), panel.Last(r.Past.Median), panel.Last(r.Past.High)
	b.Scores = []page.Score{
		{Number: label.Digits(median, 3), Of: "median of the last hundred losses"},
		page.Rival(label.Digits(base, 3), constantLoss),
	}
	switch {
	case median >= base:
		decide(b, -1)
	case high >= base:
		decide(b, 0)
	default:
		decide(b, 1)
	}
	if panel.Last(r.Past.Iter)-r.Past.Iter[0] < few-1 {
		b.Says, b.Class = "Too early to tell", page.Class(check.Unresolved)
	}
}

// decide says yes, no, or neither.
func decide(b *page.Banner, wins int) {
	i := wins + 1
	b.Says = [...]string{"No, a rival is better", "No clear winner", "Yes"}[i]
	b.Class = page.Class([...]check.Verdict{check.Wrong, check.Unresolved, check.Right}[i])
}

// gradient returns the banner of a check. p may be nil.
func gradient(p *proof.Proof) page.Banner {
	b := page.Banner{Asks: "Gradient by backpropagation", Says: "Not checked", Class: page.Class(check.Unresolved)}
	if p == nil {
		b.Notes = []string{"Nothing was compared: the check was off, or the run was interrupted."}
		return b
	}
	v, says := p.Verdict()
	b.Class = page.Class(v)
	b.Says = map[check.Verdict]string{check.Right: "Right", check.Wrong: "Wrong", check.Unresolved: "Not proven"}[v]
	if q := p.Quick; q != nil {
		b.Scores = []page.Score{{Number: label.Rough(q.Share()), Of: "error ÷ allowed, along a random direction"}}
		if b.Notes = []string{says}; v == check.Right {
			b.Says = "Right along one direction"
		}
		return b
	}
	n, e := p.Checked(), panel.Worst(p.Results, check.Entry.Share)
	good, entries, whole := n-p.Count(check.Wrong)-p.Count(check.Unresolved), "entries", ""
	if n < p.Total {
		entries, whole = "sampled entries", "; there are "+show.Thousands(p.Total)
		if v == check.Right {
			b.Says = "Right in a sample"
		}
	}
	b.Scores = []page.Score{
		{Number: label.Rough(e.Share()), Of: "worst error ÷ allowed, at " + e.Name + "; 1 is the limit"},
		{Number: show.Thousands(n - good), Of: fmt.Sprintf("of %s %s are wrong%s", show.Thousands(n), entries, whole)},
	}
	switch {
	case v == check.Unresolved:
		b.Scores[1] = page.Score{Number: show.Thousands(p.Count(check.Unresolved)), Of: fmt.Sprintf("of %s %s have an error bar too wide to tell%s", show.Thousands(n), entries, whole)}
		slices.Reverse(b.Scores)
	case v == check.Wrong && good == n: // another network
		b.Notes = []string{says}
	case v == check.Wrong:
		b.Scores[1] = page.Score{Number: show.Thousands(p.Count(check.Wrong)), Of: fmt.Sprintf("of %s %s are wrong%s", show.Thousands(n), entries, whole)}
		slices.Reverse(b.Scores)
	}
	for _, line := range p.Unfair {
		b.Notes = append(b.Notes, "Blind here: "+label.Pretty(line)+".")
	}
	return b
}

// mend says which line to change, or at least which entries are wrong. It returns nil if all is right.
func mend(p *proof.Proof) *page.Mend {
	if p == nil {
		return nil
	}
	var where strings.Builder
	p.Where(&where)
	wrong := p.Count(check.Wrong) > 0
	if where.Len() == 0 || len(p.Results) == 0 {
		return nil
	}
	m := &page.Mend{Title: "Entries without a verdict", Table: panel.Blocks(p.Results, check.Entry.Share), Text: where.String(),
		Says: "At these entries the error bar is too wide for a verdict: where the gradient is tiny beside the loss, rounding hides it."}
	if !wrong {
		for _, c := range p.Causes {
			m.Says += fmt.Sprintf(" %s: %s; the likely cause is that %s. What to do: %s.", c.Param, label.Pretty(c.Observed), label.Pretty(c.Likely), label.Pretty(c.Line))
		}
		if len(p.Causes) == 0 {
			m.Says += " Check again after fewer -steps or with another -seed, where the gradient is larger."
		}
		return m
	}
	m.Title, m.Says = "Where the gradient is wrong", "No known mistake gives these numbers. "
	causes := p.Causes
	if p.Diagnosis != nil && len(p.Diagnosis.Causes) > 0 {
		causes = p.Diagnosis.Causes
	}
	if len(causes) > 0 {
		m.Title, m.Says, m.Lines = "", "", panel.Lines(causes)
	}
	if d := p.Diagnosis; d != nil && d.Step >= 0 {
		at := fmt.Sprintf("step %d of 0 to %d", d.Step, d.Steps-1)
		switch d.Step {
		case d.Steps - 1:
			at = fmt.Sprintf("the last step, %d", d.Step)
		case 0:
			at = "the first step, 0"
		}
		m.Says += fmt.Sprintf("On the way back it shows first at %s, in gate %c of unit %d.", at, scalar.Gates[d.Gate], d.Unit)
	}
	return m
}
