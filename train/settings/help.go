package settings

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"lstm/train/show"
)

const intro = `An LSTM in plain Go, trained by backpropagation through time, and a proof that
its gradients are right.

Usage
  go run . [flags]              train, show the result, check the gradient
  go run . check FILE           is the gradient of another program right?
  go run . check -- COMMAND     the same, for a loss in any language (check -h)
  go run . museum [NAME | all]  mistakes in a gradient: list them, show one, or
                                test whether each is found
`

const exits = `
Exit status
  0    all is well
  1    a gradient is wrong or not proven, a task is not learnt, training
       diverged, a mistake of the museum does not show as its label says, or
       output was lost
  2    a flag or a file is wrong
  130  interrupted, after writing the files of -save and -report
`

// Help writes the text of -h: the forms of the command, the flags, the tasks, the exit statuses.
// task is the default task.
func Help(w io.Writer, tasks []Task, task string) {
	fmt.Fprint(w, intro)
	for _, s := range table(new(Options)) {
		if s.group != "" {
			fmt.Fprintf(w, "\n%s\n", s.group)
		}
		about := s.about
		if details := list(s.kind.bounds, s.otherwise, s.users(tasks)); details != "" {
			about += " (" + details + ")"
		}
		show.Item(w, fmt.Sprintf("  %-17s ", s.flag()), strings.Fields(about))
	}
	fmt.Fprintf(w, "\nTasks, each with the defaults of its settings (without -task: %s)\n", task)
	for _, t := range tasks {
		show.Item(w, fmt.Sprintf("  %-9s ", t.Name), strings.Fields(t.About))
		show.Item(w, strings.Repeat(" ", 12), Flags(t.Defaults))
	}
	fmt.Fprint(w, exits)
}

// list joins the parts that are not empty.
func list(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "; ")
}

// flag returns the flag of a setting, with the name of its value.
func (s *setting) flag() string { return strings.TrimSuffix("-"+s.name+" "+s.value, " ") }

// users says which tasks use a setting. It returns "" if every task uses it.
func (s *setting) users(tasks []Task) string {
	if !s.some {
		return ""
	}
	var users []string
	for _, t := range tasks {
		if slices.Contains(t.Uses, s.name) {
			users = append(users, t.Name)
		}
	}
	if users == nil {
		return "no task uses this flag"
	}
	return "only for " + strings.Join(users, ", ")
}

// Flags returns the flags of a configuration, without -task and -seed. It leaves out a setting that is zero,
// unless every run needs the setting.
func Flags(c Config) []string {
	var flags []string
	for _, s := range table(&Options{Config: c})[2:] {
		switch v := s.get(); {
		case zero(v) && !s.needed:
		case s.value == "":
			flags = append(flags, "-"+s.name)
		default:
			flags = append(flags, fmt.Sprintf("-%s %v", s.name, v))
		}
	}
	return flags
}
