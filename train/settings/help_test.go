package settings

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"lstm/train/facts"
)

// TestHelp: the help fits a terminal. It has every flag with its bounds, and every task.
func TestHelp(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	Help(&b, tasks, "plain")
	for line := range strings.Lines(b.String()) {
		line = strings.TrimSuffix(line, "\n")
		if utf8.RuneCountInString(line) > 80 || strings.TrimRight(line, " ") != line {
			t.Errorf("%q: above 80 columns, or blanks at the end", line)
		}
	}
	help := strings.Join(strings.Fields(b.String()), " ")
	for _, s := range table(new(Options)) {
		if !strings.Contains(help, s.flag()+" "+s.about) || !strings.Contains(help, s.kind.bounds) {
			t.Errorf("-%s is not in the help", s.name)
		}
	}
	for _, status := range []string{" 0 ", " 1 ", " 2 ", " 130 "} {
		if !strings.Contains(help, status) {
			t.Errorf("the exit status%sis not in the help", status)
		}
	}
	for _, s := range table(new(Options)) {
		if none, all := s.users(tasks[:1]), s.users(tasks); (none != "") != s.some || (all != "") != s.some || strings.Contains(all, "full") != s.some || strings.Contains(none+all, "plain") {
			t.Errorf("-%s: %q without a task that uses it, %q with one", s.name, none, all)
		}
	}
	for _, task := range tasks {
		if !strings.Contains(help, task.Name+" "+task.About+" "+strings.Join(Flags(task.Defaults), " ")) {
			t.Errorf("task %s is not in the help", task.Name)
		}
	}
}

// TestFlags: Parse turns the flags of a configuration into the same configuration.
func TestFlags(t *testing.T) {
	t.Parallel()
	for i, c := range ranges {
		for _, text := range c.good {
			o := &Options{Config: Config{Task: "full", Seed: 42, Hidden: 1, Optimizer: "sgd", Rate: 1, Window: MaxWindow}}
			s := &table(o)[i]
			if v, err := s.kind.parse(text); err == nil && c.name != "task" && c.name != "seed" {
				s.put(v)
			}
			var args []string
			for _, f := range Flags(o.Config) {
				args = append(args, strings.SplitN(f, " ", 2)...)
			}
			bare := []Task{{Name: "full", Uses: some()}}
			if again, err := Parse(args, bare, "full", nil); err != nil || again.Config != o.Config {
				t.Errorf("%v: %+v, %v, want %+v", args, again, err, o.Config)
			}
		}
	}
}

// TestReadme writes the table of flags for train/README.md.
func TestReadme(t *testing.T) {
	var b bytes.Buffer
	fmt.Fprint(&b, "| flag | meaning | values |\n| --- | --- | --- |\n")
	for _, s := range table(new(Options)) {
		values := s.kind.what + s.kind.bounds
		if s.value == "" {
			values = ""
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", s.flag(), s.about, list(values, s.otherwise))
	}
	facts.Block(t, "../README.md", "settings", b.String())
}

// A task has defaults, and flags change them. Flags returns the flags of the result.
func Example() {
	tasks := []Task{{Name: "echo", About: "repeat the input", Defaults: Config{Hidden: 5, Steps: 100, Optimizer: "sgd", Rate: 0.1}}}
	o, err := Parse([]string{"-hidden", "8", "-window", "20", "-check", "fast"}, tasks, "echo", nil)
	fmt.Println(o.Task, o.Seed, Flags(o.Config), o.Check, err)
	_, err = Parse([]string{"-hidden", "0"}, tasks, "echo", nil)
	fmt.Println(err != nil)
	// Output:
	// echo 42 [-hidden 8 -steps 100 -optimizer sgd -rate 0.1 -window 20] fast <nil>
	// true
}
