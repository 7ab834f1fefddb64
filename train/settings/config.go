// Package settings holds everything that a user can set, in one table (table.go). An entry has the flag, the
// values, the meaning, the tasks that use it, and whether a loaded run may change it. Flags, their errors, the
// help, the checks of a configuration and the table in train/README.md all derive from the table.
// A new setting is a field of Config or Options and an entry of the table.
//
// The package knows no task: the caller describes its tasks as data. Every error is one line that names
// the flag and its allowed values. It quotes the value, so that control characters cannot break the
// line. Only an error about the file of -load is passed on unchanged.
package settings

// Config says what to train and how. Checkpoints store it as JSON, so the names of the fields and
// their order are part of the file format.
type Config struct {
	Task       string  // the name of a task
	Seed       uint32  // the seed of all random numbers
	Hidden     int     // the number of hidden units, H
	Steps      int     // the largest number of iterations
	Optimizer  string  // one of Optimizers
	Rate       float64 // the learning rate at the start
	Halve      int     // iterations in which the rate halves; 0: the rate is constant
	Clip       float64 // the largest norm of the gradient; 0: no limit
	ForgetBias float64 // added to the initial biases of the forget gates
	InputBias  float64 // added to the initial biases of the input gates
	Window     int     // the largest number of steps that the gradient goes back through; 0: the whole sequence
	Stride     int     // steps from one window to the next; 0: the Window

	// Settings that only some tasks use. Zero means that the setting is not given.
	Length      int     // the length of the sequences, in steps
	Data        string  // the file
	Column      string  // the name or the number of the column; "": the only column of numbers
	Fill        string  // "linear" or "previous"; "": missing values are an error
	Diff        bool    // the network learns differences
	Horizon     int     // steps of the free run
	Temperature float64 // the temperature for drawing text
	Date        string  `json:",omitempty"` // the order in dates: dmy, mdy or ymd; or none
	Decimal     string  `json:",omitempty"` // the decimal mark: point or comma
	Missing     string  `json:",omitempty"` // words and numbers for missing values
	Group       string  `json:",omitempty"` // COLUMN=NAME: the rows to read
}

// Options is a command line: a configuration, and settings that only the command has. The zero
// value of such a setting means that its flag is not given.
type Options struct {
	Config

	Runs      int    // the number of seeds to train with; 0: one run, with output and a check
	Check     string // "all", "strict", "fast", "off", a number (see EntriesPerBlock), or ""
	Save      string // the file for the run
	SaveEvery int    // iterations from one save to the next; 0: only at the end
	Forecast  string // the file for the table of forecasts
	Report    string // the file for the page
	Load      string // the file of a run, or of weights
	Eval      bool   // test the loaded network, without training
}

// A Task is something that a network can learn.
type Task struct {
	Name     string   // the name for -task
	About    string   // what the network learns, in a few words
	Defaults Config   // the default settings, without Task and Seed
	Uses     []string // the flags for some tasks that this task uses, such as "length"
}
