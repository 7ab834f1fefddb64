package settings

import (
	"fmt"
	"math"
)

// Limits. They keep memory and time within reach, and numbers within an int of 32 bits.
const (
	MaxHidden = 4096          // hidden units
	MaxSteps  = 1_000_000_000 // iterations
	MaxWindow = 1_000_000     // steps of a sequence
	MinLength = 20            // steps of a sequence
	MaxLength = 100_000       // steps of a sequence

	maxRuns = 1_000_000 // seeds

	// With more than manyEntries in all, the check verifies fewEntries of each block.
	manyEntries = 5000 // entries of the gradient
	fewEntries  = 50   // entries of a block

	defaultSeed = 42
)

// Optimizers names the rules by which a gradient moves the parameters; package train has the
// rules under the same names.
var Optimizers = []string{"sgd", "momentum", "nesterov", "adam", "adamw"}

// A setting is an entry of the table.
type setting struct {
	group     string // the heading under which the help shows it
	name      string // of the flag, without the minus sign
	value     string // what the help calls its value: N for whole numbers, R for others; "" for a switch
	about     string // what it means
	otherwise string // what happens if it is not given, unless that depends on the task
	kind      kind
	field     func(o *Options) any // a pointer to the variable: int, uint32, float64, string or bool

	needed bool // every run has a value of the kind; otherwise zero also means that it is not given
	some   bool // only the tasks that name it in Uses use it
	fixed  fixed
}

// fixed says whether a loaded run may change a setting.
type fixed int

const (
	changeable fixed = iota
	ofRun            // a loaded run keeps it; a new run that starts from loaded weights may change it
	ofWeights        // loaded weights keep it, too
)

// get returns the setting's value in o.
func (s *setting) get(o *Options) any { return get(s.field(o)) }

// mustBe says what the setting's value must be.
func (s *setting) mustBe() string { return "must be " + s.kind.what + s.kind.bounds }

const (
	learn = "What to learn"
	train = "How to train"
	files = "Files"
	proof = "The check"
)

// The order is that of the help and of Flags. -task and -seed come first: they are not among the
// settings that Flags returns.
var table = []setting{
	{group: learn, name: "task", value: "NAME", kind: text("the name of a task"), needed: true, fixed: ofRun,
		about: "what the network learns", field: func(o *Options) any { return &o.Task }},
	{group: learn, name: "seed", value: "N", kind: whole(0, math.MaxUint32), fixed: ofRun,
		about: "seed of all random numbers, which are those of NumPy after np.random.seed(N)", otherwise: fmt.Sprint(defaultSeed),
		field: func(o *Options) any { return &o.Seed }},
	{group: learn, name: "hidden", value: "N", kind: whole(1, MaxHidden), needed: true, fixed: ofWeights,
		about: "hidden units", field: func(o *Options) any { return &o.Hidden }},
	{group: learn, name: "length", value: "N", kind: whole(MinLength, MaxLength), some: true, fixed: ofRun,
		about: "steps in the shortest sequence", field: func(o *Options) any { return &o.Length }},
	{group: learn, name: "data", value: "FILE", kind: fileName, some: true,
		about: "the file to learn from: a text in UTF-8, or a table of numbers", field: func(o *Options) any { return &o.Data }},
	{group: learn, name: "column", value: "NAME", kind: text("the name or the number of a column"), some: true,
		about: "the column of the table, by name or number", otherwise: "the only column of numbers",
		field: func(o *Options) any { return &o.Column }},
	{group: learn, name: "fill", value: "HOW", kind: names("linear", "previous"), some: true,
		about: "how to fill missing values", otherwise: "a missing value is an error", field: func(o *Options) any { return &o.Fill }},
	{group: learn, name: "diff", kind: toggle, some: true, fixed: ofRun,
		about: "learn the difference from each value to the next, for data with a trend",
		field: func(o *Options) any { return &o.Diff }},
	{group: learn, name: "horizon", value: "N", kind: whole(1, MaxLength), some: true,
		about: "steps of the free run, in which each forecast is the next input", field: func(o *Options) any { return &o.Horizon }},
	{group: learn, name: "temperature", value: "R", kind: positive, some: true,
		about: "temperature for drawing characters: a low one prefers likely characters",
		field: func(o *Options) any { return &o.Temperature }},

	{group: train, name: "steps", value: "N", kind: whole(0, MaxSteps), needed: true,
		about: "train for at most N iterations; those of a loaded run count", field: func(o *Options) any { return &o.Steps }},
	{group: train, name: "optimizer", value: "NAME", kind: names(Optimizers...), needed: true, fixed: ofRun,
		about: "the rule that moves the parameters", field: func(o *Options) any { return &o.Optimizer }},
	{group: train, name: "rate", value: "R", kind: positive, needed: true,
		about: "the learning rate at the start", field: func(o *Options) any { return &o.Rate }},
	{group: train, name: "halve", value: "N", kind: whole(0, MaxSteps),
		about: "the learning rate halves in N iterations; with 0 it is constant", field: func(o *Options) any { return &o.Halve }},
	{group: train, name: "clip", value: "R", kind: notNegative,
		about: "a gradient with a norm above R is scaled down to norm R; with 0 it is not",
		field: func(o *Options) any { return &o.Clip }},
	{group: train, name: "forget-bias", value: "R", kind: anyNumber, fixed: ofRun,
		about: "added to the initial biases of the forget gates", field: func(o *Options) any { return &o.ForgetBias }},
	{group: train, name: "input-bias", value: "R", kind: anyNumber, fixed: ofRun,
		about: "added to the initial biases of the input gates", field: func(o *Options) any { return &o.InputBias }},
	{group: train, name: "window", value: "N", kind: whole(1, MaxWindow), fixed: ofRun,
		about: "the gradient goes back at most N steps", otherwise: "the whole sequence",
		field: func(o *Options) any { return &o.Window }},
	{group: train, name: "stride", value: "N", kind: whole(1, MaxWindow), fixed: ofRun,
		about: "steps from one window to the next, at most the window", otherwise: "the window",
		field: func(o *Options) any { return &o.Stride }},
	{group: train, name: "runs", value: "N", kind: whole(1, maxRuns),
		about: "train with N seeds, from -seed on, on all cores, and show a summary; nothing is checked",
		field: func(o *Options) any { return &o.Runs }},

	{group: files, name: "save", value: "FILE", kind: fileName,
		about: "save the run when it ends: weights that PyTorch can read, and all that -load needs to go on",
		field: func(o *Options) any { return &o.Save }},
	{group: files, name: "save-every", value: "N", kind: whole(1, MaxSteps),
		about: "also save after every N iterations", field: func(o *Options) any { return &o.SaveEvery }},
	{group: files, name: "load", value: "FILE", kind: fileName,
		about: "go on with a saved run, or start from weights that PyTorch wrote", field: func(o *Options) any { return &o.Load }},
	{group: files, name: "eval", kind: toggle,
		about: "do not train: test the loaded network", field: func(o *Options) any { return &o.Eval }},
	{group: files, name: "forecast", value: "FILE", kind: fileName, some: true,
		about: "write a table of forecasts, for the held-out data and for -horizon steps after the end",
		field: func(o *Options) any { return &o.Forecast }},
	{group: files, name: "report", value: "FILE", kind: fileName,
		about: "write a page of pictures: of the run, or of the mistake that museum shows",
		field: func(o *Options) any { return &o.Report }},

	{group: proof, name: "check", value: "HOW", kind: amount(1, math.MaxInt32, "all", "strict", "fast", "off"),
		about: "how many entries of each block of the gradient (Wi, Wf and so on) are checked; " +
			"strict measures all of them, and each to a ten-millionth of itself; fast checks all at once, along a random direction",
		otherwise: fmt.Sprintf("all, or %d if there are more than %d in all blocks", fewEntries, manyEntries),
		field:     func(o *Options) any { return &o.Check }},
}
