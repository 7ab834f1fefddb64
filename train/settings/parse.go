package settings

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"lstm/train/file"
)

// Parse reads the flags of a run. A setting without a flag has the value of the loaded run, or else the
// task's default. task is the default task. The options have passed Check, Unused and Fixed, and no two
// flags contradict each other. For -h the error is flag.ErrHelp.
//
// load reads the file that -load names, and returns the configuration of the run in the file. If the file
// has only weights and no run, load sets only Hidden.
func Parse(args []string, tasks []Task, task string, load func(name string) (loaded Config, weightsAlone bool, err error)) (*Options, error) {
	first := &Options{Config: Config{Task: task}} // only to read -task and -load
	others, given, err := first.read(args)
	if err != nil {
		return nil, err
	}
	if len(others) > 0 {
		return nil, fmt.Errorf("argument %q is not a flag (-h lists the flags)", others[0])
	}
	var loaded Config
	weightsAlone := false
	if first.Load != "" {
		if loaded, weightsAlone, err = load(first.Load); err == nil && !weightsAlone {
			err = Check(&loaded)
		}
		if err != nil {
			return nil, fmt.Errorf("-load: %w", err)
		}
	}
	base := loaded
	if first.Load == "" || weightsAlone {
		t, err := Find(tasks, first.Task)
		if err != nil {
			return nil, err
		}
		base = t.Defaults
		base.Task, base.Seed, base.Hidden = t.Name, defaultSeed, cmp.Or(loaded.Hidden, base.Hidden)
		if weightsAlone {
			base.ForgetBias, base.InputBias = 0, 0 // no weights are drawn
		}
	}
	o := &Options{Config: base}
	if _, _, err := o.read(args); err != nil {
		return nil, err
	}
	if o.Load != "" {
		if err := Fixed(base, o.Config, weightsAlone); err != nil {
			return nil, err
		}
	}
	t, err := Find(tasks, o.Task)
	if err != nil {
		return nil, err
	}
	if err := cmp.Or(Check(&o.Config), Unused(o, t.Uses), o.together(), o.idle(given, weightsAlone)); err != nil {
		return nil, err
	}
	return o, nil
}

// Find returns the named task, or an error that lists the names.
func Find(tasks []Task, name string) (Task, error) {
	var known []string
	for _, t := range tasks {
		if t.Name == name {
			return t, nil
		}
		known = append(known, t.Name)
	}
	return Task{}, fmt.Errorf("-task %q: must be %s", name, or(known))
}

// read sets the options that the flags give. It returns the arguments after the flags, and the names of the
// given flags.
func (o *Options) read(args []string) (others, given []string, err error) {
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	for _, s := range table(o) {
		set := func(text string) error {
			v, err := s.kind.parse(text)
			if err != nil || !s.kind.holds(v) {
				return errors.New(s.mustBe())
			}
			s.put(v)
			given = append(given, s.name)
			return nil
		}
		if s.value == "" {
			fs.BoolFunc(s.name, "", set)
		} else {
			fs.Func(s.name, s.mustBe(), set)
		}
	}
	err = fs.Parse(args)
	if err == nil {
		return fs.Args(), given, nil
	}
	what, name, _ := strings.Cut(err.Error(), ": ")
	switch {
	case errors.Is(err, flag.ErrHelp), strings.HasPrefix(what, "invalid "): // value "x" for flag -NAME: must be …
		return nil, nil, err
	case strings.HasPrefix(what, "flag needs "):
		return nil, nil, fmt.Errorf("flag %s needs a value: it %s", name, fs.Lookup(name[1:]).Usage)
	}
	return nil, nil, fmt.Errorf("%s: %q (-h lists the flags)", what, name)
}

// Check returns an error if a setting is out of its range, or if two settings contradict each other. It
// accepts every name of a task.
func Check(c *Config) error {
	for _, s := range table(&Options{Config: *c}) {
		if v := s.get(); (s.needed || !zero(v)) && !s.kind.holds(v) {
			return fmt.Errorf("-%s %#v: %s", s.name, v, s.mustBe())
		}
	}
	if c.Window > 0 && c.Stride > c.Window {
		return fmt.Errorf("-stride %d is above -window %d: the gradient would miss the steps in between", c.Stride, c.Window)
	}
	return nil
}

// Unused returns an error if the options give a setting that their task does not use. uses is the field
// Uses of the task. A setting is given if it is not zero.
func Unused(o *Options, uses []string) error {
	for _, s := range table(o) {
		if s.some && !zero(s.get()) && !slices.Contains(uses, s.name) {
			return fmt.Errorf("task %s does not use -%s", o.Task, s.name)
		}
	}
	return nil
}

// Fixed compares the settings that a loaded run must keep. It returns an error if one of them differs between
// loaded and now. Weights without a run keep only the number of hidden units.
func Fixed(loaded, now Config, weightsAlone bool) error {
	least, what := ofRun, "run"
	if weightsAlone {
		least, what = ofWeights, "network"
	}
	before := table(&Options{Config: loaded})
	for i, s := range table(&Options{Config: now}) {
		was, is := before[i].get(), s.get()
		if s.fixed >= least && was != is {
			return fmt.Errorf("-%s %#v: the loaded %s has %#v, and this cannot change", s.name, is, what, was)
		}
	}
	return nil
}

// together returns an error if two flags contradict each other, or if a flag needs another one.
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
	others := [][2]string{{"data", o.Data}}
	for _, written := range [][2]string{{"save", o.Save}, {"forecast", o.Forecast}, {"report", o.Report}} {
		for _, other := range others {
			if written[1] != "" && other[1] != "" && file.Same(written[1], other[1]) {
				return fmt.Errorf("-%s %q would replace the file of -%s", written[0], written[1], other[0])
			}
		}
		if written[0] == "save" { // -save may name the file of -load; the run then replaces it
			others = append(others, [2]string{"load", o.Load})
		}
		others = append(others, written)
	}
	return nil
}

// idle returns an error if a given flag has no effect because of another flag.
func (o *Options) idle(given []string, weightsAlone bool) error {
	for _, name := range given {
		switch {
		case o.Eval && slices.Contains([]string{"steps", "optimizer", "rate", "halve", "clip"}, name):
			return fmt.Errorf("-%s: with -eval there is no training", name)
		case o.Runs > 0 && slices.Contains([]string{"horizon", "temperature"}, name):
			return fmt.Errorf("-%s does not go with -runs, which shows a summary alone", name)
		case weightsAlone && strings.HasSuffix(name, "-bias"):
			return fmt.Errorf("-%s: the biases of the loaded weights stay as they are", name)
		}
	}
	return nil
}

// Writable returns an error if a flag names a file that cannot be written. It changes no file.
func (o *Options) Writable() error {
	for _, f := range [][2]string{{"save", o.Save}, {"forecast", o.Forecast}, {"report", o.Report}} {
		if f[1] == "" {
			continue
		}
		if err := file.Writable(f[1]); err != nil {
			return fmt.Errorf("-%s: %w", f[0], err)
		}
	}
	return nil
}

// EntriesPerBlock returns how many entries of each block the check verifies. total counts the entries of all
// blocks. 0 means all entries.
func (o *Options) EntriesPerBlock(total int) int {
	if o.Check == "" && total > manyEntries {
		return fewEntries
	}
	n, _ := strconv.Atoi(o.Check) // 0 for a name
	return n
}
