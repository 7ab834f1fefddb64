package settings

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// tasks has a task that uses no setting of its own, and a task that uses all such settings.
var tasks = []Task{
	{Name: "plain", About: "repeat the input", Defaults: Config{Hidden: 5, Steps: 100, Optimizer: "sgd", Rate: 0.01}},
	{Name: "full", About: "do all that a task can do", Defaults: Config{
		Hidden: 64, Steps: 5000, Optimizer: "adam", Rate: 0.005, Halve: 8000, Clip: 10, ForgetBias: 12, InputBias: -12,
		Length: 50, Window: 48, Data: "README.md", Horizon: 24, Temperature: 0.7,
	}, Uses: some()},
}

func some() (names []string) {
	for _, s := range table(new(Options)) {
		if s.some {
			names = append(names, s.name)
		}
	}
	return names
}

// saved is the run in the file "run". The file "weights" has weights with the same number of hidden units.
var saved = Config{Task: "plain", Seed: 7, Hidden: 9, Steps: 50, Optimizer: "adam", Rate: 0.5, Window: 8, Stride: 4}

func load(name string) (Config, bool, error) {
	switch name {
	case "run":
		return saved, false, nil
	case "weights":
		return Config{Hidden: saved.Hidden}, true, nil
	}
	return Config{}, false, fmt.Errorf("%s is not there", name)
}

func parse(args ...string) (*Options, error) { return Parse(args, tasks, "plain", load) }

// says fails unless the error is one line with all the words, each as a whole word.
func says(t *testing.T, what any, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("%v: no error", what)
		return
	}
	has := strings.FieldsFunc(err.Error(), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune("+-.", c)
	})
	for _, word := range words {
		if !slices.Contains(has, word) {
			t.Errorf("%v: %q does not name %s", what, err, word)
		}
	}
	if strings.ContainsFunc(err.Error(), unicode.IsControl) {
		t.Errorf("%v: %q is not one line", what, err)
	}
}

// ranges has valid and invalid values for every setting: below, at and above its bounds, of another
// kind, and empty. An error names the bounds.
var ranges = []struct {
	name   string
	with   string // other flags that it needs
	good   []string
	bad    []string
	bounds []string
}{
	{"task", "", []string{"plain", "full"}, []string{"other", "Plain"}, []string{"plain", "full"}},
	{"seed", "", []string{"0", "4294967295"}, []string{"-1", "4294967296", "1.5", "x", ""}, []string{"0", "4294967295"}},
	{"hidden", "", []string{"1", "4096"}, []string{"0", "-5", "4097", "99999999999999999999", "1e3", "five", ""}, []string{"1", "4096"}},
	{"length", "", []string{"20", "100000"}, []string{"0", "19", "100001", "x", ""}, []string{"20", "100000"}},
	{"data", "", []string{"file", "a b"}, []string{""}, []string{"file"}},
	{"column", "", []string{"CO2", "2"}, []string{""}, []string{"column"}},
	{"date", "", []string{"dmy", "mdy", "ymd", "none"}, []string{"DMY", "d/m/y", ""}, []string{"dmy", "mdy", "ymd", "none"}},
	{"decimal", "", []string{"point", "comma"}, []string{".", ""}, []string{"point", "comma"}},
	{"missing", "", []string{"-999", "x,-1", "none"}, []string{""}, []string{"words", "numbers"}},
	{"group", "", []string{"a=b", "none"}, []string{""}, []string{"COLUMN"}},
	{"fill", "", []string{"linear", "previous"}, []string{"spline", ""}, []string{"linear", "previous"}},
	{"diff", "", []string{"true", "false"}, []string{"maybe", ""}, []string{"true", "false"}},
	{"horizon", "", []string{"1", "100000"}, []string{"0", "100001", "x", ""}, []string{"1", "100000"}},
	{"temperature", "", []string{"5e-324", "1e+308"}, []string{"0", "-1", "NaN", "Inf", "1e999", "x", ""}, []string{"above", "0"}},
	{"steps", "", []string{"0", "1000000000"}, []string{"-1", "1000000001", "1e3", "x", ""}, []string{"0", "1000000000"}},
	{"optimizer", "", []string{"sgd", "momentum", "nesterov", "adam", "adamw"}, []string{"magic", "SGD", ""}, Optimizers},
	{"rate", "", []string{"5e-324", "100"}, []string{"0", "-0.1", "NaN", "Inf", "-Inf", "1e999", "x", ""}, []string{"above", "0"}},
	{"halve", "", []string{"0", "1000000000"}, []string{"-1", "1000000001", "x", ""}, []string{"0", "1000000000"}},
	{"clip", "", []string{"0", "1.5"}, []string{"-5e-324", "NaN", "Inf", "x", ""}, []string{"0", "above"}},
	{"forget-bias", "", []string{"-12", "0", "1.7976931348623157e+308"}, []string{"NaN", "Inf", "-Inf", "x", ""}, []string{"finite"}},
	{"input-bias", "", []string{"-12", "0", "1.7976931348623157e+308"}, []string{"NaN", "Inf", "-Inf", "x", ""}, []string{"finite"}},
	{"window", "", []string{"1", "1000000"}, []string{"0", "1000001", "x", ""}, []string{"1", "1000000"}},
	{"stride", "-window 1000000", []string{"1", "1000000"}, []string{"0", "1000001", "x", ""}, []string{"1", "1000000"}},
	{"runs", "", []string{"1", "1000000"}, []string{"0", "-1", "1000001", "x", ""}, []string{"1", "1000000"}},
	{"save", "", []string{"file"}, []string{""}, []string{"file"}},
	{"save-every", "-save file", []string{"1", "1000000000"}, []string{"0", "1000000001", "x", ""}, []string{"1", "1000000000"}},
	{"load", "-task plain", []string{"weights"}, []string{""}, []string{"file"}},
	{"eval", "-load weights -task plain", []string{"true", "false"}, []string{"maybe", ""}, []string{"true", "false"}},
	{"forecast", "", []string{"file"}, []string{""}, []string{"file"}},
	{"report", "", []string{"file"}, []string{""}, []string{"file"}},
	{"check", "", []string{"all", "strict", "fast", "off", "1", "2147483647"}, []string{"0", "-1", "2147483648", "some", ""}, []string{"all", "strict", "fast", "off", "1", "2147483647"}},
}

func TestRanges(t *testing.T) {
	t.Parallel()
	all := table(new(Options))
	if len(ranges) != len(all) {
		t.Fatalf("%d settings are tested, and there are %d", len(ranges), len(all))
	}
	for i, c := range ranges {
		s := &all[i]
		if s.name != c.name {
			t.Fatalf("the test of -%s stands where -%s should", c.name, s.name)
		}
		args := slices.Concat([]string{"-task", "full"}, strings.Fields(c.with))
		for _, text := range c.good {
			o, err := parse(append(args, "-"+c.name+"="+text)...)
			if err != nil {
				t.Errorf("-%s %s: %v", c.name, text, err)
			} else if got := fmt.Sprint(table(o)[i].get()); got != text {
				t.Errorf("-%s %s is read as %s", c.name, text, got)
			}
		}
		for _, text := range c.bad {
			_, err := parse(append(args, "-"+c.name+"="+text)...)
			says(t, c.name+" "+text, err, append(c.bounds, "-"+c.name)...)
		}
		if s.value != "" {
			_, err := parse("-" + c.name)
			if c.name == "task" { // only Find knows the names of the tasks
				c.bounds = nil
			}
			says(t, c.name, err, append(c.bounds, "-"+c.name)...)
		}
	}
}

// TestCheck: a configuration from a file must be within the ranges of the flags. Zero is outside some
// ranges, and means that the setting is not given.
func TestCheck(t *testing.T) {
	t.Parallel()
	for i, c := range ranges {
		for _, text := range append(c.bad, c.good...) {
			o := &Options{Config: tasks[1].Defaults}
			s := &table(o)[i]
			o.Task, o.Window = "full", MaxWindow
			before := o.Config
			v, err := s.kind.parse(text)
			if n, ok := v.(int64); err != nil || ok && (n < math.MinInt32 || n > math.MaxUint32 || n > math.MaxInt32 && c.name != "seed") {
				continue // not a value that the variable could have
			}
			if n, ok := v.(int64); c.name == "seed" && ok && n < 0 {
				continue
			}
			s.put(v)
			if c.name == "stride" || c.name == "task" || o.Config == before {
				continue // another test, the caller or the command checks it
			}
			err = Check(&o.Config)
			if wrong := slices.Contains(c.bad, text) && (s.needed || !zero(v)); wrong {
				says(t, c.name+" "+text, err, append(c.bounds, "-"+c.name)...)
			} else if err != nil {
				t.Errorf("%s %s: %v", c.name, text, err)
			}
		}
	}
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for _, c := range []Config{{Rate: x}, {Rate: 1, Clip: x}, {Rate: 1, Temperature: x}, {Rate: 1, ForgetBias: x}, {Rate: 1, InputBias: x}} {
			c.Task, c.Hidden, c.Optimizer = "plain", 1, "sgd"
			says(t, c, Check(&c), "finite")
		}
	}
	says(t, "no optimizer", Check(&Config{Task: "plain", Hidden: 1, Rate: 1}), "-optimizer", "adamw")
	says(t, "no task", Check(&Config{Hidden: 1, Rate: 1, Optimizer: "sgd"}), "-task")
	c := tasks[0].Defaults
	c.Task, c.Window, c.Stride = "plain", 4, 5
	says(t, "stride", Check(&c), "-stride", "5", "-window", "4")
	c.Window = 0
	if err := Check(&c); err != nil {
		t.Errorf("a stride through the whole sequence: %v", err)
	}
}

// TestRefused: flags that contradict each other, and arguments that are not flags, give an error. It
// names the mistake.
func TestRefused(t *testing.T) {
	t.Parallel()
	for args, words := range map[string]string{
		"-eval":                                          "-eval -load",
		"-eval -load run -save x":                        "-eval -save",
		"-load run -eval -steps 5":                       "-steps -eval",
		"-load run -eval -rate 2":                        "-rate -eval",
		"-load weights -eval -optimizer adam":            "-optimizer -eval",
		"-load run -eval -halve 3":                       "-halve -eval",
		"-eval -clip 3 -load run":                        "-clip -eval",
		"-runs 2 -task full -horizon 5":                  "-horizon -runs",
		"-runs 2 -task full -temperature 5":              "-temperature -runs",
		"-load weights -forget-bias 1":                   "-forget-bias",
		"-load weights -input-bias 1":                    "-input-bias",
		"-save-every 5":                                  "-save-every -save",
		"-runs 2 -load run":                              "-runs -load",
		"-runs 2 -save x":                                "-runs -save",
		"-runs 2 -report x":                              "-runs -report",
		"-runs 2 -check all":                             "-runs -check",
		"-runs 2 -check 5":                               "-runs -check",
		"-runs 2 -task full -forecast x":                 "-runs -forecast",
		"-runs 2 -seed 4294967295":                       "-runs -seed 4294967295",
		"-runs 6 -seed 4294967291":                       "-runs 6 -seed 4294967291 5",
		"-stride 5 -window 4":                            "-stride 5 -window 4",
		"-save x -report x":                              "-report -save x",
		"-save x -report ./x":                            "-report -save x",
		"-task full -save x -data x":                     "-save -data x",
		"-task full -forecast x -data x":                 "-forecast -data x",
		"-task full -forecast x -save x":                 "-forecast -save x",
		"-task full -forecast x -load weights -report x": "-report -forecast x",
		"-task full -forecast weights -load weights":     "-forecast -load weights",
		"-load run -report run":                          "-report -load run",
		"-task full -report x -data x":                   "-report -data x",
		"-length 50":                                     "plain -length",
		"-forecast x":                                    "plain -forecast",
		"-load none":                                     "-load none",
		"-load run -seed 3":                              "-seed 3 7",
		"-load run -length 50":                           "-length 50 0",
		"-task nonsense":                                 "-task nonsense plain full",
		"-nonsense":                                      "-nonsense -h",
		"-bug list":                                      "-bug -h",
		"museum":                                         "museum -h",
		"-steps 5 museum":                                "museum -h",
		"---":                                            "---",
	} {
		_, err := parse(strings.Fields(args)...)
		says(t, args, err, strings.Fields(words)...)
	}
	for _, args := range [][]string{{"-\n"}, {"-a\x1b[2J"}, {"\n"}, {"-save", "\n", "-report", "\n"}, {"-task", "\n"}, {"-hidden", "\n"}, {"---\n"}, {"-eval=\n"}} {
		_, err := parse(args...)
		says(t, args, err)
	}
	for _, args := range []string{
		"-load run -save run", "-load weights -eval", "-runs 5 -seed 4294967291", "-save x -report y -load run", "-window 5 -stride 5", "-stride 5",
	} {
		if _, err := parse(strings.Fields(args)...); err != nil {
			t.Errorf("%s: %v", args, err)
		}
	}
	for _, args := range [][]string{{"-h"}, {"-steps", "5", "-help"}} {
		if _, err := parse(args...); !errors.Is(err, flag.ErrHelp) {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// TestDefaults: a setting without a flag has the value of the task or of the loaded run.
func TestDefaults(t *testing.T) {
	t.Parallel()
	full := tasks[1].Defaults
	full.Task, full.Seed = "full", 42
	fromWeights := full
	fromWeights.Hidden, fromWeights.Clip, fromWeights.ForgetBias, fromWeights.InputBias = 9, 0, 0, 0
	faster := saved
	faster.Steps, faster.Rate = 0, 2
	for args, want := range map[string]Config{
		"":                                 {Task: "plain", Seed: 42, Hidden: 5, Steps: 100, Optimizer: "sgd", Rate: 0.01},
		"-seed 0 -hidden 6":                {Task: "plain", Seed: 0, Hidden: 6, Steps: 100, Optimizer: "sgd", Rate: 0.01},
		"-task full":                       full,
		"-load run":                        saved,
		"-load run -steps 0 -rate 2":       faster,
		"-load weights -task full -clip 0": fromWeights,
		"-load run -task plain -optimizer adam -seed 7 -window 8 -stride 4 -hidden 9": saved,
	} {
		if o, err := parse(strings.Fields(args)...); err != nil || o.Config != want {
			t.Errorf("%q: %+v, %v, want %+v", args, o, err, want)
		}
	}
	for what, bad := range map[string]Config{
		"-hidden": {Task: "plain", Hidden: MaxHidden + 1, Optimizer: "sgd", Rate: 1},
		"-task":   {Task: "lost", Hidden: 1, Optimizer: "sgd", Rate: 1},
		"-length": {Task: "plain", Hidden: 1, Optimizer: "sgd", Rate: 1, Length: 20},
	} {
		_, err := Parse([]string{"-load", "x"}, tasks, "plain", func(string) (Config, bool, error) { return bad, false, nil })
		says(t, what, err, what)
	}
	// A flag does not mend a value of the loaded run.
	bad := Config{Task: "plain", Hidden: 1, Optimizer: "sgd", Rate: -1}
	_, err := Parse([]string{"-load", "x", "-rate", "1"}, tasks, "plain", func(string) (Config, bool, error) { return bad, false, nil })
	says(t, "a rate below 0 in the file", err, "-load", "-rate")
}

// TestFixed tests which settings a loaded run must keep, and which ones loaded weights must keep.
func TestFixed(t *testing.T) {
	t.Parallel()
	run := []string{"task", "seed", "hidden", "length", "diff", "optimizer", "forget-bias", "input-bias", "window", "stride"}
	for i, c := range ranges {
		for _, text := range c.good {
			was, now := &Options{Config: saved}, &Options{Config: saved}
			s := &table(now)[i]
			if v, err := s.kind.parse(text); err == nil {
				s.put(v)
			}
			changed := was.Config != now.Config
			for weights, fixed := range map[bool][]string{false: run, true: {"hidden"}} {
				err := Fixed(was.Config, now.Config, weights)
				if changed && slices.Contains(fixed, c.name) {
					says(t, c.name, err, "-"+c.name, fmt.Sprint(table(was)[i].get()), text)
				} else if err != nil {
					t.Errorf("-%s %s, weights alone %v: %v", c.name, text, weights, err)
				}
			}
		}
	}
}

// TestUnused: if a task does not use a setting, Unused refuses every value except zero.
func TestUnused(t *testing.T) {
	t.Parallel()
	if want := []string{"length", "data", "column", "date", "decimal", "missing", "group", "fill", "diff", "horizon", "temperature", "forecast"}; !slices.Equal(some(), want) {
		t.Fatalf("tasks may use %v, want %v", some(), want)
	}
	for i, c := range ranges {
		for _, text := range c.good {
			o := &Options{Config: Config{Task: "plain"}}
			s := &table(o)[i]
			if v, err := s.kind.parse(text); err == nil {
				s.put(v)
			}
			if err := Unused(o, []string{c.name}); err != nil {
				t.Errorf("-%s %s: %v", c.name, text, err)
			}
			others := slices.DeleteFunc(some(), func(name string) bool { return name == c.name })
			err := Unused(o, others)
			if s.some && (*o != Options{Config: Config{Task: "plain"}}) {
				says(t, c.name, err, "plain", "-"+c.name)
			} else if err != nil {
				t.Errorf("-%s %s: %v", c.name, text, err)
			}
		}
	}
}

func TestEntriesPerBlock(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		check       string
		total, want int
	}{{"", 5000, 0}, {"", 5001, 50}, {"all", 5001, 0}, {"strict", 5001, 0}, {"fast", 5001, 0}, {"off", 5001, 0}, {"7", 10, 7}, {"2147483647", 5001, math.MaxInt32}} {
		o := &Options{Check: c.check}
		if got := o.EntriesPerBlock(c.total); got != c.want {
			t.Errorf("%q of %d: %d, want %d", c.check, c.total, got, c.want)
		}
	}
}

// TestJSON: old files can still be read, and the format of new files has not changed.
func TestJSON(t *testing.T) {
	t.Parallel()
	c := Config{
		Task: "text", Seed: math.MaxUint32, Hidden: 3, Steps: 100, Optimizer: "adam", Rate: 0.1, Halve: 7, Clip: 1e21, ForgetBias: -12,
		InputBias: 1e-7, Window: 20, Stride: 5, Length: 50, Data: "a<b>.csv", Column: "c", Fill: "linear", Diff: true, Horizon: 24, Temperature: 0.7,
	}
	const want = `{"Task":"text","Seed":4294967295,"Hidden":3,"Steps":100,"Optimizer":"adam","Rate":0.1,"Halve":7,"Clip":1e+21,"ForgetBias":-12,` +
		`"InputBias":1e-7,"Window":20,"Stride":5,"Length":50,"Data":"a\u003cb\u003e.csv","Column":"c","Fill":"linear","Diff":true,"Horizon":24,"Temperature":0.7}`
	if got, err := json.Marshal(c); err != nil || string(got) != want {
		t.Errorf("%s, %v, want\n%s", got, err, want)
	}
	var again Config
	d := json.NewDecoder(strings.NewReader(want))
	d.DisallowUnknownFields()
	if err := d.Decode(&again); err != nil || again != c {
		t.Errorf("%+v, %v, want %+v", again, err, c)
	}
}

// TestTable: every field of Options is in the table once. The texts fit into a Markdown table.
func TestTable(t *testing.T) {
	t.Parallel()
	var o Options
	fields := reflect.TypeFor[Config]().NumField() + reflect.TypeFor[Options]().NumField() - 1
	seen := make(map[any]bool)
	for _, s := range table(&o) {
		seen[s.to] = true
		if s.about == "" || strings.ContainsAny(s.about+s.otherwise+s.mustBe(), "|\n") {
			t.Errorf("-%s: %q", s.name, s.about)
		}
	}
	if n := len(table(&o)); n != fields || len(seen) != fields {
		t.Errorf("%d entries for %d of %d fields", n, len(seen), fields)
	}
}
