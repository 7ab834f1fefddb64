package museum

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"lstm/check"
	"lstm/check/cause"
	"lstm/check/chain"
	"lstm/check/mistake"
	"lstm/check/pass"
)

// Show writes a description of the named exhibit. For the name "all" it tries every exhibit and writes a table.
// For an empty name it writes a list. It reports whether each exhibit that it tried behaves as its label says.
// The name must be Known.
func Show(w io.Writer, name string) (behaves bool, err error) {
	switch name {
	case "":
		for _, e := range mistake.Exhibits {
			fmt.Fprintf(w, "%-15s %s\n", e.Name, e.What)
		}
		return true, nil
	case "all":
		return showAll(w)
	}
	return showOne(w, name)
}

// objections returns the differences between the exhibit and its label.
func (c *Case) objections() (all []string) {
	compare := func(what string, label, found any) {
		if label != found {
			all = append(all, fmt.Sprintf("%s is %#v on the label, but %#v was found", what, label, found))
		}
	}
	compare("Falls", c.Falls, c.falls())
	compare("a refusal", c.Refuse != nil, c.Refused != nil)
	if c.Refuse != nil {
		return all
	}
	if c.Where != "anywhere" || c.Bad == 0 {
		compare("Where", c.Where, c.Diagnosis.Short())
	}
	compare("Weak", c.Weak, c.Missed)
	if c.See != "" {
		compare("a right gradient of another loss", true, c.seen && c.Bad == 0)
	} else {
		compare("a cause that is named", true, c.named())
	}
	return all
}

// named reports whether the exhibit is the likeliest cause.
func (c *Case) named() bool {
	causes := c.Diagnosis.Causes
	return len(causes) > 0 && causes[0].Kind == c.Name
}

// falls reports whether training lowers the loss by a fifth or more.
func (c *Case) falls() bool { return c.After < 0.8*c.Before }

func showOne(w io.Writer, name string) (behaves bool, err error) {
	c, err := Look(name)
	if err != nil {
		return false, err
	}
	fmt.Fprintf(w, "%s: %s.\n\n", c.Name, c.What)
	fmt.Fprintf(w, "  wrong  %s\n  right  %s\n\n", c.Wrong, c.Right)
	fmt.Fprintln(w, strings.ReplaceAll(c.Verdict(), ". ", ".\n"))
	if c.Refused == nil && c.See == "" {
		c.Diagnosis.Write(w)
		fmt.Fprintf(w, "\nThe point is fair: %s.\n", c.Point())
	}
	if c.Refused == nil && !c.OfChecker() {
		falls := ""
		if c.falls() {
			falls = ": it falls all the same"
		}
		fmt.Fprintf(w, "Training with this mistake takes the loss from %.3g to %.3g%s.\n", c.Before, c.After, falls)
	}
	for _, k := range Weak {
		if strings.IndexByte(c.Missed, k.Letter) >= 0 {
			fmt.Fprintf(w, "A check %s misses it.\n", k.What)
		}
	}
	objections := c.objections()
	for _, o := range objections {
		fmt.Fprintf(w, "Not as labelled: %v.\n", o)
	}
	return len(objections) == 0, nil
}

func showAll(w io.Writer) (behave bool, err error) {
	points, err := open()
	if err != nil {
		return false, err
	}
	behave = true
	fmt.Fprintf(w, "%-15s %-8s  %-7s  %-9s  %-6s  %-6s  %-6s  %s\n", "mistake", "training", "wrong", "where", "cause", "8 dig.", "params", "missed by")
	for _, e := range mistake.Exhibits {
		c := look(e, points)
		training, wrong, place, cause, end := "-", fmt.Sprintf("%d/%d", c.Bad, c.Total), c.Diagnosis.Short(), "named", ""
		printed, params := c.fromDigits(c.At.Len()), c.fromDigits(c.At.Params())
		switch {
		case c.Refused != nil:
			wrong, place, cause = "-", "refused", "named"
		case e.See != "":
			wrong, cause = "unseen", "-"
		case !c.named():
			cause = "MISSED"
		}
		if c.falls() {
			training = "falls"
		}
		if len(c.objections()) > 0 {
			behave, end = false, "  NOT AS LABELLED"
		}
		fmt.Fprintf(w, "%-15s %-8s  %-7s  %-9s  %-6s  %-6s  %-6s  %s%s\n", e.Name, training, wrong, place, cause, printed, params, c.Missed, end)
	}
	fmt.Fprintf(w, "\ntraining: whether the loss falls in spite of the mistake, by a fifth or more\n"+
		"wrong: wrong entries of the parameters, the state and the inputs\n"+
		"where: the gate of the first wrong dz on the way back (2nd: at the step before the last), or the blocks with wrong sums\n"+
		"8 dig.: what is said of a gradient that is printed with 8 digits: named,\n"+
		"        line (without the cause), tie (other mistakes fit, too), - (nothing)\n"+
		"params: the same from the gradients of the parameters alone, with 8 digits\n"+
		"missed by: weaker checks that do not see the mistake\n")
	for _, k := range Weak {
		fmt.Fprintf(w, "  %c  a check %s\n", k.Letter, k.What)
	}
	return behave, nil
}

// fromDigits returns what Causes says of the first n entries of the gradient, printed with 8 digits.
func (c *Case) fromDigits(n int) string {
	if c.Refused != nil || c.See != "" || c.OfChecker() {
		return "-"
	}
	grad := make([]float64, c.At.Len())
	for i := range grad {
		if grad[i] = math.NaN(); i < n {
			grad[i], _ = strconv.ParseFloat(strconv.FormatFloat(c.Grad[i], 'e', 7, 64), 64)
		}
	}
	all := cause.Arrays(c.At.Net, grad)
	for _, a := range all {
		for i, v := range a.Value {
			a.Bar[i] = 5e-8 * math.Abs(v) // at most half a unit of the last digit
		}
	}
	causes, others := cause.Causes(pass.New(pass.Standard(c.At.Net), c.At.V, c.At.Target), all, nil)
	its := func(set []check.Cause) bool { return len(set) == 1 && set[0].Kind == c.Name }
	switch {
	case len(causes) == 0:
		return "-"
	case its(causes) && len(others) == 0:
		return "named"
	case its(causes) || slices.ContainsFunc(others, its):
		return "tie"
	case !slices.ContainsFunc(causes, func(c check.Cause) bool { return c.Likely != chain.Unknown }):
		return "line"
	}
	return "other"
}
