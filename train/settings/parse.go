package settings

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Parse reads the flags of a run. A setting without a flag has the value of the loaded run, or else the
// task's default. task is the default task. The options have passed Check, Unused and Fixed, and no two
// flags contradict each other. For -h the error is flag.ErrHelp.
//
// load reads the file that -load names, and returns the configuration of the run in it. If the file has
// weights alone, without a run, only Hidden is set.
func Parse(args []string, tasks []Task, task string, load func(name string) (loaded Config, weightsAlone bool, err error)) (*Options, error) {
	first := &Options{Config: Config{Task: task}} // only to learn -task and -load
	others, err := first.read(args, nil)
	if err != nil {
		return nil, err
	}
	if len(others) > 0 {
		return nil, fmt.Errorf("argument %q is not a flag (-h lists the flags)", others[0])
	}
	t, err := Find(tasks, first.Task)
	if err != nil {
		return nil, err
	}
	base, weightsAlone := t.Defaults, false
	base.Task, base.Seed = t.Name, defaultSeed
	if first.Load != "" {
		loaded, alone, err := load(first.Load)
		if err == nil && !alone {
			err = Check(&loaded)
		}
		if err != nil {
			return nil, fmt.Errorf("-load: %w", err)
		}
		if weightsAlone = alone; alone {
			base.Hidden = loaded.Hidden
		} else {
			base = loaded
		}
	}
	o := &Options{Config: base}
	if _, err := o.read(args, nil); err != nil {
		return nil, err
	}
	if o.Load != "" {
		if err := Fixed(base, o.Config, weightsAlone); err != nil {
			return nil, err
		}
	}
	if t, err = Find(tasks, o.Task); err != nil {
		return nil, err
	}
	if err := cmp.Or(Check(&o.Config), unused(o, t.Uses), o.together()); err != nil {
		return nil, err
	}
	return o, nil
}

// Find returns the task of a name, or an error that lists the names.
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

// ParseSome reads the arguments of a subcommand that takes only the named flags. It returns the arguments
// that are not flags; they may stand before, between and after flags. For -h the error is flag.ErrHelp.
func ParseSome(args []string, names ...string) (o *Options, others []string, err error) {
	o = new(Options)
	for len(args) > 0 {
		if args, err = o.read(args, names); err != nil {
			return nil, nil, err
		}
		if len(args) > 0 {
			others, args = append(others, args[0]), args[1:]
		}
	}
	return o, others, nil
}

// read sets the options that the flags give, and returns the arguments from the first one on that
// is not a flag. It knows only the named flags, or all of them if names is nil.
func (o *Options) read(args, names []string) (others []string, err error) {
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	for _, s := range table(o) {
		if names != nil && !slices.Contains(names, s.name) {
			continue
		}
		set := func(text string) error {
			v, err := s.kind.parse(text)
			if err != nil || !s.kind.holds(v) {
				return errors.New(s.mustBe())
			}
			s.put(v)
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
		return fs.Args(), nil
	}
	what, name, _ := strings.Cut(err.Error(), ": ")
	switch {
	case errors.Is(err, flag.ErrHelp), strings.HasPrefix(what, "invalid "): // value "x" for flag -NAME: must be …
		return nil, err
	case strings.HasPrefix(what, "flag needs "):
		return nil, fmt.Errorf("flag %s needs a value: it %s", name, fs.Lookup(name[1:]).Usage)
	}
	return nil, fmt.Errorf("%s: %q (-h lists the flags)", what, name)
}
