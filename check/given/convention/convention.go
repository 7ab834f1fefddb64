package convention

import (
	"fmt"
	"slices"

	"lstm/check/chain"
	"lstm/check/given"
	"lstm/check/pass"
)

// A Reading is a file read as an LSTM.
type Reading struct {
	Point   *pass.Point   // the network with the numbers of the file
	Seen    []chain.Array // what the file says of the backward pass: gradients of parameters first, in the order of the file; then dx dh0 dc0; then dy dh dc di df do dg
	Numeric []chain.Array // the program's own numerical gradients
	Words   []string      // what the file was read as, in short sentences
	Others  []string      // other readings that give the same loss, and another gradient
}

// Read reads a file as an LSTM. If no known forward pass gives the loss of the file, the error is a *NoFit.
func Read(d *given.Dump) (*Reading, error) {
	places, err := places(d)
	if err != nil {
		return nil, err
	}
	s := newSearch(d, epsilon(d))
	if s.run(places); len(s.fits) == 0 && !d.Precision.Float32 {
		s = newSearch(d, 0x1p-23) // the program may compute in float32, and print more digits
		s.run(places)
	}
	if len(s.fits) == 0 {
		return nil, s.noFit()
	}
	return s.reading(), nil
}

func epsilon(d *given.Dump) float64 {
	if d.Precision.Float32 {
		return 0x1p-23
	}
	return 0x1p-52
}

// places returns the roles that the arrays can have, for all sizes.
func places(d *given.Dump) (all []*place, err error) {
	x := d.Known["x"]
	if x == nil || d.Loss == nil || len(d.Params) == 0 {
		return nil, &NoFit{Why: "a file needs loss, x and parameters to be read as an LSTM"}
	}
	for _, a := range d.Params {
		if slices.Contains(a.Null, true) {
			return nil, &NoFit{Why: fmt.Sprintf("parameter %s has null entries: the loss needs all parameters", a.Name)}
		}
	}
	all = placesOf(d, d.Params)
	if len(all) == 0 {
		return nil, unplaced(d)
	}
	return all, nil
}

// placesOf returns the places for some of the parameters.
func placesOf(d *given.Dump, params []given.Array) (all []*place) {
	lengths := dims(params)
	for k, units := range partitions(params) {
		for _, seq := range sequences(d.Known["x"]) {
			for _, z := range seq.networks(d, params, lengths) {
				p := &placer{sizes: z, params: params, used: make(map[string]int), cost: min(k, 1) + z.strangers(d)}
				p.fill(units, 0)
				all = append(all, p.found...)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *place) int { return a.cost - b.cost })
	for k := len(all) - 1; k >= 0; k-- {
		all[k].cost -= all[0].cost
	}
	return all
}
