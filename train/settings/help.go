package settings

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

const intro = `An LSTM in plain Go, trained by backpropagation through time, and a proof that
its gradients are right.

Usage
`

// usage lists the forms of the command.
var usage = [][2]string{
	{"go run . [flags]", "train, show the result, check the gradient"},
	{"go run . museum [NAME | all]", "mistakes in a gradient: list them, show one, or test whether each is found"},
}

// exits lists the exit statuses.
var exits = [][2]string{
	{"0", "all is well"},
	{"1", "a gradient is wrong or not proven, a task is not learnt, training diverged, a mistake of the museum " +
		"does not show as its label says, or output was lost"},
	{"2", "a flag or a file is wrong"},
	{"130", "interrupted, after writing the files of -save and -report"},
}

// Help writes the text of -h: the forms of the command, the flags, the tasks, the exit statuses.
// task is the default task.
func Help(w io.Writer, tasks []Task, task string) {
	fmt.Fprint(w, intro)
	for _, u := range usage {
		item(w, u[0], 32, strings.Fields(u[1]))
	}
	group := ""
	for _, s := range table {
		if s.group != group {
			group = s.group
			fmt.Fprintf(w, "\n%s\n", group)
		}
		details := list(s.kind.bounds, s.unless(), s.users(tasks))
		if details != "" {
			details = " (" + details + ")"
		}
		item(w, s.flag(), 20, strings.Fields(s.about+details))
	}
	fmt.Fprintf(w, "\nTasks, each with the defaults of its settings (without -task: %s)\n", task)
	for _, t := range tasks {
		item(w, t.Name, 12, strings.Fields(t.About))
		item(w, "", 12, Flags(t.Defaults))
	}
	fmt.Fprintf(w, "\nExit status\n")
	for _, e := range exits {
		item(w, e[0], 7, strings.Fields(e[1]))
	}
}

// item writes an item of a list: its name, then the words, which start at the given column and
// wrap at column 80.
func item(w io.Writer, name string, column int, words []string) {
	line, empty := fmt.Sprintf("  %-*s", column-3, name), true
	for _, word := range words {
		if !empty && utf8.RuneCountInString(line+" "+word) > 80 {
			fmt.Fprintln(w, line)
			line = strings.Repeat(" ", column-1)
		}
		line, empty = line+" "+word, false
	}
	fmt.Fprintln(w, line)
}

// list joins the parts that are not empty.
func list(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "; ")
}

// flag returns a setting's flag, with what stands for its value.
func (s *setting) flag() string { return strings.TrimSuffix("-"+s.name+" "+s.value, " ") }

// unless returns what happens if a setting is not given.
func (s *setting) unless() string {
	if s.otherwise == "" {
		return ""
	}
	return "default: " + s.otherwise
}

// users returns which tasks use a setting; "" if every task does.
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

// Flags returns the flags that, together with -task and -seed, give a configuration. It leaves out
// a setting that is zero, unless every run needs the setting.
func Flags(c Config) []string {
	o := &Options{Config: c}
	var flags []string
	for _, s := range table[2:] {
		switch v := s.get(o); {
		case zero(v) && !s.needed:
		case s.value == "":
			flags = append(flags, "-"+s.name)
		default:
			flags = append(flags, fmt.Sprintf("-%s %v", s.name, v))
		}
	}
	return flags
}

// Markdown writes the table of flags for train/README.md.
func Markdown(w io.Writer) {
	fmt.Fprint(w, "| flag | meaning | values |\n| --- | --- | --- |\n")
	for _, s := range table {
		values := s.kind.what + s.kind.bounds
		if s.value == "" {
			values = ""
		}
		fmt.Fprintf(w, "| `%s` | %s | %s |\n", s.flag(), s.about, list(values, s.unless()))
	}
}
