package museum

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// Parse reads the arguments of the command museum: the name for Show, and the file of -report or "". For -h the error is
// flag.ErrHelp.
func Parse(args []string) (name, report string, err error) {
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&report, "report", "", "")
	var names []string
	for len(args) > 0 {
		if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
			return "", "", err
		} else if err != nil {
			return "", "", fmt.Errorf("%w (here only -report FILE is a flag)", err)
		}
		if args = fs.Args(); len(args) > 0 {
			names, args = append(names, args[0]), args[1:]
		}
	}
	switch name = strings.Join(names, " "); {
	case !Known(name):
		return "", "", fmt.Errorf("museum %s: give the name of one exhibit, or all; go run . museum lists them", name)
	}
	return name, report, nil
}
