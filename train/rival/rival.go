// Package rival compares a trained network with simpler methods, for a page: persistence and autoregression for a
// series, pairs of characters for a text.
package rival

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lstm/train/series"
)

// A Standing compares the trained network with simpler methods, its rivals, on data outside the training data. Less is
// better.
type Standing struct {
	Of      string   // what is compared, with its unit
	Network Method   // the network
	Rivals  []Method // one or more
	Wins    int      // 1: the network wins; −1: a rival wins; 0: there is no clear winner
	Where   string   // the forecasts that alone decide who wins; "": all do
	Says    string   // the comparison in words, or ""
	Head    []string // what the numbers in Method.More are
	Symbols []Symbol // of a text: what each symbol costs, the most frequent ones first
}

// A Method is a way to forecast, and its errors.
type Method struct {
	Name  string    // with its settings
	Error float64   // in the units of the comparison
	More  []float64 // other errors
}

// A Symbol is a symbol of a text: how often it comes, and its mean cost in bits.
type Symbol struct {
	Name  string  // visible
	Times int     // how often it comes
	Bits  float64 // its mean cost
}

// Best returns the rival with the least error.
func (s *Standing) Best() Method {
	return slices.MinFunc(s.Rivals, func(a, b Method) int { return cmp.Compare(a.Error, b.Error) })
}

// Forecasts returns the standing of a network that forecasts: by its error one step ahead or by the mean error of its
// free runs, whichever decides. If both do or neither does, free chooses the free runs.
func Forecasts(c *series.Comparison, free bool) *Standing {
	where := ""
	switch one, running := c.Winners(); {
	case one == 0 && running != 0:
		free, where = true, "in free runs"
	case one != 0 && running == 0:
		free, where = false, "one step ahead"
	}
	method := func(s series.Score) Method {
		mean, deviation, least, largest := s.Spread()
		m := Method{s.Method + s.Detail, s.Error(), []float64{s.Error(), mean, deviation, least, largest}}
		if free {
			m.Error = mean
		}
		return m
	}
	var says strings.Builder
	c.Answer(&says)
	s := &Standing{
		Of: "root mean square error one step ahead", Network: method(c.LSTM), Wins: c.Winner(), Where: where, Says: strings.Join(strings.Fields(says.String()), " "),
		Head: []string{"one step ahead", "free runs: mean", "± standard deviation", "least", "largest"},
	}
	if free {
		s.Of = fmt.Sprintf("root mean square error, mean of %d free runs", len(c.LSTM.Free))
	}
	if c.Unit != "" {
		s.Of += ", " + c.Unit
	}
	for _, simpler := range c.Simpler {
		s.Rivals = append(s.Rivals, method(simpler))
	}
	return s
}
