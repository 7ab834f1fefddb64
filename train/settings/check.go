package settings

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"lstm/train/file"
)

// Check returns an error if a setting is out of its range, or if two settings contradict each other. It
// accepts every name of a task.
func Check(c *Config) error {
	for _, s := range table(&Options{Config: *c}) {
		if v := s.get(); (s.needed || !zero(v)) && !s.kind.holds(v) {
			return fmt.Errorf("-%s %s: %s", s.name, quoted(v), s.mustBe())
		}
	}
	if c.Window > 0 && c.Stride > c.Window {
		return fmt.Errorf("-stride %d is above -window %d: the gradient would miss the steps in between", c.Stride, c.Window)
	}
	return nil
}

// quoted returns a value as a word, and a string in quotes.
func quoted(value any) string {
	if s, ok := value.(string); ok {
		return fmt.Sprintf("%q", s)
	}
	return fmt.Sprint(value)
}

// Unused returns an error if the configuration gives a setting that its task does not use. uses is Uses
// of the task. A setting is given if it is not zero.
func Unused(c Config, uses []string) error { return unused(&Options{Config: c}, uses) }

func unused(o *Options, uses []string) error {
	for _, s := range table(o) {
		if s.some && !zero(s.get()) && !slices.Contains(uses, s.name) {
			return fmt.Errorf("task %s does not use -%s", o.Task, s.name)
		}
	}
	return nil
}

// Fixed returns an error if now has another value than loaded for a setting that a loaded run must keep.
// Weights alone, without a run, keep only the number of hidden units.
func Fixed(loaded, now Config, weightsAlone bool) error {
	least, what := ofRun, "run"
	if weightsAlone {
		least, what = ofWeights, "network"
	}
	before := table(&Options{Config: loaded})
	for i, s := range table(&Options{Config: now}) {
		was, is := before[i].get(), s.get()
		if s.fixed >= least && was != is {
			return fmt.Errorf("-%s %s: the loaded %s has %s, and this cannot change", s.name, quoted(is), what, quoted(was))
		}
	}
	return nil
}

// together returns an error if two flags cannot be used together, or one needs another.
func (o *Options) together() error {
	switch {
	case o.Eval && o.Load == "":
		return errors.New("-eval needs -load FILE, to say which network it tests")
	case o.Eval && o.Save != "":
		return errors.New("-save: with -eval there is no training, and nothing to save")
	case o.SaveEvery > 0 && o.Save == "":
		return errors.New("-save-every needs -save FILE, to say where")
	case o.Runs > 0 && uint64(o.Seed)+uint64(o.Runs)-1 > math.MaxUint32:
		return fmt.Errorf("-runs %d: from -seed %d on there are only %d seeds", o.Runs, o.Seed, math.MaxUint32-o.Seed+1)
	}
	for _, f := range []struct{ name, value string }{
		{"load", o.Load}, {"save", o.Save}, {"forecast", o.Forecast}, {"report", o.Report}, {"check", o.Check},
	} {
		if o.Runs > 0 && f.value != "" {
			return fmt.Errorf("-%s does not go with -runs", f.name)
		}
	}
	return cmp.Or(
		replaces("save", o.Save, "data", o.Data), // -load may be the same: the run goes on in its file
		replaces("forecast", o.Forecast, "data", o.Data, "load", o.Load, "save", o.Save),
		replaces("report", o.Report, "data", o.Data, "load", o.Load, "save", o.Save, "forecast", o.Forecast),
	)
}

// replaces returns an error if a file that is to be written is the same as another. others are the names
// of flags, each before the name of its file.
func replaces(name, written string, others ...string) error {
	for i := 0; i < len(others) && written != ""; i += 2 {
		if other := others[i+1]; other != "" && file.Same(written, other) {
			return fmt.Errorf("-%s %q would replace the file of -%s", name, written, others[i])
		}
	}
	return nil
}

// EntriesPerBlock returns how many entries of each block the check verifies, if all blocks together have
// total entries. 0 means all entries.
func (o *Options) EntriesPerBlock(total int) int {
	if o.Check == "" && total > manyEntries {
		return fewEntries
	}
	n, _ := strconv.Atoi(o.Check) // 0 for a name
	return n
}
