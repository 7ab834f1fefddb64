package checkpoint

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"lstm/tensor/safetensors"
	"lstm/train/file"
)

// role is the name of a tensor of torch.nn.LSTM, LSTMCell and their relatives: a prefix, the role, the layer, the direction.
var role = regexp.MustCompile(`^(.*?)(weight_ih|weight_hh|bias_ih|bias_hh|weight_hr)(?:_l(\d+))?(_reverse)?$`)

var roles = []string{"weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"}

// Weights are the tensors of a file in the order of torchNames. A bias that is not there is nil, and so are both tensors
// of the Linear if the file has none.
type weights [6]*safetensors.Tensor

// A layer is the tensors of a file that belong to torch.nn.LSTM or one of its relatives, and the rest.
type layer struct {
	source
	prefixes []string
	first    [5]*safetensors.Tensor // of the first layer and the first direction, in the order of roles
	layers   int
	reverse  bool
	beyond   *safetensors.Tensor // one that the network here does not have
	rest     []*safetensors.Tensor
}

// find finds the weights of a network among the tensors of a file: of one LSTM, with any prefix or none, and of one
// Linear or none. The error says what the tensors are, and what to do. Tensors about a run, symbols or a scaling are no weights.
func find(s source, f *safetensors.File) (w weights, err error) {
	l := &layer{source: s, layers: 1}
	saved := f.Tensor(prefix+"random") != nil || f.Meta[metaConfig] != "" // by this program
	for i := range f.Tensors {
		t := &f.Tensors[i]
		if !(saved && strings.HasPrefix(t.Name, prefix)) && t.Name != symbols && t.Name != weightsScaling {
			l.add(t)
		}
	}
	if err := l.isLSTM(); err != nil {
		return w, err
	}
	copy(w[:4], l.first[:4])
	w[4], w[5], err = l.linear()
	return w, err
}

// add adds a tensor.
func (l *layer) add(t *safetensors.Tensor) {
	m := role.FindStringSubmatch(t.Name)
	if m == nil {
		l.rest = append(l.rest, t)
		return
	}
	if !slices.Contains(l.prefixes, m[1]) {
		l.prefixes = append(l.prefixes, m[1])
	}
	n, _ := strconv.Atoi(m[3])
	l.layers, l.reverse = max(l.layers, n+1), l.reverse || m[4] != ""
	k := slices.Index(roles, m[2])
	switch {
	case n > 0 || m[4] != "":
		if l.beyond == nil || k == 0 {
			l.beyond = t
		}
	case l.first[k] != nil:
		l.rest = append(l.rest, t)
	default:
		l.first[k] = t
	}
}

// isLSTM returns an error unless there is one LSTM, with one layer and one direction.
func (l *layer) isLSTM() error {
	ih, hh, hr := l.first[0], l.first[1], l.first[4]
	switch {
	case len(l.prefixes) == 0:
		return l.unknown()
	case len(l.prefixes) > 1:
		return fmt.Errorf("it has several recurrent layers, %s, and this network has one; to keep the first, %s",
			quote(l.prefixes), l.only(append(starts(l.prefixes[0]), l.stems()...)))
	case ih == nil || hh == nil:
		return fmt.Errorf("it has no tensor %q: the tensors are %s", l.prefixes[0]+roles[min(1, slices.Index(l.first[:], nil))]+"_l0", l.there())
	case len(ih.Shape) != 2 || len(hh.Shape) != 2:
		return fmt.Errorf("tensors %q and %q have the shapes %v and %v: both need rows and columns", ih.Name, hh.Name, ih.Shape, hh.Shape)
	}
	what, hidden, shown := "LSTM", hh.Shape[1], hh
	if hr != nil {
		what, l.beyond = "LSTM with proj_size", hr
		if len(hr.Shape) == 2 {
			hidden = hr.Shape[1]
		}
	}
	switch hh.Shape[0] {
	case 3 * hidden:
		what = "GRU"
	case hidden:
		what = "plain RNN"
	}
	if l.reverse {
		what = "bidirectional " + what
	}
	if l.layers > 1 {
		what += fmt.Sprintf(" with %d layers", l.layers)
	}
	if l.beyond != nil {
		shown = l.beyond
	}
	if what != "LSTM" || l.beyond != nil {
		article := "a"
		if strings.HasPrefix(what, "LSTM") {
			article = "an"
		}
		return fmt.Errorf("it has the weights of %s %s (see %q, with the shape %v), and this network is an LSTM with one layer, one direction and no projection; train torch.nn.LSTM(%d, %d)",
			article, what, shown.Name, shown.Shape, ih.Shape[1], hidden)
	}
	return nil
}

// linear returns the tensors of the Linear.
func (l *layer) linear() (weight, bias *safetensors.Tensor, err error) {
	hidden := l.first[1].Shape[1]
	var fits []*safetensors.Tensor
	for _, t := range l.rest {
		if strings.HasSuffix(t.Name, "weight") && len(t.Shape) == 2 && !l.embedding(t) {
			if t.Shape[1] == hidden {
				fits = append(fits, t)
			}
			weight = t
		}
	}
	if len(fits) > 0 {
		weight = fits[len(fits)-1]
	}
	known := 0
	if weight != nil {
		known++
		if i := slices.IndexFunc(l.rest, func(t *safetensors.Tensor) bool { return t.Name == strings.TrimSuffix(weight.Name, "weight")+"bias" }); i >= 0 {
			bias = l.rest[i]
			known++
		}
	}
	if known == len(l.rest) {
		return weight, bias, nil
	}
	return nil, nil, l.noPlace(weight)
}

// noPlace is the error for tensors beside the LSTM and the Linear.
func (l *layer) noPlace(linear *safetensors.Tensor) error {
	ih := l.first[0]
	for _, t := range l.rest {
		if l.embedding(t) {
			to := "w[" + file.Quoted(ih.Name) + "]"
			do := fmt.Sprintf("%s = %s @ %s.T; ", to, l.float64(to), l.float64("w.pop("+file.Quoted(t.Name)+")"))
			return fmt.Errorf("tensor %q is an embedding, and the inputs of this network are one-hot; to multiply it into the weights, %s", t.Name, l.edit(do, "w"))
		}
	}
	keep := starts(l.prefixes[0])
	var more []string
	for _, t := range l.rest {
		if linear == nil || t.Name != linear.Name && t.Name != strings.TrimSuffix(linear.Name, "weight")+"bias" {
			more = append(more, t.Name)
		}
	}
	if linear != nil {
		keep = append(keep, strings.TrimSuffix(linear.Name, "weight"))
	}
	return fmt.Errorf("the network has one LSTM and one Linear, and no place for %s; to leave them out, if the outputs do not depend on them, %s",
		quote(more), l.only(keep))
}

// embedding reports whether a tensor is an embedding for the inputs of the LSTM.
func (l *layer) embedding(t *safetensors.Tensor) bool {
	return strings.Contains(strings.ToLower(t.Name), "emb") && len(t.Shape) == 2 && t.Shape[1] == l.first[0].Shape[1]
}

// stems returns the names of all Linears, without "weight".
func (l *layer) stems() (all []string) {
	for _, t := range l.rest {
		if stem, ok := strings.CutSuffix(t.Name, "weight"); ok && len(t.Shape) == 2 {
			all = append(all, stem)
		}
	}
	return all
}

// starts returns the starts of the names of a recurrent layer.
func starts(prefix string) []string {
	if prefix == "" {
		return []string{"weight_", "bias_"}
	}
	return []string{prefix}
}

// unknown is the error for a file without an LSTM of PyTorch.
func (l *layer) unknown() error {
	if len(l.rest) == 0 {
		return fmt.Errorf("it has no tensors")
	}
	if k := l.keras(); k != nil {
		turn := ".T"
		if !l.npz {
			turn = ".T.contiguous()"
		}
		keep := "{"
		for i, name := range []string{"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "linear.weight", "linear.bias"} {
			keep += fmt.Sprintf("'%s': w[%s]%s, ", name, file.Quoted(k[i].Name), strings.Repeat(turn, len(k[i].Shape)-1))
		}
		return fmt.Errorf("the shapes are those of Keras's get_weights; for PyTorch's names and layout, %s", l.edit("", keep+"}"))
	}
	return fmt.Errorf("it has no LSTM with PyTorch's names, as weight_ih_l0 (4H,X), weight_hh_l0 (4H,H), bias_ih_l0 (4H), linear.weight (O,H), "+
		"linear.bias (O), rows in the order of the gates i, f, g, o: the tensors are %s; to rename them, %s",
		l.there(), l.edit("", "{'weight_ih_l0': w["+file.Quoted(l.rest[0].Name)+"], 'weight_hh_l0': ...}"))
}

// keras returns the tensors of an LSTM and a Dense of Keras, if the shapes of the tensors are like this: the kernel (X,4H),
// the recurrent kernel (H,4H), the bias (4H), and the kernel (H,O) and bias (O) of the Dense.
func (l *layer) keras() []*safetensors.Tensor {
	if len(l.rest) != 5 {
		return nil
	}
	all := slices.Clone(l.rest)
	for i, axes := range []int{2, 2, 1, 2, 1} {
		if len(all[i].Shape) != axes {
			return nil
		}
	}
	h, o := all[1].Shape[0], all[4].Shape[0]
	for i, shape := range [][]int{{all[0].Shape[0], 4 * h}, {h, 4 * h}, {4 * h}, {h, o}, {o}} {
		if !slices.Equal(all[i].Shape, shape) {
			return nil
		}
	}
	return all
}

// there returns the names and the shapes of the tensors of a file, eight at most.
func (l *layer) there() string {
	var names []string
	for _, t := range slices.Concat(l.first[:], l.rest) {
		if t != nil {
			names = append(names, fmt.Sprintf("%.100q %v", t.Name, t.Shape))
		}
	}
	return some(names)
}

// quote returns names in quotes, eight at most.
func quote(names []string) string {
	var all []string
	for _, name := range names {
		all = append(all, fmt.Sprintf("%.100q", name))
	}
	return some(all)
}

// some joins names, eight at most.
func some(names []string) string {
	const most = 8
	if n := len(names) - most; n > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), n)
	}
	return strings.Join(names, ", ")
}
