// Package words writes the lines of a mistake as those of another cell than the usual LSTM: with peepholes, with h = o·c,
// with hard sigmoids, or with one gate that is 1 minus another.
package words

import (
	"fmt"
	"strings"

	"lstm/check/pass"
)

// In returns what a mistake is, its wrong line and the right one, as those of a cell. Lines that name a peephole stay.
func In(k pass.Kind, what, wrong, right string) (string, string, string) {
	if k.Peephole && !strings.Contains(right, "po*dzo") && !strings.Contains(right, "pi*dzi") {
		wrong, right = peepholes(wrong), peepholes(right)
	}
	if k.Linear {
		r := strings.NewReplacer("*(1-tanh(c)²)", "", "tanh(c)", "c")
		wrong, right, what = r.Replace(wrong), r.Replace(right), strings.ReplaceAll(what, "at tanh(c) ", "h = o·c has no tanh, but dc has a slope: ")
	}
	if k.Hard != 0 {
		right = hard(k, right)
		if !strings.Contains(what, "σ") {
			wrong = hard(k, wrong)
		}
	}
	switch k.Tied {
	case pass.TiedI:
		return tied("f", "i", what, wrong, right)
	case pass.TiedF:
		return tied("i", "f", what, wrong, right)
	}
	return what, wrong, right
}

// each changes the statements of a line one by one. left is what stands before the equals sign.
func each(line string, f func(left, right string) string) string {
	all := strings.Split(line, "; ")
	for k, s := range all {
		if left, right, ok := strings.Cut(s, " = "); ok {
			all[k] = f(left, right)
		}
	}
	return strings.Join(all, "; ")
}

// peepholes adds what comes back through the peepholes.
func peepholes(line string) string {
	return each(line, func(left, right string) string {
		switch {
		case left == "dcNext":
			right += " + pi*dzi + pf*dzf"
		case strings.HasSuffix(left, "dc") && left != "dz, dc":
			right += " + po*dzo"
		}
		return left + " = " + right
	})
}

func hard(k pass.Kind, line string) string {
	for _, gate := range []string{"i", "f", "o"} {
		line = strings.ReplaceAll(line, gate+"*(1-"+gate+")", fmt.Sprintf("%.3g*(0<%s<1)", k.Hard, gate))
	}
	return line
}

// tied writes the lines of two gates as one: gate `gone` is 1 minus gate own.
func tied(own, gone, what, wrong, right string) (string, string, string) {
	product := map[string]string{"i": "dc*g * i*(1-i)", "f": "dc*cPrev * f*(1-f)"}
	part := false // the mistake is in the part that comes through the gate without weights
	line := func(text string) string {
		return each(text, func(left, right string) string {
			if left != "dz"+own && left != "dz"+gone {
				return left + " = " + right
			}
			if right == "-…" {
				right = "-" + product[left[2:]]
			}
			ownPart, minus := right, " - "+product[gone]
			if part = part || left != "dz"+own; left != "dz"+own {
				ownPart, minus = product[own], " - "+right
				switch {
				case right == "0":
					minus = ""
				case strings.HasPrefix(right, "-"):
					minus = " + " + right[1:]
				case strings.Contains(right, " + "):
					minus = " - (" + right + ")"
				}
			}
			return "dz" + own + " = " + ownPart + minus
		})
	}
	wrong, right = line(wrong), line(right)
	if part {
		what = fmt.Sprintf("in dz%s, the part that comes through %s = 1 − %s: %s", own, gone, own, what)
	}
	sums := strings.NewReplacer("db"+gone+" += ", "db"+own+" -= ", "dW"+gone+" += ", "dW"+own+" -= ")
	return what, sums.Replace(wrong), sums.Replace(right)
}
