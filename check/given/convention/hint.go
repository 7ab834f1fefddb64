package convention

import (
	"strings"
)

// hints has parts of names, and the form that each tells of: the first part that a name has decides. b is a bias, h
// a recurrent matrix, x an input matrix, y a readout, p a peephole, e an embedding.
var hints = []struct {
	part string
	form string
}{
	{"embed", "e"}, {"emb", "e"}, {"wte", "e"}, {"lookup", "e"},
	{"peep", "p"},
	{"weight_ih", "x"}, {"weight_hh", "h"}, {"bias_ih", "b"}, {"bias_hh", "b"},
	{"recurrent", "h"}, {"lstm/kernel", "x"}, {"lstm/bias", "b"},
	{"dense", "y"}, {"linear", "y"}, {"readout", "y"}, {"fc.", "y"}, {"fc_", "y"}, {"head", "y"}, {"decoder", "y"}, {"proj", "y"},
	{"logit", "y"}, {"softmax", "y"}, {"why", "y"}, {"w_hy", "y"}, {"hy", "y"}, {"wy", "y"}, {"w_y", "y"}, {"by", "y"}, {"b_y", "y"},
	{"wv", "y"}, {"w_v", "y"}, {"bv", "y"}, {"b_v", "y"}, {"wout", "y"}, {"w_out", "y"}, {"bout", "y"}, {"b_out", "y"}, {"out_", "y"},
	{"h2o", "y"},
	{"bias", "b"},
	{"h2h", "h"}, {"hh", "h"}, {"wh", "h"}, {"w_h", "h"}, {"rec", "h"},
	{"i2h", "x"}, {"x2h", "x"}, {"ih", "x"}, {"wx", "x"}, {"w_x", "x"}, {"xh", "x"}, {"kernel", "x"},
}

// told returns what the names of a unit tell of its form; 0 if nothing.
func told(u unit) byte {
	name := strings.ToLower(u.names[0])
	for _, h := range hints {
		if strings.Contains(name, h.part) && (len(u.arrays) == 1 || h.form != "y") {
			return h.form[0]
		}
	}
	switch short := name[strings.LastIndexAny(name, "./_")+1:]; {
	case len(u.gates) == 0 && (short == "v" || short == "d"):
		return 'y'
	case strings.HasPrefix(short, "b"):
		return 'b'
	case strings.HasPrefix(short, "u") || strings.HasPrefix(short, "r"):
		return 'h'
	case strings.HasPrefix(short, "p"):
		return 'p'
	case short == "e":
		return 'e'
	}
	return 0
}

// hint returns what it costs to give a unit a form: 1 if its names tell of another.
func hint(u unit, f form) int {
	t := told(u)
	ok := t == 0
	switch t {
	case 'y', 'e', 'p':
		ok = f.to == t || f.rows[0] == string(t)
	case 'b':
		ok = f.rows[0][0] == '1'
	case 'h', 'x':
		ok = f.to == 'g' && strings.Contains(f.rows[0], string(t))
	}
	if ok {
		return 0
	}
	return 1
}

// later returns 1 if an earlier unit has the recurrent weights and this one the input weights, or an earlier unit has a form
// of the readout and this one a form of the gates: files have them in the other order.
func later(before []placed, u unit, f form) int {
	if told(u) != 0 {
		return 0
	}
	for _, p := range before {
		if told(p.unit) != 0 {
			continue
		}
		if f.to == 'g' && (p.to == 'y' || f.rows[0][0] == 'x' && p.rows[0] == "h" || f.rows[0][0] != 'p' && p.rows[0] == "p") {
			return 1
		}
	}
	return 0
}

// stateName returns 'h' or 'c' if the name is one of the h or c before the first step, and else 0.
func stateName(u unit) byte {
	name := strings.ToLower(u.names[0])
	name = name[strings.LastIndexAny(name, "./")+1:]
	bare := strings.NewReplacer("initial", "", "init", "", "prev", "", "zero", "", "0", "", "_", "", "state", "").Replace(name)
	if bare == name || len(u.arrays) > 1 {
		return 0
	}
	switch bare {
	case "h", "hidden":
		return 'h'
	case "c", "cell":
		return 'c'
	}
	return 0
}
