package settings

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// These limits keep memory and time small enough, and numbers within an int of 32 bits.
const (
	MaxHidden = 4096          // hidden units
	MaxSteps  = 1_000_000_000 // iterations
	MaxWindow = 1_000_000     // steps of a sequence
	MinLength = 20            // steps of a sequence
	MaxLength = 100_000       // steps of a sequence

	maxRuns = 1_000_000 // seeds

	// If the gradient has more than manyEntries entries, the check verifies fewEntries of each block.
	manyEntries = 5000 // entries of the gradient
	fewEntries  = 50   // entries of a block

	defaultSeed = 42
)

// Optimizers names the rules that move the parameters. Package train has the rules.
var Optimizers = []string{"sgd", "momentum", "nesterov", "adam", "adamw"}

// A setting is an entry of the table.
type setting struct {
	group     string // the heading of a group in the help; only the first setting of a group has it
	name      string // the name of the flag, without the minus sign
	value     string // the name of the value in the help: N for whole numbers, R for others; "" for a switch
	about     string // the meaning of the setting
	otherwise string // "default: …" describes the default, unless it depends on the task
	kind      kind
	to        any  // a pointer to the variable: int, uint32, float64, string or bool
	needed    bool // every run has a value of the kind; for other settings, zero means that it is not given
	some      bool // only some tasks use it, and name it in Uses
	fixed     fixed
}

// fixed says whether a loaded run may change a setting.
type fixed int

const (
	changeable fixed = iota
	ofRun            // a loaded run keeps it; a new run that starts from loaded weights may change it
	ofWeights        // loaded weights keep it, too
)

// get returns the value of the variable, in the type that its kind uses.
func (s *setting) get() any {
	v := reflect.ValueOf(s.to).Elem()
	switch {
	case v.CanInt():
		return v.Int()
	case v.CanUint():
		return int64(v.Uint())
	}
	return v.Interface()
}

// put sets the variable. The variable must be large enough for the value.
func (s *setting) put(value any) {
	v := reflect.ValueOf(s.to).Elem()
	v.Set(reflect.ValueOf(value).Convert(v.Type()))
}

// mustBe says what the setting's value must be.
func (s *setting) mustBe() string { return "must be " + s.kind.what + s.kind.bounds }

// table returns all settings, with the variables of o. They are in the order of the help and of Flags.
// -task and -seed come first: Flags does not return them.
func table(o *Options) []setting {
	return []setting{
		{group: "What to learn", name: "task", value: "NAME", to: &o.Task, kind: text("the name of a task"), needed: true, fixed: ofRun,
			about: "what the network learns"},
		{name: "seed", value: "N", to: &o.Seed, kind: whole(0, math.MaxUint32), fixed: ofRun,
			about: "seed of all random numbers, which are the same as NumPy's after np.random.seed(N)", otherwise: fmt.Sprint("default: ", defaultSeed)},
		{name: "hidden", value: "N", to: &o.Hidden, kind: whole(1, MaxHidden), needed: true, fixed: ofWeights,
			about: "hidden units"},
		{name: "length", value: "N", to: &o.Length, kind: whole(MinLength, MaxLength), some: true, fixed: ofRun,
			about: "steps in the shortest sequence"},
		{name: "data", value: "FILE", to: &o.Data, kind: fileName, some: true,
			about: "the file to learn from: a text in UTF-8, or a table of numbers; - is standard input, for a table"},
		{name: "column", value: "NAME", to: &o.Column, kind: text("the name or the number of a column"), some: true,
			about: "the column of the table, by name or number", otherwise: "default: the only column of numbers"},
		{name: "date", value: "ORDER", to: &o.Date, kind: names("dmy", "mdy", "ymd", "none"), some: true,
			about: "the order of day, month and year in dates; none keeps the order of the rows", otherwise: "default: as the dates show"},
		{name: "decimal", value: "MARK", to: &o.Decimal, kind: names("point", "comma"), some: true,
			about: "the decimal mark of the numbers", otherwise: "default: as the numbers show"},
		{name: "missing", value: "LIST", to: &o.Missing, kind: text("words and numbers, with commas between them"), some: true,
			about: "words and numbers that stand for a missing value, besides the usual words", otherwise: "none: every number counts"},
		{name: "group", value: "COLUMN=NAME", to: &o.Group, kind: text("COLUMN=NAME"), some: true,
			about: "read only the rows with this name in this column, of a table of several series", otherwise: "none: all rows are one series"},
		{name: "fill", value: "HOW", to: &o.Fill, kind: names("linear", "previous"), some: true,
			about: "how to fill missing values", otherwise: "default: a missing value is an error"},
		{name: "diff", to: &o.Diff, kind: toggle, some: true, fixed: ofRun,
			about: "learn the difference from each value to the next, for data with a trend"},
		{name: "horizon", value: "N", to: &o.Horizon, kind: whole(1, MaxLength), some: true,
			about: "steps of the free run, in which each forecast is the next input"},
		{name: "temperature", value: "R", to: &o.Temperature, kind: positive, some: true,
			about: "temperature for drawing characters: a low one prefers likely characters"},
		{group: "How to train", name: "steps", value: "N", to: &o.Steps, kind: whole(0, MaxSteps), needed: true,
			about: "train for at most N iterations; with -load, those before saving count, too"},
		{name: "optimizer", value: "NAME", to: &o.Optimizer, kind: names(Optimizers...), needed: true, fixed: ofRun,
			about: "the rule that moves the parameters"},
		{name: "rate", value: "R", to: &o.Rate, kind: positive, needed: true, about: "the learning rate at the start"},
		{name: "halve", value: "N", to: &o.Halve, kind: whole(0, MaxSteps),
			about: "the learning rate halves in N iterations; with 0 it is constant"},
		{name: "clip", value: "R", to: &o.Clip, kind: notNegative,
			about: "a gradient with a norm above R is scaled down to norm R; with 0 there is no limit"},
		{name: "forget-bias", value: "R", to: &o.ForgetBias, kind: anyNumber, fixed: ofRun,
			about: "added to the initial biases of the forget gates"},
		{name: "input-bias", value: "R", to: &o.InputBias, kind: anyNumber, fixed: ofRun,
			about: "added to the initial biases of the input gates"},
		{name: "window", value: "N", to: &o.Window, kind: whole(1, MaxWindow), fixed: ofRun,
			about: "the gradient goes back at most N steps", otherwise: "default: the whole sequence"},
		{name: "stride", value: "N", to: &o.Stride, kind: whole(1, MaxWindow), fixed: ofRun,
			about: "steps from one window to the next, at most the window", otherwise: "default: the window"},
		{name: "runs", value: "N", to: &o.Runs, kind: whole(1, maxRuns),
			about: "train with N seeds, from -seed on, on all cores, and show a summary; nothing is checked"},
		{group: "Files", name: "save", value: "FILE", to: &o.Save, kind: fileName,
			about: "save the run when it ends: weights that PyTorch can read, and all that -load needs to go on"},
		{name: "save-every", value: "N", to: &o.SaveEvery, kind: whole(1, MaxSteps),
			about: "also save after every N iterations"},
		{name: "load", value: "FILE", to: &o.Load, kind: fileName,
			about: "go on with a saved run, or start from weights of another program, in .safetensors or .npz"},
		{name: "eval", to: &o.Eval, kind: toggle, about: "do not train: test the loaded network"},
		{name: "forecast", value: "FILE", to: &o.Forecast, kind: fileName, some: true,
			about: "write a table of forecasts, for the held-out data and for -horizon steps after the end"},
		{name: "report", value: "FILE", to: &o.Report, kind: fileName,
			about: "write a page with the answer and what shows it: about the run, the mistakes of museum, or the gradient that check judges"},
		{group: "The check", name: "check", value: "HOW", to: &o.Check, kind: amount(1, math.MaxInt32, "all", "strict", "fast", "off"),
			about: "how many entries of each block of the gradient (Wi, Wf and so on) are checked; " +
				"strict measures all of them, and each to a ten-millionth of itself; fast checks all at once, along a random direction",
			otherwise: fmt.Sprintf("default: all, or %d if there are more than %d in all blocks", fewEntries, manyEntries)},
	}
}

// A kind is a set of values that a setting may have: int64, float64, string or bool.
type kind struct {
	what, bounds string // an error says "must be " + what + bounds; the help shows only the bounds
	parse        func(text string) (value any, err error)
	holds        func(value any) bool // whether a value of the right type is in the set
}

func verbatim(text string) (any, error) { return text, nil }

// whole returns the kind of the whole numbers from low to high.
func whole(low, high int64) kind {
	return kind{
		"a whole number from ", fmt.Sprintf("%d to %d", low, high),
		func(text string) (any, error) { return strconv.ParseInt(text, 10, 64) },
		func(value any) bool { n := value.(int64); return low <= n && n <= high },
	}
}

// number returns the kind of the finite numbers from low on.
func number(what, bounds string, low float64) kind {
	return kind{
		what, bounds,
		func(text string) (any, error) { return strconv.ParseFloat(text, 64) },
		func(value any) bool { x := value.(float64); return x >= low && !math.IsInf(x, 1) }, // false for NaN
	}
}

// text returns the kind of all texts except "".
func text(what string) kind { return kind{what, "", verbatim, func(v any) bool { return v != "" }} }

// names returns the kind of the listed names.
func names(list ...string) kind {
	return kind{"", or(list), verbatim, func(value any) bool { return slices.Contains(list, value.(string)) }}
}

// amount returns the kind of the listed names and the whole numbers from low to high, as texts.
func amount(low, high int64, list ...string) kind {
	whole, names := whole(low, high), names(list...)
	return kind{
		"", or(append(list, whole.what+whole.bounds)), verbatim,
		func(value any) bool {
			n, err := whole.parse(value.(string))
			return names.holds(value) || err == nil && whole.holds(n)
		},
	}
}

var (
	anyNumber   = number("a finite number", "", -math.MaxFloat64)
	notNegative = number("a finite number, ", "0 or above", 0)
	positive    = number("a finite number ", "above 0", math.SmallestNonzeroFloat64)

	fileName = text("the name of a file")

	toggle = kind{"true or false", "", func(text string) (any, error) { return strconv.ParseBool(text) }, func(any) bool { return true }}
)

// or joins a list for a sentence: "a, b or c".
func or(list []string) string {
	last := len(list) - 1
	if last < 1 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:last], ", ") + " or " + list[last]
}

// zero reports whether a value is the zero value of its type.
func zero(value any) bool { return value == int64(0) || value == 0.0 || value == "" || value == false }
